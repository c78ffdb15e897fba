"""Runs migrations inside the application, on either database."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Column
from sqlalchemy.sql.type_api import TypeEngine


def _compare_type(
    _context: Any, _inspected: Column[Any], _metadata: Column[Any], found: TypeEngine[Any], wanted: TypeEngine[Any]
) -> bool | None:
    # STRICT tables of SQLite know INTEGER, TEXT and BLOB; compare what the model's type becomes there.
    dialect = _context.dialect
    if dialect.name != "sqlite":
        return None
    return wanted.dialect_impl(dialect).compile(dialect=dialect) != found.compile(dialect=dialect)


def run() -> None:
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            **(current_app.extensions["migrate"].configure_args | {"compare_type": _compare_type}),
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
