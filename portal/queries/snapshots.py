"""Looks up what registers said last, and of whom they have to be asked now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.domain.applications import ApplicationStatus
from portal.domain.payments import PaymentStatus
from portal.domain.periods import korean_date
from portal.domain.snapshots import AGAIN, DAILY, AccountQuestion, SnapshotAnswer, SnapshotKind
from portal.domain.snapshots import tax_status as tax_status_of
from portal.models.account_changes import AccountChange
from portal.models.applications import Application
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.payments import Payment, PaymentRun
from portal.models.snapshots import Snapshot

S = ApplicationStatus
_BEFORE_DECISION = (S.SUBMITTED, S.IN_REVIEW, S.RECOMMENDED)


def latest(session: Session, merchant_ids: Collection[int]) -> dict[tuple[int, SnapshotKind], Snapshot]:
    """By merchant id and kind: the last answer; silence only where there never was another."""
    said = Snapshot.answer != SnapshotAnswer.UNAVAILABLE
    last = (
        select(func.coalesce(func.max(Snapshot.id).filter(said), func.max(Snapshot.id)))
        .where(Snapshot.merchant_id.in_(merchant_ids))
        .group_by(Snapshot.merchant_id, Snapshot.kind)
    )
    rows = session.scalars(select(Snapshot).where(Snapshot.id.in_(last)))
    return {(found.merchant_id, found.kind): found for found in rows}


def tax_status(session: Session, merchant: Merchant, *, at: datetime) -> str | None:
    """What the tax office said of a business within the last day, as its own code; None where it said nothing."""
    found = session.scalar(
        select(Snapshot)
        .where(Snapshot.merchant_id == merchant.id, Snapshot.kind == SnapshotKind.TAX_STATUS)
        .where(Snapshot.about == merchant.business_number, Snapshot.answer != SnapshotAnswer.UNAVAILABLE)
        .where(Snapshot.asked_at > at - DAILY, Snapshot.asked_at <= at)
        .order_by(Snapshot.id.desc())
        .limit(1)
    )
    return None if found is None else tax_status_of(found.answer, found.closed_on, on=korean_date(at))


def handed_in_lately(session: Session, merchant_ids: Collection[int], *, at: datetime) -> Sequence[Application]:
    """Their applications of the last day that are not recommended yet, held until the transaction ends."""
    query = (
        select(Application)
        .where(Application.merchant_id.in_(merchant_ids), Application.submitted_at > at - DAILY)
        .where(Application.status.in_((S.SUBMITTED, S.IN_REVIEW)))
        .order_by(Application.id)
    )
    held = query.with_for_update(of=Application, key_share=True).execution_options(populate_existing=True)
    return session.scalars(held).all()


def of_merchant(session: Session, merchant_id: int) -> dict[SnapshotKind, Snapshot | None]:
    """What each register said last of one business."""
    found = latest(session, [merchant_id])
    return {kind: found.get((merchant_id, kind)) for kind in SnapshotKind}


def taxpayers_to_ask(session: Session, *, at: datetime, most: int) -> Sequence[tuple[int, str]]:
    """(merchant id, business number) of whom the tax office is to be asked: before a decision daily, for each run."""
    open_case = exists().where(
        Application.merchant_id == Merchant.id,
        Application.status.in_(_BEFORE_DECISION),
        ~_said(SnapshotKind.TAX_STATUS, Application.merchant_id, Snapshot.asked_at > at - DAILY),
    )
    rows = session.scalars(_due(SnapshotKind.TAX_STATUS, open_case, at=at).order_by(Merchant.id).limit(most))
    return [(merchant.id, merchant.business_number) for merchant in rows]


def accounts_to_ask(session: Session, *, at: datetime, most: int) -> list[AccountQuestion]:
    """The accounts whose holder is to be asked for: changed since the last answer, and for each run."""
    changed = exists().where(
        AccountChange.merchant_id == Merchant.id,
        ~_said(SnapshotKind.ACCOUNT_HOLDER, AccountChange.merchant_id, Snapshot.asked_at >= AccountChange.changed_at),
    )
    rows = session.scalars(_due(SnapshotKind.ACCOUNT_HOLDER, changed, at=at).order_by(Merchant.id).limit(most))
    return [
        AccountQuestion(
            each.id, each.account_index, each.bank_code, each.account_number, each.account_holder, each.business_number
        )
        for each in rows
    ]


def _due(kind: SnapshotKind, other_cause: ColumnElement[bool], *, at: datetime) -> Select[Merchant]:
    """Merchants with a prepared payment of which nothing was said since it was prepared, or for another cause.

    Who was asked without an answer is asked again after a while.
    """
    prepared = exists().where(
        Claim.merchant_id == Merchant.id,
        Payment.claim_id == Claim.id,
        Payment.status == PaymentStatus.PREPARED,
        PaymentRun.id == Payment.run_id,
        ~_said(kind, Claim.merchant_id, Snapshot.asked_at >= PaymentRun.prepared_at),
    )
    silent = and_(
        Snapshot.merchant_id == Merchant.id, Snapshot.kind == kind, Snapshot.asked_at > at - AGAIN,
        Snapshot.answer == SnapshotAnswer.UNAVAILABLE,
    )  # fmt: skip
    return select(Merchant).where(or_(prepared, other_cause), ~exists().where(silent))


def _said(kind: SnapshotKind, of: InstrumentedAttribute[int], when: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the register said something of that merchant then. `of`: a column of the query right around this one."""
    return exists().where(
        Snapshot.merchant_id == of, Snapshot.kind == kind, when, Snapshot.answer != SnapshotAnswer.UNAVAILABLE
    )


def closed_in(session: Session, merchant_ids: Collection[int]) -> list[Payment]:
    """The prepared payments to these merchants, if the register's last word is that they are closed."""
    last = latest(session, merchant_ids).values()
    closed = [found.merchant_id for found in last if found.answer is SnapshotAnswer.CLOSED]
    query = select(Payment).join(Claim, Claim.id == Payment.claim_id)
    query = query.where(Claim.merchant_id.in_(closed), Claim.invoice_id.is_(None))
    query = query.where(Payment.status == PaymentStatus.PREPARED).order_by(Payment.id)
    return list(session.scalars(query))
