"""Runs migrations inside the application, on either database."""

from __future__ import annotations

from alembic import context
from flask import current_app

from migrations.comparison import compare_type


def run() -> None:
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            **(current_app.extensions["migrate"].configure_args | {"compare_type": compare_type}),
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
