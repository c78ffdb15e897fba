"""Agents with a power of attorney: named by the owner, for one business, until a day, and marked in all they do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.accounts import SignIn
from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotFound, NotPermitted
from portal.domain.mandates import GiveMandate
from portal.domain.periods import korean_date
from portal.models.accounts import User
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.queries import accounts, audit, merchants
from portal.queries import mandates as look_up
from portal.services import applications, mandates, reviews, sessions
from portal.services import merchants as registering
from portal.storage.objects import Stores
from tests import standing_in
from tests.applying import register, registration
from tests.factories import AT, PASSWORD, actor, make_merchant_user, make_official, make_programme


@pytest.fixture
def owner(session: Session) -> User:
    return make_merchant_user(session, name="사업주")


@pytest.fixture
def agent(session: Session) -> User:
    return make_merchant_user(session, name="세무사")


@pytest.fixture
def shop(session: Session, owner: User) -> Merchant:
    return register(session, owner)


@pytest.fixture
def mandate(session: Session, stores: Stores, shop: Merchant, owner: User, agent: User) -> Mandate:
    return standing_in.give(session, stores, shop, owner, agent)


def test_an_agent_hands_in_for_the_business_and_every_act_says_so(
    session: Session, stores: Stores, agent: User, mandate: Mandate
) -> None:
    programme, by = make_programme(session), standing_in.acting(session, agent, mandate)
    draft = standing_in.fill(session, stores, programme, by)
    handed_in = applications.submit(session, draft.id, by=by, at=AT)
    told = audit.timeline(session, "application", handed_in.id)
    assert {(each.person, each.acts_as) for each in told} == {("세무사", "attorney")}
    assert handed_in.mandate_id == mandate.id


def test_what_the_owner_does_says_nothing_of_an_agent(
    session: Session, stores: Stores, owner: User, shop: Merchant, mandate: Mandate
) -> None:
    registering.update(session, shop.id, registration(business_number=shop.business_number), by=actor(owner), at=AT)
    assert {each.acts_as for each in audit.timeline(session, "merchant", shop.id)} == {""}


def test_an_agent_has_no_other_business_of_the_same_owner(
    session: Session, owner: User, agent: User, mandate: Mandate
) -> None:
    other, by = register(session, owner, serial=2), standing_in.acting(session, agent, mandate)
    assert [each.id for each in merchants.of_owner(session, by)] == [mandate.merchant_id]
    with pytest.raises(NotFound):
        merchants.owned(session, other.id, by)


def test_after_the_last_day_or_once_revoked_there_is_nothing_to_act_by(
    session: Session, owner: User, agent: User, mandate: Mandate
) -> None:
    token = sessions.sign_in(session, SignIn(agent.login, PASSWORD), at=AT).token
    assert token is not None
    by, after = actor(agent), AT + timedelta(days=200)  # the last day is 2026-12-31
    assert look_up.to_act(session, mandate.id, by, standing_in.UNTIL).id == mandate.id
    with pytest.raises(NotFound):
        mandates.begin_acting(session, token, mandate.id, by=by, at=after)
    mandates.begin_acting(session, token, mandate.id, by=by, at=AT)
    mandates.revoke(session, mandate.id, by=actor(owner), at=AT)
    assert look_up.acts_for(mandate, "구례식당", korean_date(AT)) is None
    with pytest.raises(NotFound):
        mandates.begin_acting(session, token, mandate.id, by=by, at=AT)
    with pytest.raises(InvalidTransition):
        mandates.revoke(session, mandate.id, by=actor(owner), at=AT)


def test_the_session_carries_the_mandate_until_acting_ends(session: Session, agent: User, mandate: Mandate) -> None:
    token = sessions.sign_in(session, SignIn(agent.login, PASSWORD), at=AT).token
    assert token is not None
    session.flush()
    mandates.begin_acting(session, token, mandate.id, by=actor(agent), at=AT)
    session.expire_all()
    found = accounts.living_with(session, sessions.hash_of(token), look_up.name_of_session(), idle_since=AT)
    assert (found[0].mandate.id, found[1]) == (mandate.id, "구례식당")
    mandates.end_acting(session, token)
    session.expire_all()
    assert accounts.living_with(session, sessions.hash_of(token), look_up.name_of_session(), idle_since=AT)[1] is None


def test_an_agent_changes_what_is_known_of_the_business_but_not_where_the_money_goes(
    session: Session, agent: User, shop: Merchant, mandate: Mandate
) -> None:
    by = standing_in.acting(session, agent, mandate)
    stated = registration(business_number=shop.business_number, trade_name="새 이름", account_number="")
    assert registering.update(session, shop.id, stated, by=by, at=AT).trade_name == "새 이름"
    for change in ({"account_number": "3019999999999"}, {"bank_code": "004"}, {"account_holder": "세무사"}):
        with pytest.raises(NotPermitted) as refused:
            registering.update(session, shop.id, replace(stated, **change), by=by, at=AT)
        assert refused.value.problems[0].code == "account_owner_only"


def test_an_agent_names_no_further_agent_and_ends_no_mandate(
    session: Session, stores: Stores, agent: User, mandate: Mandate
) -> None:
    by, third = standing_in.acting(session, agent, mandate), make_merchant_user(session)
    command = GiveMandate(mandate.merchant_id, third.login, standing_in.UNTIL, standing_in.ATTORNEY)
    with pytest.raises(NotPermitted):
        mandates.give(session, stores.evidence, command, by=by, at=AT)
    with pytest.raises(NotPermitted):
        mandates.revoke(session, mandate.id, by=by, at=AT)


def test_an_agent_sees_their_own_paper_and_not_another_agents(
    session: Session, stores: Stores, owner: User, agent: User, shop: Merchant, mandate: Mandate
) -> None:
    other = standing_in.give(session, stores, shop, owner, make_merchant_user(session, name="노무사"))
    by = standing_in.acting(session, agent, mandate)
    assert [each.mandate.id for each in look_up.given(session, by)] == [mandate.id]
    assert look_up.of_owner(session, mandate.id, by) is mandate
    with pytest.raises(NotFound):
        look_up.of_owner(session, other.id, by)
    assert len(look_up.given(session, actor(owner))) == 2


def test_who_is_named_must_be_somebody_else_with_a_merchants_account(
    session: Session, stores: Stores, owner: User, shop: Merchant
) -> None:
    official = make_official(session, Role.REVIEWER)
    for login, code in (("nobody@example.kr", "agent_unknown"), (official.login, "agent_unknown"),
                        (owner.login, "agent_is_owner")):  # fmt: skip
        command = GiveMandate(shop.id, login, standing_in.UNTIL, standing_in.ATTORNEY)
        with pytest.raises(Incomplete) as refused:
            mandates.give(session, stores.evidence, command, by=actor(owner), at=AT)
        assert [problem.code for problem in refused.value.problems] == [code]


def test_a_second_mandate_waits_until_the_first_is_over(
    session: Session, stores: Stores, owner: User, agent: User, shop: Merchant, mandate: Mandate
) -> None:
    with pytest.raises(AlreadyDone):
        standing_in.give(session, stores, shop, owner, agent)
    after = AT + timedelta(days=200)
    newer = standing_in.give(session, stores, shop, owner, agent, until=date(2027, 6, 30), at=after)
    assert (newer.status, mandate.status) == ("active", "ended")


def test_another_owner_gives_and_ends_nothing_here(
    session: Session, stores: Stores, agent: User, shop: Merchant, mandate: Mandate
) -> None:
    stranger = make_merchant_user(session)
    with pytest.raises(NotFound):
        standing_in.give(session, stores, shop, stranger, agent)
    with pytest.raises(NotFound):
        mandates.revoke(session, mandate.id, by=actor(stranger), at=AT)


def test_an_official_who_is_the_agent_of_a_business_reviews_none_of_its_cases(
    session: Session, stores: Stores, owner: User, agent: User, shop: Merchant, mandate: Mandate
) -> None:
    """The owner hands in themselves: what counts is the standing, not only what was done by it."""
    programme = make_programme(session)
    by = replace(standing_in.acting(session, owner, mandate), acts_for=None)
    draft = applications.start(session, programme.programme.code, shop.id, by=by, at=AT)
    draft.submitted_at, draft.status = AT, ApplicationStatus.SUBMITTED
    session.flush()
    reviewer = make_official(session, Role.REVIEWER, person=agent.person)
    with pytest.raises(NotPermitted) as refused:
        reviews.take_up(session, draft.id, by=actor(reviewer), at=AT)
    assert [problem.code for problem in refused.value.problems] == ["stands_in"]
