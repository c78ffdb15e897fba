"""`flask assess`: recomputing claims from files, to simulate terms before publishing them or to audit what was paid."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.clock import now
from portal.domain.errors import Refusal
from portal.models.base import db
from portal.queries import accounts
from portal.services import claims, file_assessments

BAD_INPUT, MACHINE_FAILED = 2, 1

group = AppGroup("assess", help="Assess settlement lines by programmes' terms.")

_path = click.Path(path_type=Path)


@group.command("files")
@click.option("--terms", type=_path, multiple=True, required=True, help="Terms of a programme (TOML).")
@click.option("--links", type=_path, required=True, help="Which store is whose, from when to when.")
@click.option("--enrolments", type=_path, required=True, help="Which merchant takes part in which programme.")
@click.option("--lines", multiple=True, required=True, help="Settlement lines: CSV or Parquet, a file, glob or folder.")
@click.option("--claims-out", type=_path, required=True, help="Where to write the claims (CSV).")
@click.option("--lines-out", type=_path, help="Where to write the decision on every line and item (Parquet).")
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--memory", help="Such as 2GB; what does not fit is spilled beside the claims.")
@click.option("--threads", type=click.IntRange(min=1))
def files(
    terms: tuple[Path, ...],
    links: Path,
    enrolments: Path,
    lines: tuple[str, ...],
    claims_out: Path,
    lines_out: Path | None,
    engine: str,
    memory: str | None,
    threads: int | None,
) -> None:
    """Assess files and write claims. Needs no database. Exit 2 with a list of problems, and no output, on bad input."""
    try:
        outcomes = file_assessments.assess_files(
            terms,
            lines=lines,
            links=links,
            enrolments=enrolments,
            claims_out=claims_out,
            lines_out=lines_out,
            engine=engine,
            memory=memory,
            threads=threads,
        )
    except Refusal as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{refused.code}: nothing was written", err=True)
        sys.exit(BAD_INPUT)
    except OSError as failed:
        click.echo(f"{failed}: nothing was written", err=True)
        sys.exit(MACHINE_FAILED)
    for reason, count in outcomes.items():
        click.echo(f"{reason}: {count}", err=True)


@group.command("month")
@click.option("--programme", "code", required=True, help="The programme's code.")
@click.option("--period", required=True, help="The month, YYYY-MM.")
@click.option("--by", "login", required=True, help="The login of the official who draws up.")
def month(code: str, period: str, login: str) -> None:
    """Draw up the claims of a month from everything delivered so far. Exits 2, with nothing changed, on a refusal."""
    stores, lines = current_app.extensions["ieum_stores"], current_app.extensions["ieum_lines"]
    try:
        by = accounts.actor(db.session(), login)
        done = claims.draw_up(db.session(), stores, lines, code, period, by=by, at=now())
        db.session.commit()
    except Refusal as refused:
        db.session.rollback()
        click.echo(f"{refused.code}: {refused}: nothing was changed", err=True)
        sys.exit(BAD_INPUT)
    click.echo(f"drawn up: {done.drawn_up}\nunchanged: {done.unchanged}\nsuperseded: {done.superseded}")
    click.echo(f"limited by grant: {done.limited_by_grant}\nrecoverable: {len(done.recoverable)}")
    for (recoverable_month, merchant_id), won in sorted(done.recoverable.items()):
        click.echo(f"  {recoverable_month} merchant {merchant_id}: {won} won")
