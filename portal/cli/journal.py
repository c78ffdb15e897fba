"""`flask journal`: the budget ledger for an auditor's own accounting program."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from portal.domain.errors import NotFound
from portal.models.base import begin_for_reading, db
from portal.queries import journal as look_up
from reports import journal

BAD_INPUT = 2


@click.command("journal")
@click.option("--format", "kind", type=click.Choice(list(journal.FORMATS)), required=True, help="For which program.")
@click.option("--organisation", required=True, help="The organisation's code.")
@click.option("--year", type=int, required=True, help="The fiscal year of the budget.")
@with_appcontext
def group(kind: str, organisation: str, year: int) -> None:
    """Write the ledger of a fiscal year to standard output, from its first entry to its last.

    Exit 2, and nothing written, where that organisation has no budget of that year.
    """
    begin_for_reading()  # one moment, however long it takes, and nobody waits for it
    try:
        found = look_up.journal(db.session(), organisation, year)
    except NotFound as unknown:
        click.echo(str(unknown), err=True)
        sys.exit(BAD_INPUT)
    for piece in journal.write(found, kind):
        click.echo(piece, nl=False)
