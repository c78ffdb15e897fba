"""Whoever stands in for a merchant is told: agents beside the owner, clerks while nobody has the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import SupplementRequest
from portal.domain.mandates import CONSENT_DAYS
from portal.domain.notifications import Kind
from portal.models.accounts import User
from portal.models.applications import Application, Supplement
from portal.models.mandates import Mandate
from portal.models.notifications import Notification
from portal.services import applications as applying_services
from portal.services import (
    decisions,
    declarations,
    mandates,
    memberships,
    reminders,
    reviews,
    roster_hand_ins,
    supplements,
)
from portal.storage.objects import Stores
from tests import applying, cases, standing_in
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.rosters import open_market


@pytest.fixture
def clerk(session: Session) -> User:
    return standing_in.make_clerk(session)


@pytest.fixture
def entered(session: Session, stores: Stores, clerk: User) -> tuple[Application, Mandate]:
    return standing_in.handed_in(session, stores, make_programme(session), clerk)


def told(session: Session, user: User) -> list[tuple[Kind, int | None]]:
    session.flush()
    rows = session.execute(
        select(Notification.kind, Notification.mandate_id)
        .where(Notification.account_id == user.id)
        .order_by(Notification.id)
    )
    return [(kind, mandate_id) for kind, mandate_id in rows]


def ask(session: Session, stores: Stores, application: Application, reviewer: User) -> None:
    reviews.take_up(session, application.id, by=actor(reviewer), at=AT)
    request = SupplementRequest("통장 사본이 흐립니다.", 10)
    reviews.request_supplement(session, stores, application.id, request, by=actor(reviewer), at=AT)


def test_the_clerk_who_entered_is_told_reminded_and_answers_until_the_decision(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    application, mandate = entered
    bystander, reviewer = standing_in.make_clerk(session, name="남"), make_official(session, Role.REVIEWER)
    ask(session, stores, application, reviewer)
    due_on = session.scalars(select(Supplement.due_on)).one()
    day_before = AT.replace(hour=1) + (due_on - timedelta(days=1) - AT.date())
    assert reminders.remind(session, at=day_before) >= 2
    assert reminders.remind(session, at=day_before) == 0
    by = standing_in.acting(session, clerk, mandate)
    supplements.answer(session, application.id, "다시 올렸습니다.", by=by, at=AT)
    standing_in.confirm(session, mandate, by=reviewer)
    reviews.recommend(session, application.id, cases.recommendation(session, application), by=actor(reviewer), at=AT)
    decisions.approve(session, stores, application.id, by=actor(make_official(session, Role.APPROVER)), at=AT)
    kinds = [Kind.SUPPLEMENT_ASKED, Kind.SUPPLEMENT_DUE, Kind.DECIDED]
    assert told(session, clerk) == [(kind, mandate.id) for kind in kinds]
    assert told(session, bystander) == []


def test_once_nobody_stands_in_any_more_every_clerk_of_the_office_is_told_and_once_taken_over_none(
    session: Session, stores: Stores, clerk: User, entered: tuple[Application, Mandate]
) -> None:
    application, _mandate = entered
    colleague, reviewer = standing_in.make_clerk(session, name="동료"), make_official(session, Role.REVIEWER)
    later = AT + timedelta(days=CONSENT_DAYS + 1)
    reviews.take_up(session, application.id, by=actor(reviewer), at=AT)
    request = SupplementRequest("통장 사본이 흐립니다.", 10)
    reviews.request_supplement(session, stores, application.id, request, by=actor(reviewer), at=later)
    assert told(session, clerk) == told(session, colleague) == [(Kind.SUPPLEMENT_ASKED, None)]
    owner = session.get_one(User, application.merchant.owner_id)
    owner.active = True  # as by the code of the letter
    mandates.end_consents(session, application.merchant_id, by=actor(owner), at=later)
    supplements.answer(session, application.id, "다시 올렸습니다.", by=actor(owner), at=later)
    reviews.request_supplement(session, stores, application.id, request, by=actor(reviewer), at=later)
    assert len(told(session, colleague)) == 1


def test_an_association_is_told_of_the_application_that_it_made_until_its_member_takes_it_back(
    session: Session, stores: Stores
) -> None:
    market = open_market(session, stores)
    owner, merchant = market.with_account(1)
    memberships.confirm(session, market.add(1).id, by=actor(owner), at=AT)
    roster_hand_ins.hand_in(session, stores.evidence, market.roster.id, by=market.by, at=AT)
    mandate = session.scalars(select(Mandate).where(Mandate.merchant_id == merchant.id)).one()
    case = session.scalars(select(Application).where(Application.mandate_id == mandate.id)).one()
    reviewer = actor(market.officials[0])
    declarations.declare_none(session, [case.id], by=reviewer, at=AT)
    reviews.take_up(session, case.id, by=reviewer, at=AT)
    request = SupplementRequest("통장 사본이 흐립니다.", 10)
    reviews.request_supplement(session, stores, case.id, request, by=reviewer, at=AT)
    assert (Kind.SUPPLEMENT_ASKED, mandate.id) in told(session, market.head)
    before = told(session, market.head)
    mandates.revoke(session, mandate.id, by=actor(owner), at=AT)
    supplements.answer(session, case.id, "다시 올렸습니다.", by=actor(owner), at=AT)
    reviews.request_supplement(session, stores, case.id, request, by=reviewer, at=AT)
    assert told(session, market.head) == before


def test_an_agent_is_told_beside_the_owner_and_not_once_revoked(session: Session, stores: Stores) -> None:
    owner, agent = make_merchant_user(session, name="맡긴 사람"), make_merchant_user(session, name="맡은 사람")
    draft = applying.ready(session, stores, make_programme(session), owner)
    mandate = standing_in.give(session, stores, draft.merchant, owner, agent)
    applying_services.submit(session, draft.id, by=actor(owner), at=AT)
    ask(session, stores, draft, make_official(session, Role.REVIEWER))
    kinds = [Kind.RECEIVED, Kind.SUPPLEMENT_ASKED]
    assert told(session, agent) == [(kind, mandate.id) for kind in kinds]
    assert told(session, owner) == [(kind, None) for kind in kinds]
    mandates.revoke(session, mandate.id, by=actor(owner), at=AT)
    supplements.answer(session, draft.id, "다시 올렸습니다.", by=actor(owner), at=AT)
    assert len(told(session, agent)) == 2
