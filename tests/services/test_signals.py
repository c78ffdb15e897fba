"""Signals are written as they are seen, judged by officials, and hold until something else is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus
from portal.domain.declarations import Declaration
from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted
from portal.domain.notifications import Kind
from portal.domain.signals import Rule, SignalStatus, Verdict
from portal.models.audit import AuditEvent
from portal.models.notifications import Notification
from portal.models.signals import Signal
from portal.queries import signals as look_up
from portal.queries.programmes import Published
from portal.services import declarations
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import standing_in
from tests.cases import Applied
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_programme
from tests.signalled import ACCOUNT, applied, judged, look, of_rule, pair

S = SignalStatus
LATER = AT + timedelta(days=1)


@pytest.fixture
def programme(session: Session) -> Published:
    return make_programme(session)


@pytest.fixture
def two(session: Session, stores: Stores, programme: Published) -> list[Applied]:
    return pair(session, stores, programme)


@pytest.fixture
def by(session: Session) -> Actor:
    return actor(make_official(session, Role.REVIEWER, name="검토자"))


def test_both_are_told_of_each_other_and_nobody_else_is_suspected_or_refused(
    session: Session, stores: Stores, lines: LineStore, programme: Published, two: list[Applied], by: Actor
) -> None:
    applied(session, stores, programme, trade_name="지리산 김밥")
    made = look(session, lines, by)
    first, second = of_rule(session, Rule.SAME_ACCOUNT)
    assert [each["name"] for each in first.facts["others"]] == ["산수유 분식"]
    assert [each["name"] for each in second.facts["others"]] == ["섬진강 국밥"]
    assert session.scalars(select(Signal.rule)).all() == [Rule.SAME_ACCOUNT] * 2
    assert made == {"businesses": 3, "new": 2, "otherwise": 0, "gone": 0, "unchanged": 0}
    assert [each.application.status for each in two] == [ApplicationStatus.SUBMITTED] * 2


def test_a_verdict_holds_while_the_same_is_seen_and_no_longer(
    session: Session, stores: Stores, lines: LineStore, programme: Published, two: list[Applied], by: Actor
) -> None:
    look(session, lines, by)
    signal, _other = of_rule(session, Rule.SAME_ACCOUNT)
    judged(session, signal, Verdict.DISMISS, by)
    look(session, lines, by, at=LATER)
    assert (signal.status, signal.present, signal.seen_at) == (S.UNFOUNDED, True, AT)
    applied(session, stores, programme, trade_name="지리산 김밥", account_number=ACCOUNT)
    made = look(session, lines, by, at=LATER)
    assert (made["new"], made["otherwise"]) == (1, 2)
    session.refresh(signal)
    assert (signal.status, signal.judged_by, signal.reason, signal.seen_at) == (S.OPEN, None, "", LATER)
    assert len(signal.facts["others"]) == 2
    events = session.scalars(select(AuditEvent).where(AuditEvent.noun == "signal", AuditEvent.record_id == signal.id))
    trail = {each.action: each for each in events}
    assert set(trail) == {"see", "dismiss", "see_anew"}
    # The verdict is on record with what it spoke of.
    assert [each["name"] for each in (trail["dismiss"].details or {})["facts"]["others"]] == ["산수유 분식"]
    told = session.scalars(select(Notification).where(Notification.kind == Kind.SIGNAL_OTHERWISE)).all()
    assert [(each.account_id, each.record_id) for each in told] == [(by.user_id, signal.id)]


def test_what_is_not_seen_any_more_asks_nobody_and_what_was_found_stays(
    session: Session, lines: LineStore, two: list[Applied], by: Actor
) -> None:
    look(session, lines, by)
    first, second = of_rule(session, Rule.SAME_ACCOUNT)
    judged(session, first, Verdict.CONFIRM, by)
    merchant = two[1].application.merchant
    shared, merchant.account_index = merchant.account_index, "another"
    look(session, lines, by, at=LATER)
    assert [(each.status, each.present) for each in (first, second)] == [(S.CONFIRMED, False), (S.GONE, False)]
    assert look_up.of_merchants(session, [first.merchant_id, second.merchant_id], by) == {first.merchant_id: [first]}
    merchant.account_index = shared
    look(session, lines, by, at=LATER)
    assert [(each.status, each.present) for each in (first, second)] == [(S.CONFIRMED, True), (S.OPEN, True)]


def test_a_verdict_may_be_changed_by_another_and_is_told_where_it_matters(
    session: Session, lines: LineStore, two: list[Applied], by: Actor
) -> None:
    approver = make_official(session, Role.APPROVER)
    look(session, lines, by)
    signal = of_rule(session, Rule.SAME_ACCOUNT)[0]
    judged(session, signal, Verdict.DOUBT, by)
    judged(session, signal, Verdict.CONFIRM, by)
    assert signal.status is S.CONFIRMED
    with pytest.raises(InvalidTransition):
        judged(session, signal, Verdict.CONFIRM, by)
    judged(session, signal, Verdict.DISMISS, actor(approver))
    assert (signal.status, signal.judged_by) == (S.UNFOUNDED, approver.id)
    told = session.scalars(select(Notification).where(Notification.kind == Kind.SIGNAL_CONFIRMED)).all()
    assert [each.account_id for each in told] == [approver.id]


def test_nobody_judges_without_a_reason_a_role_or_apart_from_the_office(
    session: Session, lines: LineStore, two: list[Applied], by: Actor
) -> None:
    look(session, lines, by)
    signal = of_rule(session, Rule.SAME_ACCOUNT)[0]
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    with pytest.raises(Incomplete):
        judged(session, signal, Verdict.DISMISS, by, reason="그냥")
    for role in (Role.PAYER, Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            judged(session, signal, Verdict.DISMISS, actor(make_official(session, role)))
    with pytest.raises(NotFound):
        judged(session, signal, Verdict.DISMISS, actor(make_official(session, Role.REVIEWER, organisation=elsewhere)))
    assert signal.status is S.OPEN


def test_nobody_judges_their_own_business_or_a_case_they_have_an_interest_in(
    session: Session, lines: LineStore, two: list[Applied], by: Actor
) -> None:
    look(session, lines, by)
    signal = of_rule(session, Rule.SAME_ACCOUNT)[0]
    own = actor(make_official(session, Role.REVIEWER, person=two[0].owner.person))
    assert look_up.page(session, signal.id, own).actions == []
    with pytest.raises(NotPermitted) as refused:
        judged(session, signal, Verdict.DISMISS, own)
    assert [each.code for each in refused.value.problems] == ["own_application"]
    cousin = actor(make_official(session, Role.REVIEWER, declares=False))
    declarations.declare(session, two[0].id, Declaration(True, "신청인이 사촌입니다."), by=cousin, at=AT)
    with pytest.raises(NotPermitted) as refused:
        judged(session, signal, Verdict.DISMISS, cousin)
    assert [each.code for each in refused.value.problems] == ["interest_declared"]


def test_nobody_judges_a_business_that_they_may_act_for(
    session: Session, stores: Stores, lines: LineStore, two: list[Applied], by: Actor
) -> None:
    look(session, lines, by)
    agent = make_merchant_user(session, name="세무사")
    standing_in.give(session, stores, two[0].application.merchant, two[0].owner, agent)
    official, signal = (
        make_official(session, Role.REVIEWER, person=agent.person),
        of_rule(session, Rule.SAME_ACCOUNT)[0],
    )
    with pytest.raises(NotPermitted) as refused:
        judged(session, signal, Verdict.DISMISS, actor(official))
    assert [each.code for each in refused.value.problems] == ["stands_in"]


def test_the_database_takes_no_verdict_without_a_judge(
    session: Session, lines: LineStore, two: list[Applied], by: Actor
) -> None:
    look(session, lines, by)
    signal = of_rule(session, Rule.SAME_ACCOUNT)[0]
    signal.status = S.CONFIRMED
    with pytest.raises(IntegrityError):
        session.flush()


def test_false_alarms_are_counted_by_rule(session: Session, lines: LineStore, two: list[Applied], by: Actor) -> None:
    look(session, lines, by)
    first, second = of_rule(session, Rule.SAME_ACCOUNT)
    tally = look_up.tallies(session, by)[0]
    assert (tally.rule, tally.total, tally.judged, tally.false_percent) == (Rule.SAME_ACCOUNT, 2, 0, None)
    judged(session, first, Verdict.DISMISS, by)
    judged(session, second, Verdict.CONFIRM, by)
    tally = look_up.tallies(session, by)[0]
    assert (tally.by_status[S.UNFOUNDED], tally.judged, tally.false_percent) == (1, 2, 50)
    others = actor(make_official(session, Role.ADMINISTRATOR, organisation=make_organisation(session, "haenam")))
    assert sum(each.total for each in look_up.tallies(session, others)) == 0
