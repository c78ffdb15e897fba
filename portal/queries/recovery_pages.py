"""Looks up recoveries for pages: the office's list with what is due first, one case whole, a merchant's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.payments import PaymentStatus
from portal.domain.periods import Month
from portal.domain.permissions import Permission
from portal.domain.recoveries import DUE, LIFECYCLE, LIVING, NOT_WITH_FIRMS, VOID, ReceiptKind, RecoveryStatus
from portal.domain.recovery_amounts import Owed
from portal.models.base import IsoDate
from portal.models.claims import AssessmentRun, Claim
from portal.models.letters import Letter
from portal.models.merchants import Merchant
from portal.models.payments import Payment
from portal.models.programmes import Programme
from portal.models.recoveries import Overclaim, Recovery, RecoveryCharge, RecoveryLetter, RecoveryPart, RecoveryReceipt
from portal.queries import audit, recoveries
from portal.queries.mandates import mine

PAGE = 50
_NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list. `next_due`: the merchant's next day, None where the office is to act; `left`: won owed."""

    recovery: Recovery
    next_due: date | None
    left: int


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of cases, what is due first first; `later`: the key to go on from, empty at the end."""

    rows: Sequence[Row]
    later: str


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """All that stands on a case's page. `actions`: what the person asking may do now. `sent_back`: the bank has sent
    back what it is about, and it was not paid anew.
    """

    recovery: Recovery
    owes: Owed
    received: int
    given_up: int
    reserved: int
    letters: Sequence[Letter]
    timeline: Sequence[audit.Happening]
    actions: Sequence[str]
    may_receive: bool
    sent_back: bool


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """What a case could be opened about: a merchant's month, won that the bank paid, won no case has asked back."""

    programme: Programme
    merchant: Merchant
    paid: int
    left: int


@dataclass(frozen=True, slots=True)
class TooMuch:
    """A merchant's month that was claimed too much for: won no case has taken up, and the living case if there is."""

    merchant: Merchant
    amount: int
    case_id: int | None


def page_of(session: Session, by: Actor, view: str, *, on: date, after: str = "") -> Rows:
    """The office's cases: `view` is living, overdue, all or a status. `after`: `2026-07-15_12`, where to go on."""
    due = _next_due()
    query = select(Recovery, due).where(Recovery.organisation_id == by.organisation_id)
    if view in tuple(RecoveryStatus):
        query = query.where(Recovery.status == RecoveryStatus(view))
    elif view == "overdue":
        query = query.where(due < literal(on, IsoDate()))
    elif view != "all":
        query = query.where(Recovery.status.in_(LIVING))
    day, _, number = after.partition("_")
    if number.isdecimal():
        start = literal(_day(day), IsoDate())
        query = query.where(or_(due > start, and_(due == start, Recovery.id > int(number))))
    found = session.execute(query.order_by(due, Recovery.id).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    left = _left(session, [recovery for recovery, _ in shown])
    rows = [Row(recovery, None if day == _NEVER else day, left.get(recovery.id, 0)) for recovery, day in shown]
    last = f"{shown[-1][1].isoformat()}_{shown[-1][0].id}" if len(found) > PAGE else ""
    return Rows(rows, last)


def counts(session: Session, by: Actor) -> dict[RecoveryStatus, int]:
    """Status -> number of the office's cases."""
    rows = session.execute(
        select(Recovery.status, func.count())
        .where(Recovery.organisation_id == by.organisation_id)
        .group_by(Recovery.status)
    )
    return dict(rows.all())


def page(session: Session, recovery_id: int, by: Actor) -> RecoveryPage:
    """One case of the official's organisation. Raises NotFound."""
    return _page(session, recoveries.of_organisation(session, recovery_id, by), by)


def own_page(session: Session, recovery_id: int, by: Actor) -> RecoveryPage:
    """One's own case, once it concerns one. Raises NotFound."""
    return _page(session, recoveries.owned(session, recovery_id, by), by)


def of_owner(session: Session, by: Actor) -> list[Row]:
    """The cases about one's own businesses that one knows of, newest first."""
    found = session.execute(
        select(Recovery, _next_due())
        .join(Merchant, Merchant.id == Recovery.merchant_id)
        .where(
            mine(by),
            or_(Recovery.noticed_on.is_not(None), Recovery.opened_by == by.user_id),
        )
        .order_by(Recovery.id.desc())
    ).all()
    left = _left(session, [recovery for recovery, _ in found])
    return [Row(recovery, None if day == _NEVER else day, left.get(recovery.id, 0)) for recovery, day in found]


def paid_months(session: Session, by: Actor) -> Sequence[Claim]:
    """The paid claims of one's businesses of whose month no case is living: what one may report, newest first."""
    living = select(Recovery.id).where(
        Recovery.programme_id == Claim.programme_id,
        Recovery.merchant_id == Claim.merchant_id,
        Recovery.period == Claim.period,
        Recovery.status.in_(LIVING),
    )
    query = (
        select(Claim)
        .join(Merchant, Merchant.id == Claim.merchant_id)
        .join(Payment, Payment.claim_id == Claim.id)
        .where(mine(by), Claim.invoice_id.is_(None), Payment.status == PaymentStatus.DONE, ~living.exists())
    )
    return session.scalars(query.order_by(Claim.period.desc(), Claim.id.desc())).all()


def paid_month(session: Session, by: Actor, code: str, merchant_id: int, period: Month) -> PaidMonth | None:
    """One merchant's month of the office's own programme; None where nothing was paid for it."""
    claim = session.scalar(
        select(Claim)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(Programme.code == code, Programme.organisation_id == by.organisation_id)
        .where(Claim.merchant_id == merchant_id, Claim.period == period)
        .limit(1)
    )
    if claim is None:
        return None
    found = recoveries.paid_back(session, claim.programme_id, merchant_id, period)
    paid = sum(sum(payment.shares.values()) for payment in found)
    left = sum(sum(payment.left.values()) for payment in found)
    return PaidMonth(claim.programme, claim.merchant, paid, left) if paid else None


def too_much(session: Session, by: Actor, code: str, period: Month) -> list[TooMuch]:
    """What the last run of a programme found a month to be claimed too much for, less what cases have taken up."""
    last = (
        select(func.max(AssessmentRun.id))
        .join(Programme, Programme.id == AssessmentRun.programme_id)
        .where(Programme.code == code, Programme.organisation_id == by.organisation_id)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(Overclaim).where(Overclaim.run_id == last, Overclaim.period == period).order_by(Overclaim.merchant_id)
    ).all()
    taken: dict[int, int] = {}
    open_cases: dict[int, int] = {}
    for case_ in session.scalars(
        select(Recovery)
        .join(Programme, Programme.id == Recovery.programme_id)
        .where(
            Programme.code == code,
            Recovery.period == period,
            Recovery.merchant_id.in_([row.merchant_id for row in rows]),
            Recovery.status.not_in(VOID),
        )
    ):
        taken[case_.merchant_id] = taken.get(case_.merchant_id, 0) + case_.amount
        if case_.status in LIVING:
            open_cases[case_.merchant_id] = case_.id
    found = [
        TooMuch(row.merchant, max(0, row.amount - taken.get(row.merchant_id, 0)), open_cases.get(row.merchant_id))
        for row in rows
    ]
    return [each for each in found if each.amount or each.case_id]


def _page(session: Session, recovery: Recovery, by: Actor) -> RecoveryPage:
    done = audit.done_by(session, LIFECYCLE.noun, recovery.id)
    actions = LIFECYCLE.actions(recovery.status, by, done)
    if "order" in actions and by.person_id in recoveries.approvers_of(session, recovery):
        actions.remove("order")
    never = NOT_WITH_FIRMS if recovery.invoice_id is not None else ("draft_credit",)
    actions = [action for action in actions if action not in never]
    sums: dict[bool, int] = {True: 0, False: 0}
    for receipt in recovery.receipts:
        sums[receipt.kind is ReceiptKind.WRITTEN_OFF] += receipt.amount
    return RecoveryPage(
        recovery=recovery,
        owes=recoveries.owed_of(session, recovery),
        received=sums[False],
        given_up=sums[True],
        reserved=sum(left.reserved for left in recoveries.left_of(session, recovery)),
        letters=_letters(session, recovery),
        timeline=audit.timeline(session, LIFECYCLE.noun, recovery.id),
        actions=actions,
        may_receive=recovery.status in DUE and by.may(Permission.RECOVERY_RECEIVE),
        sent_back=recovery.status in LIVING and sent_back_meanwhile(session, recovery),
    )


def sent_back_meanwhile(session: Session, recovery: Recovery) -> bool:
    """Whether the bank has sent back a payment that this case is about, and its claim was not paid anew."""
    returned = (
        select(Payment.id)
        .join(RecoveryPart, RecoveryPart.payment_id == Payment.id)
        .join(Claim, Claim.id == Payment.claim_id)
        .where(
            RecoveryPart.recovery_id == recovery.id,
            Payment.status == PaymentStatus.RETURNED,
            Claim.status != ClaimStatus.PAID,
        )
    )
    return session.scalar(select(returned.exists())) or False


def _letters(session: Session, recovery: Recovery) -> Sequence[Letter]:
    """The letters of this case."""
    return session.scalars(
        select(Letter)
        .join(RecoveryLetter, RecoveryLetter.letter_id == Letter.id)
        .where(RecoveryLetter.recovery_id == recovery.id)
        .order_by(Letter.id)
    ).all()


def _next_due() -> ColumnElement[date]:
    """The merchant's next day by status; far away where the office is to act, or nothing is to be done."""
    never = literal(_NEVER, IsoDate())
    return case(
        (Recovery.status == RecoveryStatus.NOTICED, func.coalesce(Recovery.opinion_due_on, never)),
        (Recovery.status.in_(DUE), func.coalesce(Recovery.due_on, never)),
        else_=never,
    )


def _left(session: Session, found: Sequence[Recovery]) -> Mapping[int, int]:
    """Case -> won owed now; the principal asked for where nothing is ordered yet."""
    ids = [recovery.id for recovery in found if recovery.ordered_on is not None]
    left = {recovery.id: recovery.amount for recovery in found if recovery.status in LIVING}
    for model, sign in ((RecoveryCharge, 1), (RecoveryReceipt, -1)):
        rows = session.execute(
            select(model.recovery_id, func.sum(model.amount))
            .where(model.recovery_id.in_(ids))
            .group_by(model.recovery_id)
        )
        for recovery_id, won in rows:
            left[recovery_id] = (left[recovery_id] if sign < 0 else 0) + sign * int(won)
    return left


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(text) from None
