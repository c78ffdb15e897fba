"""First come, first served: money is kept at acceptance by queue number, and goes down the waiting list in order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import BudgetExhausted, Conflict
from portal.domain.ledger import PostingKind
from portal.models.applications import Decision
from portal.models.audit import AuditEvent
from portal.models.ledger import BudgetLine, LedgerEntry
from portal.models.letters import Letter, LetterKind
from portal.queries import ledger as balances
from portal.queries import reservation_invariants as invariants
from portal.services import applications, decisions, ledger, notices, programmes, reservations
from portal.storage.objects import Stores
from tests.cases import Applied, apply, recommend
from tests.factories import AT, actor, make_official, make_programme
from tests.first_come import GRANT, SHARES, programme, standing, text, used

REASONS = "지원 제외 업종에 해당합니다."


def decide(session: Session, stores: Stores, case: Applied, outcome: str = "approve") -> None:
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER)), outcome=outcome)
    approver = actor(make_official(session, Role.APPROVER))
    if outcome == "approve":
        decisions.approve(session, stores, case.id, by=approver, at=AT)
    else:
        decisions.reject(session, stores, case.id, reasons=REASONS, by=approver, at=AT)


def check(session: Session) -> None:
    for invariant in (invariants.reservations_kept, invariants.waiting_list_in_order):
        assert list(invariant(session)) == []


def test_acceptance_keeps_the_grant_by_source_and_whoever_comes_too_late_waits(
    session: Session, stores: Stores
) -> None:
    call = programme(session, won=GRANT)
    first, second = (apply(session, stores, call) for _ in range(2))
    assert standing(session, first.id, second.id) == [("reserved", GRANT), ("waiting", 0)]
    lines = balances.balances(session, programme_id=call.programme.id)
    assert {line.source: line.committed for line in lines} == SHARES
    keys = session.scalars(select(LedgerEntry.source_key).where(LedgerEntry.kind == PostingKind.COMMIT)).all()
    assert keys == [f"commit:application:{first.id}"]
    check(session)


def test_a_programme_that_commits_at_the_decision_keeps_nothing_at_acceptance(session: Session, stores: Stores) -> None:
    case = apply(session, stores, make_programme(session))
    assert (used(session, case.application.programme_id), invariants.undecided(session)) == (0, set())


def test_what_is_withdrawn_goes_to_the_next_in_line_and_nobody_is_passed_over(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    first, large, small = (apply(session, stores, call, requested=won) for won in (300_000, 400_000, 100_000))
    # 200,000 are left: the small one would fit, but the large one came first.
    assert standing(session, first.id, large.id, small.id) == [("reserved", 300_000), ("waiting", 0), ("waiting", 0)]
    applications.withdraw(session, first.id, by=actor(first.owner), at=AT)
    served = [("released", 0), ("reserved", 400_000), ("reserved", 100_000)]
    assert standing(session, first.id, large.id, small.id) == served
    assert used(session, call.programme.id) == GRANT
    check(session)
    moved = select(AuditEvent.action).where(AuditEvent.noun == "reservation", AuditEvent.record_id == large.id)
    assert session.scalars(moved.order_by(AuditEvent.id)).all() == ["enter", "reserve"]


def test_one_who_leaves_the_waiting_list_makes_room_for_those_behind(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    _first, large, small = (apply(session, stores, call, requested=won) for won in (300_000, 400_000, 100_000))
    applications.withdraw(session, large.id, by=actor(large.owner), at=AT)
    assert standing(session, large.id, small.id) == [("released", 0), ("reserved", 100_000)]
    check(session)


def test_the_last_in_line_gets_what_is_left_where_the_programme_says_so(session: Session, stores: Stores) -> None:
    call = programme(session, won=700_000, last_place="partial")
    first, last, after = (apply(session, stores, call) for _ in range(3))
    expected = [("reserved", GRANT), ("reserved", 200_000), ("waiting", 0)]
    assert standing(session, first.id, last.id, after.id) == expected
    check(session)
    applications.withdraw(session, first.id, by=actor(first.owner), at=AT)  # first the rest of the partial one
    assert standing(session, last.id, after.id) == [("reserved", GRANT), ("reserved", 200_000)]
    assert used(session, call.programme.id) == 700_000
    check(session)


def test_the_decision_uses_what_was_kept_and_commits_nothing_again(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    case = apply(session, stores, call)
    decide(session, stores, case)
    assert standing(session, case.id) == [("used", GRANT)]
    assert session.get_one(Decision, case.id).amount == used(session, call.programme.id) == GRANT
    kinds = session.scalars(select(LedgerEntry.kind).where(LedgerEntry.application_id == case.id)).all()
    assert kinds == [PostingKind.COMMIT]
    check(session)


def test_a_lower_decision_gives_the_difference_to_the_next(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    first, second = (apply(session, stores, call, requested=won) for won in (GRANT, 123_457))
    first.application.requested_amount = 376_543
    decide(session, stores, first)
    assert standing(session, first.id, second.id) == [("used", 376_543), ("reserved", 123_457)]
    assert used(session, call.programme.id) == GRANT
    check(session)
    assert session.get_one(Decision, first.id).amount == 376_543


def test_rejection_gives_back_what_was_kept(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    first, second = (apply(session, stores, call) for _ in range(2))
    decide(session, stores, first, "reject")
    assert standing(session, first.id, second.id) == [("released", 0), ("reserved", GRANT)]
    released = session.scalars(select(LedgerEntry.source_key).where(LedgerEntry.kind == PostingKind.RELEASE)).all()
    assert released == [f"release:application:rejection:{first.id}"]
    check(session)


def test_whoever_waits_is_not_approved_until_money_is_there(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    first, second = (apply(session, stores, call) for _ in range(2))
    session.commit()
    with pytest.raises(BudgetExhausted) as refused:
        decide(session, stores, second)
    assert [problem.code for problem in refused.value.problems] == ["still_waiting"]
    session.rollback()
    applications.withdraw(session, first.id, by=actor(first.owner), at=AT)
    decide(session, stores, second)
    assert standing(session, second.id) == [("used", GRANT)]


def test_what_was_kept_and_is_gone_is_not_decided_on(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    case = apply(session, stores, call)
    kept = dict(balances.commitment_left(session, [case.id])[case.id])
    ledger.post(
        session, PostingKind.RELEASE, kept, source_key="lapse:1:release", by=actor(make_official(session, Role.PAYER)),
        at=AT, application_id=case.id,
    )  # fmt: skip
    with pytest.raises(BudgetExhausted) as refused:
        decide(session, stores, case)
    assert [(problem.code, problem.value) for problem in refused.value.problems] == [("reservation_gone", "0")]


def test_money_given_to_the_programme_moves_the_list_up(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    cases = [apply(session, stores, call) for _ in range(3)]
    lines = session.scalars(select(BudgetLine).where(BudgetLine.programme_id == call.programme.id)).all()
    manager = actor(make_official(session, Role.MANAGER))
    more = {line.id: SHARES[line.source] for line in lines}
    ledger.post(session, PostingKind.APPROPRIATE, more, source_key="more", by=manager, at=AT)
    assert "waits for" in next(invariants.waiting_list_in_order(session))
    assert reservations.fill(session, call.programme.id, by=manager, at=AT) == 1
    expected = [("reserved", GRANT), ("reserved", GRANT), ("waiting", 0)]
    assert standing(session, *(case.id for case in cases)) == expected
    assert reservations.fill(session, call.programme.id, by=manager, at=AT) == 0
    check(session)


def test_a_reservation_of_one_year_is_decided_in_the_next_and_new_money_serves_who_waited(
    session: Session, stores: Stores
) -> None:
    call = programme(session, won=GRANT)
    first, second = (apply(session, stores, call) for _ in range(2))
    later = AT + timedelta(days=300)
    organisation_id = call.programme.organisation_id
    manager = actor(make_official(session, Role.MANAGER))
    ledger.appropriate(
        session, programme_id=call.programme.id, organisation_id=organisation_id, fiscal_year=2027, amounts=SHARES,
        by=manager, at=AT,
    )  # fmt: skip
    check(session)  # next year's money is not this year's
    applications.withdraw(session, first.id, by=actor(first.owner), at=later)
    assert standing(session, first.id, second.id) == [("released", 0), ("reserved", GRANT)]
    lines = session.scalars(select(BudgetLine).where(BudgetLine.programme_id == call.programme.id)).all()
    assert sum(line.used for line in lines if line.fiscal_year == 2026) == 0
    check(session)


def test_a_part_kept_in_one_year_is_not_made_whole_from_the_next_and_blocks_nobody(
    session: Session, stores: Stores
) -> None:
    call = programme(session, won=200_000, last_place="partial")
    part, waits = (apply(session, stores, call) for _ in range(2))
    manager = actor(make_official(session, Role.MANAGER))
    ledger.appropriate(
        session, programme_id=call.programme.id, organisation_id=call.programme.organisation_id, fiscal_year=2027,
        amounts=SHARES, by=manager, at=AT,
    )  # fmt: skip
    reservations.fill(session, call.programme.id, by=manager, at=AT + timedelta(days=300))
    assert standing(session, part.id, waits.id) == [("reserved", 200_000), ("reserved", GRANT)]
    check(session)


def test_a_programme_does_not_change_its_rule_while_applications_stand_in_line(
    session: Session, stores: Stores, at: datetime
) -> None:
    call = programme(session, won=GRANT)
    other = text(won=GRANT).replace('commitment = "acceptance"', 'commitment = "decision"')
    proposer, publisher = (actor(make_official(session, Role.MANAGER)) for _ in range(2))
    version = programmes.propose(session, other, by=proposer, at=at)
    apply(session, stores, call)
    with pytest.raises(Conflict) as refused:
        programmes.publish(session, version.id, by=publisher, at=at)
    assert [problem.code for problem in refused.value.problems] == ["commitment_is_fixed"]
    same = programmes.propose(session, text(won=GRANT) + "\n# 고친 글\n", by=proposer, at=at)
    assert programmes.publish(session, same.id, by=publisher, at=at).number == 3


def test_whoever_moves_up_from_the_waiting_list_is_told_once_by_letter(session: Session, stores: Stores) -> None:
    call = programme(session, won=GRANT)
    first, second = (apply(session, stores, call) for _ in range(2))
    assert notices.issue_due(session, stores, at=AT) == 0
    later = AT + timedelta(days=1)
    applications.withdraw(session, first.id, by=actor(first.owner), at=later)
    assert [notices.issue_due(session, stores, at=later) for _ in range(2)] == [1, 0]
    (letter,) = session.scalars(select(Letter).where(Letter.kind == LetterKind.RESERVED)).all()
    assert (letter.application_id, letter.title) == (second.id, "예산 확보 안내")
