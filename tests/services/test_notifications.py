"""Whatever happens to somebody is in their inbox in the same transaction, by one table, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import SupplementRequest
from portal.domain.errors import NotFound
from portal.domain.messages import Channel, ChooseChannels
from portal.domain.notifications import BY_HAPPENING, OCCASIONS, Kind, Topic
from portal.models.accounts import User
from portal.models.notifications import NotificationMute
from portal.queries import contacts as contact_queries
from portal.queries import notification_matters
from portal.queries import notifications as look_up
from portal.services import contacts, decisions, notifications, payments, reviews, supplements
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.approved_claims import CODE, Office, answer
from tests.cases import Applied
from tests.factories import AT, actor, make_merchant_user, make_official

QUIET = ChooseChannels("", "", frozenset(), 21, 8, frozenset(Topic))


@pytest.fixture
def office(session: Session) -> Office:
    return approved_claims.open_office(session)


@pytest.fixture
def case(session: Session, stores: Stores, office: Office) -> Applied:
    return cases.apply(session, stores, office.programme)


def inbox(session: Session, user: User) -> list[tuple[Kind, int]]:
    """What stands in somebody's inbox, the oldest first, with the record it leads to."""
    session.flush()
    return [(line.kind, line.record_id) for line in reversed(look_up.inbox(session, actor(user)).lines)]


def asked(session: Session, stores: Stores, office: Office, case: Applied) -> None:
    reviews.take_up(session, case.id, by=actor(office.reviewer), at=AT)
    request = SupplementRequest("통장 사본이 흐립니다.", 10)
    reviews.request_supplement(session, stores, case.id, request, by=actor(office.reviewer), at=AT)


def test_a_request_for_supplement_is_told_with_its_day_and_the_answer_to_whoever_asked(session, stores, office, case):
    asked(session, stores, office, case)
    assert inbox(session, case.owner) == [(Kind.RECEIVED, case.id), (Kind.SUPPLEMENT_ASKED, case.id)]
    line = look_up.inbox(session, actor(case.owner)).lines[0]
    session.expire(case.application)
    assert (line.due_on, line.topic) == (case.application.supplements[0].due_on, Topic.LEGAL)
    supplements.answer(session, case.id, "다시 올렸습니다.", by=actor(case.owner), at=AT)
    assert inbox(session, office.reviewer) == [(Kind.SUPPLEMENT_ANSWERED, case.id)]


def test_what_is_taken_back_is_not_told(session: Session, stores: Stores, office: Office, case: Applied) -> None:
    session.commit()
    asked(session, stores, office, case)
    session.rollback()
    assert inbox(session, case.owner) == [(Kind.RECEIVED, case.id)]


def test_approvers_of_the_office_hear_of_what_waits_for_them_and_nobody_else_does(session, stores, office, case):
    other = make_official(session, Role.APPROVER)
    cases.recommend(session, case.application, actor(office.reviewer))
    waits = [(Kind.DECISION_WAITS, case.id)]
    assert (inbox(session, office.approver), inbox(session, other)) == (waits, waits)
    assert inbox(session, office.reviewer) == inbox(session, office.payer) == []
    decisions.approve(session, stores, case.id, by=actor(office.approver), at=AT)
    assert inbox(session, case.owner)[-1] == (Kind.DECIDED, case.id)


def test_an_approved_claim_is_told_and_then_its_payment_or_that_it_failed(session, stores, office) -> None:
    made = approved_claims.make_claims(session, stores, office, [1_000, 2_000])
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    assert inbox(session, office.releaser) == [(Kind.RUN_WAITS, run.id)]
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    said = answer(run, (0, "done"), (1, "refused"))
    payments.settle(session, stores, run.id, said, by=actor(office.payer), at=AT)
    told = [[kind for kind, _ in inbox(session, session.get_one(User, claim.merchant.owner_id))][-2:] for claim in made]
    assert told == [[Kind.CLAIM_APPROVED, Kind.PAID], [Kind.CLAIM_APPROVED, Kind.PAYMENT_REFUSED]]


def test_another_persons_line_is_not_found(session: Session, case: Applied) -> None:
    line = look_up.inbox(session, actor(case.owner)).lines[0]
    with pytest.raises(NotFound):
        notifications.open_one(session, line.id, by=actor(make_merchant_user(session)), at=AT)
    assert line.read_at is None
    notifications.open_one(session, line.id, by=actor(case.owner), at=AT)
    notifications.open_one(session, line.id, by=actor(case.owner), at=AT + timedelta(days=1))
    assert line.read_at == AT


def test_all_is_read_up_to_what_was_on_the_page(session, stores, office, case) -> None:
    upto = look_up.inbox(session, actor(case.owner)).lines[0].id
    asked(session, stores, office, case)
    notifications.read_all(session, upto, by=actor(case.owner), at=AT)
    session.expire_all()
    assert [line.kind for line in look_up.inbox(session, actor(case.owner), unread=True).lines] == [
        Kind.SUPPLEMENT_ASKED
    ]


def test_a_legal_notice_stays_whatever_is_switched_off(session, stores, office, case) -> None:
    asked(session, stores, office, case)
    contacts.choose(session, QUIET, by=actor(case.owner), at=AT)
    assert inbox(session, case.owner) == [(Kind.SUPPLEMENT_ASKED, case.id)]
    session.add(NotificationMute(account_id=case.owner.id, topic=Topic.LEGAL))
    with pytest.raises(IntegrityError):
        session.flush()


def test_every_row_of_the_table_can_be_told_and_tells_once() -> None:
    after = [(happening, row.whom) for row in OCCASIONS for happening in row.after]
    assert len(after) == len(set(after)) == sum(map(len, BY_HAPPENING.values()))
    assert {noun for (noun, _), _ in after} <= notification_matters.NOUNS
    assert {row.kind for row in OCCASIONS} == set(Kind)
    letters = [row for row in OCCASIONS if row.after and row.after[0][0] == "letter"]
    assert {row.topic for row in letters} == {Topic.LEGAL}


def test_somebody_who_has_chosen_nothing_is_told_by_the_address_they_signed_up_with(session, case) -> None:
    chosen = contacts_of(session, case.owner)
    assert chosen == ({Channel.MAIL: case.owner.login}, {Channel.MAIL})
    official = make_official(session, Role.REVIEWER)
    assert contacts_of(session, official) == ({}, frozenset())


def contacts_of(session: Session, user: User) -> tuple[object, object]:
    chosen = contact_queries.of_own(session, actor(user))
    return chosen.addresses, chosen.wanted
