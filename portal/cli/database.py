"""`flask database`: what the database's administrator does for the portal."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from portal.models.base import db
from portal.services.database_roles import make, statements

BAD_INPUT = 2
group = AppGroup("database", help="The database's own roles.")


@group.command("roles")
@click.option("--role", default="ieum_app", show_default=True, help="The role that the portal connects as.")
@click.option("--apply", is_flag=True, help="Run the statements as the owner, instead of printing them.")
def roles(role: str, apply: bool) -> None:
    """Print the SQL by which the portal's role can add to the ledger and the audit trail, and not change them."""
    if db.engine.dialect.name != "postgresql":
        click.echo("SQLite has no roles: whoever can write its file can do everything", err=True)
        sys.exit(BAD_INPUT)
    try:
        made = statements(role, db.metadata.tables)
    except ValueError as refused:
        click.echo(str(refused), err=True)
        sys.exit(BAD_INPUT)
    if apply:
        done = make(db.session(), role, db.metadata.tables)
        db.session.commit()
        click.echo(f"{role}: {done} statements done")
        return
    for statement in made:
        click.echo(f"{statement};")
