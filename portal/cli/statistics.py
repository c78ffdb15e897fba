"""`flask statistics`: a programme's statistics as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.statistics import TotalsDiffer
from portal.models.base import db
from portal.queries import statistics as statistics_queries
from portal.services import statistics
from reports import open_data

DIFFERS, BAD_INPUT = 1, 2

group = AppGroup("statistics", help="Statistics of a programme.")


@group.command()
@click.option("--programme", "code", required=True, help="The programme's code.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the files.")
def export(code: str, out: Path) -> None:
    """Write the report (PDF), the workbook (XLSX) and open data (CSV, UTF-8 and CP949).

    Exit 1, and nothing written, where they do not add up to the ledger; exit 2 where there is no such programme.
    """
    try:
        found = statistics.compile(db.session(), statistics_queries.programme(db.session(), code), at=now())
    except TotalsDiffer as differs:
        click.echo("\n".join(map(str, differs.problems)), err=True)
        sys.exit(DIFFERS)
    except NotFound as unknown:
        click.echo(str(unknown), err=True)
        sys.exit(BAD_INPUT)
    files = [statistics.file(found, kind, demo=current_app.config["SETTINGS"].demo) for kind in statistics.KINDS]
    out.mkdir(parents=True, exist_ok=True)
    for content, name, _media_type in files:
        (out / name).write_bytes(content)
        click.echo(out / name)
    for cell in open_data.replaced(found):
        click.echo(f"CP949: row {cell.row}, {cell.column}: {cell.text} -> {cell.written}", err=True)
