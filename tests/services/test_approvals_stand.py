"""What was approved and then changed is approved no longer: it is not paid, and goes back to be approved again."""

from __future__ import annotations

import importlib

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.domain.approvals import Matter
from portal.domain.claims import ClaimStatus
from portal.domain.errors import Conflict
from portal.domain.payments import RunStatus
from portal.models.approvals import Approval
from portal.queries import approval_invariants, lifecycle_invariants
from portal.services import claims, payments
from portal.storage.objects import Stores
from tests import approved_claims
from tests.approved_claims import CODE, PERIOD, Office
from tests.factories import AT, actor

CHANGES = {
    "parts": ("UPDATE claim_part SET item = 'promotion' WHERE claim_id = :claim", "approval_lapsed"),
    "version": ("UPDATE programme_version SET content_hash = 'another'", "approval_lapsed"),
    "grant": ("UPDATE decision SET amount = amount - 10 WHERE application_id = :application", "grant_changed"),
    "account": ("UPDATE merchant SET account_holder = '다른 사람' WHERE id = :merchant", "account_changed_since"),
}


@pytest.fixture
def office(session: Session) -> Office:
    return approved_claims.open_office(session)


@pytest.mark.parametrize("what", CHANGES)
def test_a_run_in_which_something_changed_is_not_released_and_the_payment_is_named(
    session: Session, stores: Stores, office: Office, what: str
) -> None:
    _first, second = approved_claims.make_claims(session, stores, office, [1_000, 2_000])
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    statement, code = CHANGES[what]
    places = {"claim": second.id, "application": second.application_id, "merchant": second.merchant_id}
    session.execute(text(statement), {key: value for key, value in places.items() if f":{key}" in statement})
    session.commit()
    with pytest.raises(Conflict) as refused:
        payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    named = {each.code for each in refused.value.problems if second.merchant.trade_name in each.value}
    assert code in named
    session.rollback()
    assert run.status is RunStatus.PREPARED


def test_a_claim_that_changed_goes_back_when_its_run_is_cancelled_and_is_paid_once_approved_again(
    session: Session, stores: Stores, office: Office
) -> None:
    same, changed = approved_claims.make_claims(session, stores, office, [1_000, 2_000])
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    changed.parts[0].lines += 1
    session.flush()
    payments.cancel(session, run.id, by=actor(office.payer), at=AT)
    assert (same.status, changed.status) == (ClaimStatus.APPROVED, ClaimStatus.DRAWN_UP)
    assert claims.approve(session, CODE, PERIOD, by=actor(office.approver), at=AT) == 1
    again = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, again.id, by=actor(office.releaser), at=AT)
    assert again.payment_count == 2
    given = session.scalars(select(Approval).where(Approval.matter == Matter.CLAIMS).order_by(Approval.id)).all()
    assert [(each.record_id, each.withdrawn_at is None) for each in given] == [
        (same.id, True),
        (changed.id, False),
        (changed.id, True),
    ]
    for check in (
        approval_invariants.approvals_stand,
        lifecycle_invariants.statuses_follow_audit,
        lifecycle_invariants.four_eyes_kept,
    ):
        assert list(check(session)) == []


def test_what_was_approved_before_there_were_hashes_is_taken_over_as_it_stands(
    session: Session, stores: Stores, office: Office
) -> None:
    approved_claims.make_claims(session, stores, office, [1_000, 2_000])
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    session.execute(text("DELETE FROM approval"))
    assert len(list(approval_invariants.approvals_stand(session))) == 5
    migration = importlib.import_module("migrations.versions.0037_approval_bands")
    with Operations.context(MigrationContext.configure(session.connection())):
        migration._take_over()
    session.expire_all()
    assert list(approval_invariants.approvals_stand(session)) == []


def test_a_claim_that_changed_is_taken_into_no_run_until_it_is_approved_again(
    session: Session, stores: Stores, office: Office
) -> None:
    same, changed = approved_claims.make_claims(session, stores, office, [1_000, 2_000])
    with pytest.raises(Conflict):
        claims.approve_again(session, same.id, by=actor(office.approver), at=AT)
    changed.parts[0].lines += 1
    session.commit()
    with pytest.raises(Conflict) as refused:
        payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    assert [(each.code, each.value) for each in refused.value.problems] == [
        ("approval_lapsed", changed.merchant.trade_name)
    ]
    claims.approve_again(session, changed.id, by=actor(office.approver), at=AT)
    assert changed.status is ClaimStatus.DRAWN_UP
    claims.approve(session, CODE, PERIOD, by=actor(office.approver), at=AT)
    assert payments.prepare(session, CODE, by=actor(office.payer), at=AT).total == 3_000
