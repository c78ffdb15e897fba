"""`flask plan`: loading a plan's file as a named manager."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.clock import now
from portal.domain.errors import Refusal
from portal.models.base import db
from portal.queries import accounts
from portal.services import plans

BAD_INPUT = 2

group = AppGroup("plan", help="Plans of fields, tasks and sub-projects.")


@group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", "login", required=True, help="Login of the manager who loads it.")
def load(file: Path, login: str) -> None:
    """Take in a plan's TOML as its next version; a file that is in force already changes nothing.

    Exit 2 with a list of problems, and no change, on bad input.
    """
    try:
        by = accounts.actor(db.session(), login)
        loaded = plans.load(db.session(), file.read_text(encoding="utf-8-sig"), by=by, at=now(), file=file.name)
    except (Refusal, UnicodeDecodeError) as refused:
        db.session.rollback()
        problems = refused.problems if isinstance(refused, Refusal) else ()
        said = [str(problem) for problem in problems] or [str(refused)]
        click.echo("\n".join(said), err=True)
        sys.exit(BAD_INPUT)
    db.session.commit()
    version = loaded.version
    done = "loaded" if loaded.new else "unchanged"
    click.echo(f"{version.plan.code}: version {version.number} {done}")
