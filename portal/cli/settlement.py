"""`flask settlement deliver`: settlement data taken in from a file, as an official does it with the page."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from forms.uploads import safe_name
from portal.clock import now
from portal.domain.errors import Refusal
from portal.domain.settlements import DeliverSettlement
from portal.models.base import db
from portal.queries import accounts
from portal.services import settlements

REFUSED = 2

group = AppGroup("settlement", help="Settlement data of partner platforms.")


@group.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--platform", required=True, help="The platform's code, such as baemin.")
@click.option("--period", required=True, help="The month of the orders, YYYY-MM.")
@click.option("--by", "login", required=True, help="The login of the official who delivers.")
def deliver(file: Path, platform: str, period: str, login: str) -> None:
    """Take in FILE (CSV) of one platform and month. Exits 2, with nothing stored, when the file is refused."""
    stores, lines = current_app.extensions["ieum_stores"], current_app.extensions["ieum_lines"]
    try:
        with file.open("rb") as stream:
            command = DeliverSettlement(platform, period, safe_name(file.name), stream)
            by = accounts.actor(db.session(), login)
            delivered = settlements.deliver(db.session(), stores, lines, command, by=by, at=now())
            db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        for problem in refusal.problems:
            click.echo(str(problem), err=True)
        click.echo(f"{refusal.code}: {'' if refusal.problems else f'{refusal}: '}nothing was stored", err=True)
        sys.exit(REFUSED)
    found = delivered.delivery
    click.echo(f"delivery: {found.id}{' (these bytes were delivered before)' if delivered.again else ''}")
    click.echo(f"rows: {found.received_rows}\naccepted: {found.accepted}\nrefused: {found.refused}")
    for code, number in found.outcome["problems_by_code"].items():
        click.echo(f"  {code}: {number}")
