"""A grant that is changed loses its approval, is paid no further, and gets it back from another person."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.approvals import Matter
from portal.domain.errors import AlreadyDone, BudgetExhausted, Conflict, Incomplete, NotPermitted, SamePerson
from portal.domain.grant_changes import ChangeGrant, GrantChangeStatus
from portal.domain.ledger import PostingKind
from portal.models.applications import Decision
from portal.models.claims import Claim
from portal.models.ledger import BudgetLine
from portal.models.letters import Letter, LetterKind
from portal.models.payments import PaymentRun
from portal.queries import approval_invariants, approvals, grant_changes, lifecycle_invariants, payables
from portal.queries import ledger as postings
from portal.services import grant_changes as changing
from portal.services import ledger, payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office
from tests.factories import actor, make_official
from tests.payments_made import AMOUNTS, money_is_in_order

WHY = "배달 품목이 줄어 사업비를 낮추어 달라고 하였습니다."
GRANT = 500_000


def propose(session: Session, claim: Claim, office: Office, amount: int, at: datetime, reason: str = WHY) -> None:
    changing.propose(session, claim.application_id, ChangeGrant(amount, reason), by=actor(office.reviewer), at=at)


def committed(session: Session, claim: Claim) -> int:
    return sum(postings.commitment_left(session, [claim.application_id]).get(claim.application_id, {}).values())


def in_order(session: Session) -> list[str]:
    return [*money_is_in_order(session), *approval_invariants.approvals_stand(session)]


@pytest.mark.parametrize("amount", [200_000, 123_450, 450_001])
def test_a_lower_grant_waits_for_the_approver_and_then_gives_the_difference_back(
    session: Session, stores: Stores, office: Office, claims: list[Claim], payer: Actor, at: datetime, amount: int
) -> None:
    claim = claims[0]
    propose(session, claim, office, amount, at)
    assert approvals.stale(session, Matter.DECISION, [claim.application_id]) == {claim.application_id}
    assert committed(session, claim) == GRANT  # until somebody decides
    run = payments.prepare(session, CODE, by=payer, at=at)
    assert claim.id not in {payment.claim_id for payment in run.payments}
    kept = payables.kept_back(session, payer, on=at.date())
    assert [(each.claim.id, each.obstacle and each.obstacle.code) for each in kept] == [(claim.id, "grant_lapsed")]
    assert in_order(session) == []
    changing.approve(session, stores, claim.application_id, by=actor(office.approver), at=at)
    assert committed(session, claim) == amount
    assert session.get_one(Decision, claim.application_id).amount == amount
    assert sum(grant_changes.granted(session, claim.application_id).values()) == amount
    again = payments.prepare(session, CODE, by=payer, at=at)
    assert [payment.claim_id for payment in again.payments] == [claim.id]
    (letter,) = session.scalars(select(Letter).where(Letter.kind == LetterKind.DECISION_CHANGED)).all()
    assert (letter.title, letter.application_id) == ("변경교부결정통지서", claim.application_id)
    assert in_order(session) == []


def test_a_grant_changed_after_a_payment_keeps_what_was_paid(
    session: Session, stores: Stores, office: Office, released: PaymentRun, payer: Actor, at: datetime
) -> None:
    payments.settle(session, stores, released.id, world.all_done(released), by=payer, at=at)
    claim = released.payments[0].claim
    propose(session, claim, office, AMOUNTS[0], at)
    changing.approve(session, stores, claim.application_id, by=actor(office.approver), at=at)
    assert committed(session, claim) == 0
    assert in_order(session) == []
    propose(session, claim, office, GRANT, at)
    changing.approve(session, stores, claim.application_id, by=actor(office.approver), at=at)
    assert committed(session, claim) == GRANT - AMOUNTS[0]
    assert in_order(session) == []


def test_a_change_that_is_refused_leaves_the_grant_and_its_approval_as_they_were(
    session: Session, office: Office, claims: list[Claim], payer: Actor, at: datetime
) -> None:
    propose(session, claims[0], office, 300_000, at)
    with pytest.raises(Incomplete, match="reasons_too_short"):
        changing.refuse(session, claims[0].application_id, note="아니오", by=actor(office.approver), at=at)
    change = changing.refuse(session, claims[0].application_id, note=WHY, by=actor(office.approver), at=at)
    assert change.status is GrantChangeStatus.REFUSED
    assert (session.get_one(Decision, claims[0].application_id).amount, committed(session, claims[0])) == (GRANT, GRANT)
    assert payments.prepare(session, CODE, by=payer, at=at).payment_count == 3
    assert in_order(session) == []


def test_a_prepared_run_is_not_released_while_a_grant_of_it_is_being_changed(
    session: Session, stores: Stores, office: Office, prepared: PaymentRun, releaser: Actor, at: datetime
) -> None:
    propose(session, prepared.payments[0].claim, office, 400_000, at)
    with pytest.raises(Conflict, match="grant_changed"):
        payments.release(session, stores, prepared.id, by=releaser, at=at)


@pytest.mark.parametrize(
    ("amount", "reason", "code"),
    [
        (AMOUNTS[0] - 1, WHY, "grant_below_claims"),
        (0, WHY, "grant_below_claims"),
        (GRANT * 100, WHY, "grant_above_most"),
        (GRANT, "짧다", "reasons_too_short"),
    ],
)
def test_what_is_wrong_with_a_change_is_said(
    session: Session, office: Office, claims: list[Claim], at: datetime, amount: int, reason: str, code: str
) -> None:
    with pytest.raises(Incomplete, match=code):
        propose(session, claims[0], office, amount, at, reason)
    assert approvals.stale(session, Matter.DECISION, [claims[0].application_id]) == set()


def test_two_persons_change_a_grant_and_one_change_at_a_time(
    session: Session, stores: Stores, office: Office, claims: list[Claim], at: datetime
) -> None:
    application_id = claims[0].application_id
    both = actor(world.same_person(session, office.reviewer, Role.APPROVER))
    propose(session, claims[0], office, 400_000, at)
    session.commit()
    with pytest.raises(AlreadyDone):
        propose(session, claims[0], office, 300_000, at)
    session.rollback()
    with pytest.raises(SamePerson):
        changing.approve(session, stores, application_id, by=both, at=at)
    with pytest.raises(NotPermitted):
        changing.approve(session, stores, application_id, by=actor(make_official(session, Role.AUDITOR)), at=at)
    with pytest.raises(SamePerson):
        changing.refuse(session, application_id, note=WHY, by=both, at=at)
    assert list(lifecycle_invariants.statuses_follow_audit(session)) == []


def test_a_grant_is_not_raised_beyond_the_budget(
    session: Session, stores: Stores, office: Office, claims: list[Claim], at: datetime
) -> None:
    propose(session, claims[0], office, 400_000, at)
    changing.approve(session, stores, claims[0].application_id, by=actor(office.approver), at=at)
    from_lines = {line.id: line.total - line.used for line in session.scalars(select(BudgetLine))}
    ledger.post(
        session, PostingKind.REDUCE, {k: v for k, v in from_lines.items() if v}, source_key="x",
        by=actor(office.payer), at=at,
    )  # fmt: skip
    propose(session, claims[0], office, GRANT, at)
    with pytest.raises(BudgetExhausted):
        changing.approve(session, stores, claims[0].application_id, by=actor(office.approver), at=at)
