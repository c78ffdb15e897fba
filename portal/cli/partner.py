"""`flask partner`: API clients of partner platforms, as the administrator opens and ends them with the page."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from portal.clock import now, today
from portal.domain.actors import Actor
from portal.domain.api_clients import RegisterClient, Scope
from portal.domain.errors import Refusal
from portal.models.base import db
from portal.queries import accounts, api_clients
from portal.services import api_clients as services
from portal.services import practice, webhooks

REFUSED = 2

group = AppGroup("partner", help="API clients of partner platforms.")
acting = click.option("--by", "login", required=True, help="Login of the administrator who acts.")


@group.command()
@click.option("--platform", required=True, help="The platform's code, such as baemin.")
@click.option("--name", required=True, help="Tells several clients of a platform apart.")
@click.option("--scope", "scopes", multiple=True, type=click.Choice([s.value for s in Scope]), help="All if left out.")
@click.option("--expires-on", type=click.DateTime(["%Y-%m-%d"]), help="The last day; in a year if left out.")
@click.option("--sandbox", is_flag=True, help="For practice: it reads and writes practice data only.")
@click.option("--signed", is_flag=True, help="Its requests must carry a signature.")
@acting
def register(
    platform: str,
    name: str,
    scopes: tuple[str, ...],
    expires_on: datetime | None,
    sandbox: bool,
    signed: bool,
    login: str,
) -> None:
    """Open a client and print its secret, once."""
    last = expires_on.date() if expires_on else today() + timedelta(days=365)
    command = RegisterClient(platform, name, frozenset(map(Scope, scopes or Scope)), last, sandbox, signed)
    with _change():
        issued = services.register(db.session(), command, by=_actor(login), at=now())
    _print(issued)
    click.echo(f"signing_key: {issued.signing_key}")


@group.command()
@click.argument("client_id", type=int)
@acting
def rotate(client_id: int, login: str) -> None:
    """Make a new secret and print it, once; the old ones end in a week."""
    with _change():
        issued = services.rotate(db.session(), client_id, by=_actor(login), at=now())
    _print(issued)


@group.command()
@click.argument("client_id", type=int)
@acting
def revoke(client_id: int, login: str) -> None:
    """End a client, its secrets and its tokens at once."""
    with _change():
        client = services.revoke(db.session(), client_id, by=_actor(login), at=now())
    click.echo(f"{client.public_id}: revoked")


@group.command()
@click.argument("client_id", type=int)
@click.argument("url")
@acting
def webhook(client_id: int, url: str, login: str) -> None:
    """Say where a client is told of new links and refused rows."""
    loopback = current_app.config["SETTINGS"].demo
    with _change():
        made = webhooks.register(db.session(), client_id, url, loopback=loopback, by=_actor(login), at=now())
    click.echo(f"webhook: {made.url}")


@group.command("begin-again")
@acting
def begin_again(login: str) -> None:
    """Give all who practise at the administrator's organisation a fresh sandbox; the old one is seen by nobody."""
    with _change():
        twin = practice.begin_again(db.session(), by=_actor(login), at=now())
    click.echo(f"sandbox: {twin.code}")


@group.command("list")
@acting
def list_clients(login: str) -> None:
    """Print the clients of the administrator's organisation."""
    with _change():
        for client in api_clients.of_organisation(db.session(), _actor(login)):
            state = "revoked" if client.revoked_at else "expired" if client.expires_at <= now() else "live"
            kind = "sandbox" if client.sandbox else "production"
            click.echo(f"{client.id:4} {client.public_id} {client.platform:12} {kind:10} {state:8} {client.name}")


def _actor(login: str) -> Actor:
    return accounts.actor(db.session(), login)


def _print(issued: services.Issued) -> None:
    click.echo(f"id: {issued.client.id}\nclient_id: {issued.client.public_id}\nclient_secret: {issued.secret}")


@contextmanager
def _change() -> Generator[None]:
    """Commits what was done inside; a refusal undoes it, says why and ends the command with exit code 2."""
    try:
        yield
    except Refusal as refusal:
        db.session.rollback()
        for problem in refusal.problems:
            click.echo(str(problem), err=True)
        click.echo(refusal.code if refusal.problems else f"{refusal.code}: {refusal}", err=True)
        sys.exit(REFUSED)
    db.session.commit()
