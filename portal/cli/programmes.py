"""`flask programmes`: proposing and publishing versions from files, as two named managers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from portal.clock import now
from portal.domain.errors import Refusal
from portal.models.base import db
from portal.queries import accounts
from portal.services import programmes

BAD_INPUT = 2

group = AppGroup("programmes", help="Versions of programmes.")


@group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", "login", required=True, help="Login of the manager who proposes.")
def propose(file: Path, login: str) -> None:
    """Take in a programme's TOML as its next version. Exit 2 with a list of problems, and no change, on bad input."""
    try:
        by = accounts.actor(db.session(), login)
        version = programmes.propose(
            db.session(), file.read_text(encoding="utf-8-sig"), file=file.name, by=by, at=now()
        )
    except (Refusal, UnicodeDecodeError) as refused:
        _stop(refused)
    db.session.commit()
    click.echo(f"{version.programme.code}: version {version.number} proposed, id {version.id}")


@group.command()
@click.argument("version_id", type=int)
@click.option("--by", "login", required=True, help="Login of another manager than the one who proposed.")
def publish(version_id: int, login: str) -> None:
    """Put a proposed version in force."""
    try:
        by = accounts.actor(db.session(), login)
        version = programmes.publish(db.session(), version_id, by=by, at=now())
    except Refusal as refused:
        _stop(refused)
    db.session.commit()
    click.echo(f"{version.programme.code}: version {version.number} published")


def _stop(refused: Exception) -> NoReturn:
    db.session.rollback()
    if isinstance(refused, Refusal):
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{refused.code}: {refused}" if not refused.problems else refused.code, err=True)
    else:
        click.echo("the file is not UTF-8 text", err=True)
    sys.exit(BAD_INPUT)
