"""`flask demo`: a county in full life to look at, and the accounts to look at it with."""

from __future__ import annotations

import json

import click
from flask import current_app
from flask.cli import AppGroup

from portal.clock import now
from portal.config import Settings
from portal.demo import market, ministry, national, people, plans, story
from portal.models.base import db
from portal.queries import accounts as accounts_known
from portal.services import passwords
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under

group = AppGroup("demo", help="The demo county.")


@group.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data already.")
@click.option("--shops", default=300, show_default=True, help="How many merchants.")
def load(if_empty: bool, shops: int) -> None:
    """Fill an empty database with the demo county: six months of a programme, made by the portal's own services."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.demo:
        raise click.ClickException("the demo is not loaded into production")
    if not accounts_known.nobody_yet(db.session()):
        if if_empty:
            return
        raise click.ClickException("there is data already; the demo fills an empty database only")
    passwords.configure("test")  # three hundred invented accounts need no expensive hash
    shift = story.clock_shift(now() - settings.clock_shift)
    story.Story(
        session=db.session(),
        stores=stores_under(settings.store),
        lines=LineStore(settings.store),
        say=lambda text: click.echo(f"  {text}", err=True),
        size=shops,
    ).load()
    ministry.Ministry(db.session(), stores_under(settings.store)).tell()
    market.Market(db.session(), stores_under(settings.store), LineStore(settings.store)).tell()
    national.National(db.session(), stores_under(settings.store), LineStore(settings.store)).tell()
    db.session.commit()
    clock = settings.instance / "demo-clock.json"
    clock.write_text(json.dumps({"shift_seconds": int(shift.total_seconds())}), encoding="utf-8")


@group.command()
def accounts() -> None:
    """Print the demo accounts."""
    click.echo(f"비밀번호는 모두 {people.PASSWORD}")
    for login, note in people.MERCHANTS:
        click.echo(f"  {login:32} {note}")
    click.echo(f"  {ministry.MERCHANTS[0]:32} 플랫폼의 서비스를 고른 가게 (받았는지 확인할 차례)")
    for login, note in (*market.MERCHANTS, *national.MERCHANTS):
        click.echo(f"  {login:32} {note}")
    for official in (*people.OFFICIALS, *plans.OFFICIALS, *ministry.OFFICIALS, *national.OFFICIALS):
        click.echo(f"  {official.login:32} {official.name} {official.title} ({', '.join(official.roles)})")
