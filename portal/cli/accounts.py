"""`flask accounts`: organisations, their officials' accounts and roles, from the first one on."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Generator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from portal.clock import now
from portal.domain.accounts import FoundOrganisation, Level, OpenAccount
from portal.domain.actors import OF_PEOPLE, Actor, Role
from portal.domain.errors import Refusal
from portal.models.base import db
from portal.queries import accounts as known
from portal.services import accounts

BAD_INPUT = 2
ROLES = [role.value for role in OF_PEOPLE if role != Role.MERCHANT]

group = AppGroup("accounts", help="Organisations, their officials' accounts and roles.")
acting = click.option("--by", required=True, help="Login of the administrator who acts.")


@group.command("found-organisation")
@click.option("--code", required=True, help="Short name for commands, such as gurye.")
@click.option("--name", required=True, help="As in letters.")
@click.option("--level", required=True, type=click.Choice([level.value for level in Level]))
@click.option("--region", "region_code", default="", help="Its code of 2 or 5 digits; a ministry may leave it out.")
@click.option("--head-title", required=True, help="Who signs its letters, such as 구례군수.")
@click.option("--contact-unit", required=True, help="The unit that answers for its letters.")
@click.option("--contact-phone", required=True)
@click.option("--contact-email", required=True)
@click.option("--address", required=True)
def found_organisation(level: str, **entered: str) -> None:
    """Found a ministry, city or county. Its first account is an administrator's: flask accounts open."""
    with _change():
        organisation = accounts.found_organisation(db.session(), FoundOrganisation(level=Level(level), **entered))
    click.echo(f"{organisation.code}: {organisation.name} founded")


@group.command("open")
@click.option("--login", required=True, help="An e-mail address.")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", required=True, multiple=True, type=click.Choice(ROLES), help="May be repeated.")
@click.option("--organisation", required=True, help="Code of the organisation.")
@click.option("--title", default="", help="The official's title, such as 주무관.")
@click.option("--platform", default="", help="Code of the platform whose person it is; the role is platform then.")
@click.option("--same-person-as", default="", help="Login of another account of this person, whose roles count too.")
@click.option("--generate", is_flag=True, help="Make the password and print it once, instead of asking for it.")
@click.option("--by", default=None, help="Login of the administrator; left out only for an organisation without one.")
def open_account(generate: bool, by: str | None, roles: tuple[str, ...], **entered: str) -> None:
    """Open an account of an official, or of a platform's person."""
    with _change():
        actor = _actor(by) if by else None
        password = secrets.token_urlsafe(15) if generate else _asked()
        command = OpenAccount(**entered, roles=tuple(map(Role, roles)), password=password)
        user = accounts.open_official(db.session(), command, by=actor, at=now())
    click.echo(f"{user.login}: account opened ({', '.join(roles)})")
    if generate:
        click.echo(f"password: {password}")


@group.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@acting
def grant(login: str, role: str, by: str) -> None:
    """Give an account a role."""
    with _change():
        accounts.grant(db.session(), login, Role(role), by=_actor(by), at=now())
    click.echo(f"{login}: {role} granted")


@group.command()
@click.argument("login")
@click.argument("role", type=click.Choice(ROLES))
@acting
def revoke(login: str, role: str, by: str) -> None:
    """Take a role away."""
    with _change():
        accounts.revoke(db.session(), login, Role(role), by=_actor(by), at=now())
    click.echo(f"{login}: {role} revoked")


@group.command()
@click.argument("login")
@acting
def close(login: str, by: str) -> None:
    """Close an account: signed out everywhere, without roles."""
    with _change():
        accounts.close(db.session(), login, by=_actor(by), at=now())
    click.echo(f"{login}: account closed")


@group.command("list")
@click.option("--organisation", "code", default=None, help="Of this organisation alone.")
def list_accounts(code: str | None) -> None:
    """Print the officials' accounts with their roles."""
    with _change():
        chosen = known.organisation(db.session(), code).id if code else None
        for user in known.officials(db.session(), chosen):
            roles = ", ".join(sorted(known.actor_of(user).roles)) if user.active else "closed"
            where = user.organisation.code if user.organisation else ""
            whose = user.platform or user.title
            click.echo(f"{where:12} {user.login:32} {user.person.name} {whose} ({roles})")


def _actor(login: str) -> Actor:
    return known.actor(db.session(), login)


def _asked() -> str:
    return click.prompt("password", hide_input=True, confirmation_prompt=True)


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
        sys.exit(BAD_INPUT)
    db.session.commit()
