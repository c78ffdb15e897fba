"""`flask assess`: recomputing claims from files, to simulate terms before publishing them or to audit what was paid."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.domain.errors import Refusal
from portal.services import simulations

BAD_INPUT = 2

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
        outcomes = simulations.assess_files(
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
    for reason, count in outcomes.items():
        click.echo(f"{reason}: {count}", err=True)
