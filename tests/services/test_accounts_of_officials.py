"""An organisation is founded, its first administrator opened by nobody, and everybody else by an administrator."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.accounts import FoundOrganisation, Level, OpenAccount, SignIn
from portal.domain.actors import INCOMPATIBLE, Actor, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, Refusal
from portal.models.accounts import LoginSession, Organisation, RoleGrant, User
from portal.models.audit import AuditEvent
from portal.services import accounts, sessions
from tests.factories import PASSWORD, actor, make_merchant_user, make_official, make_organisation

COUNTY = FoundOrganisation(
    code="haenam",
    name="해남군",
    head_title="해남군수",
    level=Level.COUNTY,
    region_code="12790",
    contact_unit="경제산업과",
    contact_phone="061-530-0000",
    contact_email="o2o@haenam.example",
    address="해남군 해남읍",
)
FIRST = OpenAccount("Admin@haenam.example", "최관리", (Role.ADMINISTRATOR,), "haenam", PASSWORD, "전산팀장")
REVIEWER = replace(FIRST, login="review@haenam.example", name="김검토", roles=(Role.REVIEWER,))


@pytest.fixture
def administrator(session: Session, at: datetime) -> Actor:
    """The first account of a new county."""
    accounts.found_organisation(session, COUNTY)
    return actor(accounts.open_official(session, FIRST, at=at))


def events(session: Session) -> list[tuple[str, str, int]]:
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(row.noun, row.action, row.user_id) for row in rows]


def test_the_first_administrator_is_recorded_as_founder(session: Session, administrator: Actor) -> None:
    me = administrator.user_id
    assert events(session) == [("organisation", "found", me), ("account", "open", me)]
    assert administrator.roles == {Role.ADMINISTRATOR}
    assert session.scalars(select(User.login)).all() == ["admin@haenam.example"]


def test_an_administrator_opens_the_other_accounts(session: Session, administrator: Actor, at: datetime) -> None:
    user = accounts.open_official(session, REVIEWER, by=administrator, at=at)
    assert (actor(user).roles, user.organisation_id) == ({Role.REVIEWER}, administrator.organisation_id)
    assert events(session)[-1] == ("account", "open", administrator.user_id)
    assert sessions.sign_in(session, SignIn(REVIEWER.login, PASSWORD), at=at).token


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"name": " ", "address": ""}, ["name", "address"]),
        ({"region_code": ""}, ["region_code"]),
        ({"region_code": "99999"}, ["region_code"]),
        ({"level": Level.MINISTRY, "region_code": "1"}, ["region_code"]),
    ],
)
def test_an_organisation_with_faults_is_not_founded(session: Session, change: dict, fields: list[str]) -> None:
    with pytest.raises(Incomplete) as refused:
        accounts.found_organisation(session, replace(COUNTY, **change))
    assert [problem.field for problem in refused.value.problems] == fields
    assert session.scalar(select(Organisation)) is None


def test_a_ministry_has_no_region_and_a_code_is_taken_once(session: Session) -> None:
    ministry = replace(COUNTY, code="ministry", level=Level.MINISTRY, region_code="")
    assert accounts.found_organisation(session, ministry).region_code == ""
    with pytest.raises(AlreadyDone):
        accounts.found_organisation(session, ministry)


@pytest.mark.parametrize("command", [REVIEWER, replace(FIRST, login="second@haenam.example")])
def test_nobody_else_is_opened_without_an_administrator(
    session: Session, administrator: Actor, at: datetime, command: OpenAccount
) -> None:
    with pytest.raises(NotPermitted):
        accounts.open_official(session, command, at=at)
    accounts.open_official(session, command, by=administrator, at=at)


def test_an_organisation_that_lost_its_administrator_gets_one_again(
    session: Session, administrator: Actor, at: datetime
) -> None:
    accounts.close(session, FIRST.login, by=administrator, at=at)
    accounts.open_official(session, replace(FIRST, login="next@haenam.example"), at=at)
    assert [action for _noun, action, _by in events(session)].count("found") == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"roles": (Role.MERCHANT,)}, Incomplete),
        ({"roles": ()}, Incomplete),
        ({"password": "123456789"}, Incomplete),
        ({"name": "  "}, Incomplete),
        ({"login": FIRST.login}, AlreadyDone),
        ({"organisation": "gurye"}, NotFound),
        ({"same_person_as": "nobody@haenam.example"}, NotFound),
        ({"roles": (Role.APPROVER,), "same_person_as": FIRST.login}, NotPermitted),
        *(({"roles": tuple(pair)}, NotPermitted) for pair in INCOMPATIBLE if Role.MERCHANT not in pair),
        ({"roles": (Role.PLATFORM,)}, NotPermitted),
        ({"roles": (Role.REVIEWER,), "platform": "barogo"}, NotPermitted),
        ({"roles": (Role.PLATFORM, Role.REVIEWER), "platform": "barogo"}, NotPermitted),
        ({"roles": (Role.PLATFORM,), "platform": "nobody"}, Incomplete),
        ({"roles": (Role.PLATFORM,), "platform": "barogo", "same_person_as": FIRST.login}, NotPermitted),
    ],
)
def test_an_account_against_the_rules_is_not_opened(
    session: Session, administrator: Actor, at: datetime, change: dict, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        accounts.open_official(session, replace(REVIEWER, **change), by=administrator, at=at)


def test_roles_stay_apart_over_all_accounts_of_a_person(session: Session, administrator: Actor, at: datetime) -> None:
    accounts.open_official(session, REVIEWER, by=administrator, at=at)
    again = replace(REVIEWER, login="kim@haenam.example", roles=(Role.MANAGER,), same_person_as=REVIEWER.login)
    accounts.open_official(session, again, by=administrator, at=at)
    with pytest.raises(NotPermitted):
        accounts.grant(session, again.login, Role.PAYER, by=administrator, at=at)
    accounts.revoke(session, REVIEWER.login, Role.REVIEWER, by=administrator, at=at)
    accounts.grant(session, again.login, Role.PAYER, by=administrator, at=at)
    assert [action for _noun, action, _by in events(session)][-2:] == ["revoke", "grant"]


def test_a_role_is_held_once_and_taken_once(session: Session, administrator: Actor, at: datetime) -> None:
    user = accounts.open_official(session, REVIEWER, by=administrator, at=at)
    with pytest.raises(AlreadyDone):
        accounts.grant(session, REVIEWER.login, Role.REVIEWER, by=administrator, at=at)
    with pytest.raises(NotPermitted):
        accounts.grant(session, REVIEWER.login, Role.MERCHANT, by=administrator, at=at)
    accounts.revoke(session, REVIEWER.login, Role.REVIEWER, by=administrator, at=at)
    with pytest.raises(NotFound):
        accounts.revoke(session, REVIEWER.login, Role.REVIEWER, by=administrator, at=at)
    kept = session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id)).one()
    assert (actor(user).roles, kept.revoked_at) == (frozenset(), at)


def test_a_closed_account_is_signed_out_and_stays_out(session: Session, administrator: Actor, at: datetime) -> None:
    user = accounts.open_official(session, REVIEWER, by=administrator, at=at)
    sessions.sign_in(session, SignIn(REVIEWER.login, PASSWORD), at=at)
    accounts.close(session, REVIEWER.login, by=administrator, at=at)
    assert session.scalar(select(LoginSession).where(LoginSession.ended_at.is_(None))) is None
    assert sessions.sign_in(session, SignIn(REVIEWER.login, PASSWORD), at=at).refusal == "login_or_password_wrong"
    assert (user.active, actor(user).roles) == (False, frozenset())
    with pytest.raises(AlreadyDone):
        accounts.close(session, REVIEWER.login, by=administrator, at=at)
    with pytest.raises(NotPermitted):
        accounts.grant(session, REVIEWER.login, Role.REVIEWER, by=administrator, at=at)
    assert events(session)[-1] == ("account", "close", administrator.user_id)


def test_only_an_administrator_of_the_same_organisation_changes_accounts(
    session: Session, administrator: Actor, at: datetime
) -> None:
    accounts.open_official(session, REVIEWER, by=administrator, at=at)
    colleague = actor(make_official(session, Role.MANAGER, organisation=make_organisation(session, "haenam")))
    stranger = actor(make_official(session, Role.ADMINISTRATOR))
    other = replace(REVIEWER, login="other@haenam.example")
    for by, refusal in ((colleague, NotPermitted), (stranger, NotFound)):
        with pytest.raises(refusal):
            accounts.open_official(session, other, by=by, at=at)
        with pytest.raises(refusal):
            accounts.grant(session, REVIEWER.login, Role.MANAGER, by=by, at=at)
        with pytest.raises(refusal):
            accounts.revoke(session, REVIEWER.login, Role.REVIEWER, by=by, at=at)
        with pytest.raises(refusal):
            accounts.close(session, REVIEWER.login, by=by, at=at)
    with pytest.raises(NotFound):
        accounts.close(session, make_merchant_user(session).login, by=administrator, at=at)
