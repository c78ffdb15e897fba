"""Both databases are what the design asks for: migrations equal models, tables strict, history unchangeable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Column, Connection, Engine, MetaData, Text, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from migrations.comparison import compare_type
from portal.config import ROOT
from portal.domain.actors import Role
from portal.models.base import Base, db
from tests.databases import Database
from tests.factories import make_official, make_programme

APPEND_ONLY = ("audit_event", "ledger_entry", "posting")


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as made:
        yield made


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": compare_type})
    return compare_metadata(context, metadata)


def test_the_migrations_make_the_tables_of_the_models(connection: Connection) -> None:
    assert differences(connection, Base.metadata) == []


def test_a_column_no_migration_makes_is_noticed(connection: Connection) -> None:
    metadata = MetaData()
    for table in Base.metadata.sorted_tables:
        table.to_metadata(metadata)
    metadata.tables["person"].append_column(Column("shoe_size", Text))
    assert [change[0] for change in differences(connection, metadata)] == ["add_column"]  # ty: ignore


def test_a_column_of_another_type_is_noticed(connection: Connection) -> None:
    metadata = MetaData()
    for table in Base.metadata.sorted_tables:
        table.to_metadata(metadata)
    metadata.tables["budget_line"].c.total.type = Text()
    assert differences(connection, metadata) != []


def test_the_checks_of_the_models_are_in_the_database(database: Database, connection: Connection) -> None:
    """Autogenerate does not compare CHECKs. SQLite keeps their text as written, PostgreSQL only its own wording."""
    found, preparer = inspect(connection), connection.dialect.identifier_preparer
    for table in Base.metadata.sorted_tables:
        checks = [c for c in table.constraints if isinstance(c, CheckConstraint)]
        wanted = {str(preparer.format_constraint(c)): str(c.sqltext) for c in checks}
        there = {str(c["name"]): c["sqltext"] for c in found.get_check_constraints(table.name)}
        assert sorted(wanted) == sorted(there)
        if database.kind == "sqlite":
            assert {name: in_order(text) for name, text in wanted.items()} == {
                name: in_order(text) for name, text in there.items()
            }


def in_order(condition: str) -> str:
    """The condition with its lists of words sorted: the order in which migrations added them says nothing."""
    return re.sub(r"\bIN \(([^()]*)\)", lambda found: f"IN ({', '.join(sorted(found[1].split(', ')))})", condition)


def test_migrations_form_one_line_in_the_order_of_their_numbers() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    names = [revision.revision for revision in script.walk_revisions()][::-1]
    assert names == sorted(names)
    assert len(script.get_heads()) == 1
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", name) for name in names)


def test_every_table_is_strict_on_sqlite(database: Database, connection: Connection) -> None:
    if database.kind == "sqlite":
        loose = text("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict")
        assert set(connection.scalars(loose)) <= {"alembic_version", "sqlite_schema", "sqlite_sequence"}
        with pytest.raises(IntegrityError):
            connection.execute(text("INSERT INTO heartbeat (id, at) VALUES ('one', 'now')"))
    else:
        with pytest.raises(DBAPIError):
            connection.execute(text("INSERT INTO heartbeat (id, at) VALUES ('one', 'now')"))


def test_no_column_holds_a_floating_number(connection: Connection) -> None:
    found = inspect(connection)
    kinds = {
        f"{table}.{column['name']}": str(column["type"])
        for table in found.get_table_names()
        for column in found.get_columns(table)
    }
    assert {name for name, kind in kinds.items() if re.search("REAL|FLOA|DOUB|NUMERIC|DECIMAL", kind)} == set()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_history_refuses_to_be_changed(session: Session, table: str, verb: str) -> None:
    make_programme(session)
    session.commit()
    with pytest.raises((IntegrityError, DBAPIError), match="append-only"):
        session.execute(text(verb.format(table)))


def test_history_refuses_to_be_emptied(database: Database, session: Session) -> None:
    if database.kind == "postgresql":
        for table in APPEND_ONLY:
            with pytest.raises(DBAPIError, match="append-only"):
                session.execute(text(f"TRUNCATE {table} CASCADE"))
            session.rollback()


def test_other_rows_may_be_changed(session: Session) -> None:
    make_official(session, Role.REVIEWER)
    assert session.execute(text("UPDATE person SET name = 'x'")).rowcount == 1  # ty: ignore


def test_a_budget_line_cannot_be_overspent_even_by_hand(session: Session) -> None:
    make_programme(session)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE budget_line SET used = total + 1"))


def test_foreign_keys_are_enforced(session: Session) -> None:
    with pytest.raises(IntegrityError):
        session.execute(
            text(
                "INSERT INTO role_grant (user_id, role, granted_at)"
                " VALUES (4711, 'payer', '2026-06-15T01:00:00.000000Z')"
            )
        )


def test_the_connection_is_durable_and_patient(database: Database, app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        ask: Callable[[str], object] = lambda name: connection.exec_driver_sql(name).scalar()  # noqa: E731
        if database.kind == "sqlite":
            assert ask("PRAGMA journal_mode") == "wal"
            assert ask("PRAGMA synchronous") == 2  # FULL: NORMAL loses acknowledged commits at a power cut
            assert ask("PRAGMA foreign_keys") == 1
            assert ask("PRAGMA busy_timeout") == 20_000
        else:
            assert ask("SHOW synchronous_commit") == "on"
            assert ask("SHOW statement_timeout") == "1min"
            assert ask("SHOW lock_timeout") == "15s"


def test_writers_queue_up_front(database: Database, make_sessions: Callable[[], Session]) -> None:
    """On SQLite a transaction takes its turn at BEGIN, so that a later write cannot find the file taken."""
    if database.kind == "sqlite":
        first, second = make_sessions(), make_sessions()
        first.execute(text("SELECT 1"))
        second.connection(execution_options={"sqlite_begin": "DEFERRED"})
        second.connection().exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError, match="locked"):
            second.execute(text("UPDATE person SET name = name"))
