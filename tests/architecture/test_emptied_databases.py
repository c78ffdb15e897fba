"""A test finds nothing in its database that an earlier one left there: neither rows nor numbers nor tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from portal.models.base import Base
from tests import databases
from tests.factories import make_programme

LEFT = (
    "CREATE TABLE mine (id integer) STRICT",
    "DROP TRIGGER posting_no_update",
    "ALTER TABLE person DROP COLUMN name",
)
LEFT_ON_POSTGRESQL = (
    "CREATE TABLE mine (id integer)",
    "CREATE TABLE huey_task (id integer)",
    "DROP TRIGGER posting_append_only ON posting",
    "ALTER TABLE posting DISABLE TRIGGER USER",
    "ALTER TABLE person DROP COLUMN name",
    "GRANT SELECT ON person TO public",
)
Anew = Callable[[], Engine]


@pytest.fixture
def anew(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Anew]:
    """The database that every test of a worker gets, at a name of its own."""
    name, made = databases.fresh_name(), []

    def copied() -> Engine:
        sqlite = request.param == "sqlite"
        url = databases.copy_sqlite(tmp_path / "ieum.sqlite") if sqlite else databases.copy_postgresql(name)
        made.append(create_engine(url))
        return made[-1]

    yield copied
    for engine in made:
        engine.dispose()
    if request.param == "postgresql":
        databases.drop_postgresql(name)


def rows(engine: Engine) -> dict[str, int]:
    """How many there are in tables that are not empty."""
    with engine.connect() as connection:
        counted = {
            table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in Base.metadata.tables
        }
    return {table: number for table, number in counted.items() if number}


def schema(engine: Engine, kind: str) -> list[tuple[object, ...]]:
    """Everything that tests may have changed of tables, as the database itself tells it."""
    asked = (
        ["SELECT type, name, sql FROM sqlite_schema ORDER BY name"]
        if kind == "sqlite"
        else [
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal"
            " ORDER BY 1, 2",
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " ORDER BY 1, 2",
        ]
    )
    with engine.connect() as connection:
        return [tuple(row) for question in asked for row in connection.execute(text(question))]


@pytest.mark.parametrize("anew", databases.KINDS, indirect=True)
def test_rows_of_an_earlier_test_are_gone_and_numbers_begin_anew(anew: Anew) -> None:
    numbers = []
    for _ in range(2):
        engine = anew()
        assert rows(engine) == {}
        with Session(engine) as session:
            numbers.append(make_programme(session).programme.id)
            session.commit()
        assert {"programme", "person", "audit_event"} <= rows(engine).keys()
    assert numbers == [1, 1]


@pytest.mark.parametrize("anew", databases.KINDS, indirect=True)
def test_who_left_a_transaction_open_holds_nobody_up(anew: Anew) -> None:
    session = Session(anew())
    make_programme(session)
    session.flush()
    assert rows(anew()) == {}
    session.invalidate()


@pytest.mark.parametrize(
    ("anew", "left"),
    [("sqlite", left) for left in LEFT] + [("postgresql", left) for left in LEFT_ON_POSTGRESQL],
    indirect=["anew"],
)
def test_tables_of_an_earlier_test_are_as_they_were(anew: Anew, left: str) -> None:
    engine = anew()
    kind = engine.dialect.name
    before = schema(engine, kind)
    with engine.begin() as connection:
        connection.execute(text(left))
    assert schema(engine, kind) != before
    assert schema(anew(), kind) == before
