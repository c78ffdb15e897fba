"""Compares the column types a database has with those the models want, on either database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column
from sqlalchemy.sql.type_api import TypeEngine


def compare_type(
    context: Any, _inspected: Column[Any], _metadata: Column[Any], found: TypeEngine[Any], wanted: TypeEngine[Any]
) -> bool | None:
    """True where they differ, None to leave it to Alembic."""
    # STRICT tables of SQLite know INTEGER, TEXT and BLOB; compare what the model's type becomes there.
    dialect = context.dialect
    if dialect.name != "sqlite":
        return None
    return wanted.dialect_impl(dialect).compile(dialect=dialect) != found.compile(dialect=dialect)
