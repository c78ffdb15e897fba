"""Takes the unique key of a table away, for the control that must then fail; only on an empty table."""

from __future__ import annotations

import re

from sqlalchemy import create_engine, text


def drop_unique(url: str, table: str) -> None:
    """Every UNIQUE constraint of the table. AssertionError when there was none."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            statements = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for name in _named(connection, table)]
        else:
            statements = _made_anew(connection, table)
        connection.rollback()
        assert statements, f"{table} has no unique key"
        if engine.dialect.name == "sqlite":
            connection.connection.execute("PRAGMA foreign_keys=OFF")
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
    engine.dispose()


def _named(connection, table: str) -> list[str]:
    asked = "SELECT conname FROM pg_constraint WHERE conrelid = CAST(:table AS regclass) AND contype = 'u'"
    return list(connection.scalars(text(asked), {"table": table}))


def _made_anew(connection, table: str) -> list[str]:
    """SQLite cannot drop a constraint: the empty table is made again without it, with its indexes and triggers."""
    rows = connection.execute(
        text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
    ).all()
    made = next(sql for kind, sql in rows if kind == "table")
    bare = re.sub(r",\s*(CONSTRAINT \w+ )?UNIQUE \([^)]*\)", "", made)
    assert bare != made, made
    return [f"DROP TABLE {table}", bare, *(sql for kind, sql in rows if kind != "table")]
