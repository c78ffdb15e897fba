"""Keeping what registers said, and holding back what must not be paid because of it.

Who asks is the worker (portal/jobs.py); a register that is off or down leaves everything provisional and stops nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.snapshots import CLOSED, AccountQuestion, Heard, SnapshotAnswer, SnapshotKind, TaxAnswer
from portal.models.accounts import User
from portal.models.payments import PaymentRun
from portal.models.snapshots import Snapshot
from portal.queries import accounts, snapshots
from portal.services import eligibility, payments

_NOTHING = TaxAnswer(SnapshotAnswer.UNAVAILABLE)


def taxpayers_to_ask(session: Session, *, at: datetime, most: int) -> Sequence[tuple[int, str]]:
    """(merchant id, business number) of whom the tax office is to be asked now."""
    return snapshots.taxpayers_to_ask(session, at=at, most=most)


def accounts_to_ask(session: Session, *, at: datetime, most: int) -> Sequence[AccountQuestion]:
    """The accounts whose holder is to be asked for now."""
    return snapshots.accounts_to_ask(session, at=at, most=most)


def keep_tax_status(session: Session, asked: Sequence[tuple[int, str]], heard: Heard, *, at: datetime) -> int:
    """Writes an answer for everybody who was asked about, and holds the payments of closed businesses back. What an
    application of these days waited to hear is answered by it.

    Returns how many were held.
    """
    for merchant_id, number in asked:
        said = heard.answers.get(number, _NOTHING)
        session.add(
            Snapshot(
                merchant_id=merchant_id,
                kind=SnapshotKind.TAX_STATUS,
                about=number,
                asked_at=at,
                answer=said.answer,
                closed_on=said.closed_on,
                raw_sha256=heard.raw_sha256,
            )
        )
    session.flush()
    found = snapshots.closed_in(session, [merchant_id for merchant_id, _ in asked])
    held = {(payment.run_id, payment.id) for payment in found}
    for run_id, payment_id in sorted(held):
        _hold(session, run_id, payment_id, at=at)
    eligibility.hear_tax_office(session, [merchant_id for merchant_id, _ in asked], at=at)
    return len(held)


def keep_account_holder(
    session: Session, question: AccountQuestion, answer: SnapshotAnswer, raw_sha256: str | None, *, at: datetime
) -> None:
    """Writes whose the account was said to be: a page shows it, and nothing is refused because of it alone."""
    session.add(
        Snapshot(
            merchant_id=question.merchant_id,
            kind=SnapshotKind.ACCOUNT_HOLDER,
            about=question.about,
            asked_at=at,
            answer=answer,
            raw_sha256=raw_sha256,
        )
    )
    session.flush()


def _hold(session: Session, run_id: int, payment_id: int, *, at: datetime) -> None:
    """In the name of whoever prepared the run; a run that held nothing else is taken back as a whole."""
    run = session.get_one(PaymentRun, run_id)
    by = replace(accounts.actor_of(session.get_one(User, run.prepared_by)), roles=frozenset({Role.PAYER}))
    if run.payment_count == 1:
        payments.cancel(session, run_id, by=by, at=at, note=CLOSED)
    else:
        payments.hold_back(session, run_id, payment_id, reason=CLOSED, by=by, at=at)
