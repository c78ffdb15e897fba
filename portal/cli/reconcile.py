"""`flask reconcile`: every invariant, one line each; exits 1 when one is broken."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.models.base import begin_for_reading, db, transaction_apart
from portal.services import reconcile


@click.command("reconcile")
@with_appcontext
def group() -> None:
    """Check the invariants of money, records and files."""
    files = reconcile.Files(current_app.extensions["ieum_stores"], current_app.extensions["ieum_lines"])
    begin_for_reading()  # it may take minutes: nobody waits for it
    results = reconcile.check_all(db.session(), files, apart=transaction_apart)
    db.session.rollback()
    for result in results:
        click.echo(f"{'ok    ' if result.holds else 'BROKEN'} {result.code:6} {result.says}")
        for row in result.broken:
            click.echo(f"         {row}")
    if not all(result.holds for result in results):
        raise SystemExit(1)
