"""The portal's role in PostgreSQL adds to the ledger and the audit trail and can do nothing else to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from huey import PostgresHuey
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.jobs import QUEUE_SCHEMA
from portal.domain.ledger import PostingKind
from portal.models.base import Base
from portal.services import ledger
from portal.services.database_roles import make, statements
from portal.services.reconcile import APPEND_ONLY
from tests import databases
from tests.databases import Database
from tests.factories import AT, actor, make_official, make_programme

FORBIDDEN = ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE", "DROP TABLE {0} CASCADE",
             "ALTER TABLE {0} DISABLE TRIGGER USER", "ALTER TABLE {0} DROP COLUMN {1}"]  # fmt: skip
ELSEWHERE = ["DROP TRIGGER posting_append_only ON posting", "DROP TRIGGER posting_year_open ON posting",
             "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
             " $$ BEGIN RETURN NEW; END $$",
             "CREATE TABLE public.mine (id int)", "UPDATE alembic_version SET version_num = 'x'",
             "SET session_replication_role = replica", "CREATE ROLE another"]  # fmt: skip


@pytest.fixture
def owner() -> Iterator[Engine]:
    """A database of its own on PostgreSQL, as its owner."""
    name = databases.fresh_name()
    made = create_engine(databases.copy_postgresql(name))
    yield made
    made.dispose()
    databases.drop_postgresql(name)


@pytest.fixture
def limited(owner: Engine, worker_name: str) -> Iterator[Engine]:
    """The same as the portal's role sees it; the role is made twice, as after a migration."""
    role = f"{worker_name}_app"
    with Session(owner) as session:
        for _again in range(2):
            make(session, role, Base.metadata.tables)
        session.commit()
    made = create_engine(owner.url.set(username=role))
    yield made
    made.dispose()
    with owner.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def refusal(engine: Engine, statement: str) -> str:
    with Session(engine) as session:
        try:
            session.execute(text(statement))
        except ProgrammingError as refused:
            return str(refused.orig)
    return ""


def test_the_portal_works_as_its_role_and_history_is_out_of_its_reach(limited: Engine, owner: Engine) -> None:
    with Session(limited) as session:
        programme = make_programme(session)
        by = actor(make_official(session, Role.APPROVER))
        lines = ledger.lines_by_source(session, programme.programme.id, 2026)
        ledger.post(session, PostingKind.COMMIT, {lines["county"]: 1}, source_key="x", by=by, at=AT)
        session.commit()
    for table in APPEND_ONLY:
        for statement in FORBIDDEN:
            said = refusal(limited, statement.format(table, next(iter(Base.metadata.tables[table].columns)).name))
            assert "permission denied" in said or "must be owner" in said, (table, statement, said)
    for statement in ELSEWHERE:
        said = refusal(limited, statement)
        assert "permission denied" in said or "must be owner" in said, (statement, said)
    with owner.begin() as connection:  # the control: the owner takes the triggers away, and the rights still hold
        connection.execute(text("ALTER TABLE posting DISABLE TRIGGER USER"))
    assert "permission denied" in refusal(limited, "UPDATE posting SET amount = 2")
    with owner.begin() as connection:
        connection.execute(text("UPDATE posting SET amount = 2 WHERE id = (SELECT max(id) FROM posting)"))


def test_the_queue_makes_its_tables_in_a_schema_of_its_own(limited: Engine) -> None:
    dsn = limited.url.render_as_string().replace("+psycopg", "", 1)
    queue = PostgresHuey("ieum", dsn=dsn, options=f"-c search_path={QUEUE_SCHEMA},public", results=False)
    queue.storage.close()
    with limited.connect() as connection:
        found = connection.scalars(text("SELECT schemaname FROM pg_tables WHERE tablename LIKE 'huey%'"))
        assert set(found) == {QUEUE_SCHEMA}


def test_every_table_with_the_trigger_is_in_the_list(owner: Engine) -> None:
    triggers = text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
    with owner.connect() as connection:
        assert sorted(connection.scalars(triggers)) == sorted(APPEND_ONLY)


def test_the_command_prints_what_it_would_do_and_refuses_names_to_be_quoted(app: Flask, database: Database) -> None:
    run = app.test_cli_runner().invoke
    if database.kind == "sqlite":
        assert run(args=["database", "roles"]).exit_code == 2
        return
    printed = run(args=["database", "roles", "--role", "ieum_app"])
    assert (printed.exit_code, "GRANT SELECT, INSERT ON audit_event" in printed.output) == (0, True), printed.output
    assert run(args=["database", "roles", "--role", "a; DROP"]).exit_code == 2


@pytest.mark.parametrize("name", ["", "A", "a-b", 'a"b', "1a", "a" * 64])
def test_a_name_that_would_have_to_be_quoted_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case"):
        statements(name, Base.metadata.tables)
