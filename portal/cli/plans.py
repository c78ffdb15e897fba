"""`flask plan`: loading a plan's file as a named manager."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.clock import now
from portal.domain.errors import NotFound, Refusal
from portal.models.base import db
from portal.queries import accounts
from portal.queries import plans as known
from portal.services import plans

BAD_INPUT = 2

group = AppGroup("plan", help="Plans of fields, tasks and sub-projects.")


@group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", "login", required=True, help="Login of the manager who loads it.")
def load(file: Path, login: str) -> None:
    """Take in a plan's TOML as its next version, which another manager puts in force (`flask plan confirm`).

    A file that is in force or waits already changes nothing. Exit 2
    with a list of problems, and no change, on bad input.
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
    done = "waits for another manager" if loaded.new else "unchanged"
    click.echo(f"{version.plan.code}: version {version.number} {done}")


@group.command()
@click.argument("code")
@click.option("--by", "login", required=True, help="Login of the manager who confirms it: not who loaded it.")
def confirm(code: str, login: str) -> None:
    """Put the version of a plan that waits in force, as a second manager. Exit 2, and no change, where none waits."""
    try:
        by = accounts.actor(db.session(), login)
        waits = [each for each in known.waiting(db.session(), by) if each.version.plan.code == code]
        if not waits:
            raise NotFound(f"plan {code}: no version waits")
        version = plans.confirm(db.session(), waits[0].id, by=by, at=now()).version
    except Refusal as refused:
        db.session.rollback()
        click.echo(str(refused), err=True)
        sys.exit(BAD_INPUT)
    db.session.commit()
    click.echo(f"{version.plan.code}: version {version.number} in force")
