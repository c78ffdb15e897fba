"""`flask setup`: what `make run` needs before it serves, in one process."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_migrate import upgrade

from portal.cli import demo


@click.command("setup")
@with_appcontext
@click.pass_context
def group(context: click.Context) -> None:
    """Bring the database up to date, fill an empty one with the demo county, print its accounts."""
    upgrade()
    context.invoke(demo.load, if_empty=True, shops=300)
    context.invoke(demo.accounts)
