"""Makes what tests start from: small functions that call the services people use. Nothing here builds a whole world."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import ROOT
from portal.domain.accounts import Level, SignUp
from portal.domain.actors import Actor, Role
from portal.models.accounts import Organisation, Person, User
from portal.models.applications import Application
from portal.models.programmes import Programme
from portal.queries import accounts as account_queries
from portal.queries import programmes as programme_queries
from portal.services import accounts, declarations, programmes

AT = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)  # Monday 10:00 in Korea, inside the call of the Gurye programme
PASSWORD = "a-password-for-tests"
GURYE = (ROOT / "portal/data/programmes/gurye-2020-o2o.toml").read_text(encoding="utf-8")

_numbers = itertools.count(1)


def make_organisation(
    session: Session,
    code: str = "gurye",
    *,
    name: str = "구례군(데모)",
    level: Level = Level.COUNTY,
    region_code: str = "12730",
) -> Organisation:
    """The organisation of this code: made once, then the same."""
    found = session.scalar(select(Organisation).where(Organisation.code == code))
    if found is None:
        found = Organisation(
            code=code,
            name=name,
            head_title="구례군수(데모)",
            level=level,
            region_code=region_code,
            contact_unit="경제활력과",
            contact_phone="061-000-0000",
            contact_email="demo@example.kr",
            address="전남광주통합특별시 구례군 구례읍",
        )
        session.add(found)
        session.flush()
    return found


def make_official(
    session: Session,
    *roles: Role,
    organisation: Organisation | None = None,
    person: Person | None = None,
    name: str = "공무원",
    login: str | None = None,
    declares: bool = True,
    at: datetime = AT,
) -> User:
    """An official with these roles, of Gurye unless told otherwise; a new person unless given.

    Whoever has a platform's role is a person of 배달의민족. Reviewers and approvers have declared to have no interest
    in the cases there are, unless told otherwise.
    """
    user = accounts.open_account(
        session,
        login=login or f"official{next(_numbers)}@example.kr",
        name=name,
        password=PASSWORD,
        roles=roles,
        organisation=organisation or make_organisation(session),
        title="주무관",
        platform="baemin" if Role.PLATFORM in roles else "",
        person=person,
        at=at,
    )
    if declares and {Role.REVIEWER, Role.APPROVER} & set(roles):
        ids = session.scalars(
            select(Application.id)
            .join(Programme, Programme.id == Application.programme_id)
            .where(Programme.organisation_id == user.organisation_id, Application.submitted_at.is_not(None))
        )
        declarations.declare_none(session, list(ids), by=actor(user), at=at)
    return user


def make_platform_person(
    session: Session,
    platform: str = "baemin",
    *,
    organisation: Organisation | None = None,
    name: str = "정산원",
    at: datetime = AT,
) -> User:
    """A person who delivers a platform's data to an organisation, Gurye's unless told otherwise."""
    return accounts.open_account(
        session,
        login=f"clerk{next(_numbers)}@example.kr",
        name=name,
        password=PASSWORD,
        roles=[Role.PLATFORM],
        organisation=organisation or make_organisation(session),
        platform=platform,
        at=at,
    )


def make_merchant_user(
    session: Session, *, name: str = "소상공인", login: str | None = None, at: datetime = AT
) -> User:
    """A merchant who has signed up."""
    command = SignUp(login=login or f"merchant{next(_numbers)}@example.kr", name=name, password=PASSWORD)
    return accounts.sign_up(session, command, at=at)


def actor(user: User) -> Actor:
    """The person as services receive them (`by`)."""
    return account_queries.actor_of(user)


def make_programme(
    session: Session, *, organisation: Organisation | None = None, text: str | None = None, at: datetime = AT
) -> programme_queries.Published:
    """A programme in force (Gurye's unless `text` is given), proposed by one manager and published by another."""
    drafter = make_official(session, Role.MANAGER, organisation=organisation, name="기안자", at=at)
    publisher = make_official(session, Role.MANAGER, organisation=organisation, name="공고자", at=at)
    version = programmes.propose(session, text or GURYE, by=actor(drafter), at=at)
    return programme_queries.read(programmes.publish(session, version.id, by=actor(publisher), at=at))
