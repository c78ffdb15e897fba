"""What a programme has left, who waits and how long things take: from the ledger and from what was really done.

A fixed number of statements, whatever the programme has been through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationStatus
from portal.domain.deadlines import Holidays
from portal.domain.ledger import Account
from portal.domain.outlooks import MOST, WINDOW_DAYS, Expected, Spread, expected, spread
from portal.domain.payments import PaymentStatus
from portal.domain.periods import fiscal_year, korean_date
from portal.models.applications import Application, Decision
from portal.models.claims import Claim
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.payments import Payment
from portal.queries import audit, reservations
from portal.queries.programmes import Published
from portal.queries.reservations import Line, Place

S = ApplicationStatus
UNDECIDED = (S.SUBMITTED, S.IN_REVIEW, S.SUPPLEMENT_REQUESTED, S.RECOMMENDED)


@dataclass(frozen=True, slots=True)
class Money:
    """A programme's budget of one fiscal year in won, by the ledger as of its last entry."""

    fiscal_year: int
    appropriated: int
    left: int
    as_of: datetime

    @property
    def share(self) -> Decimal:
        """What is left, a fraction of the budget."""
        return Decimal(self.left) / self.appropriated if self.appropriated else Decimal(0)


@dataclass(frozen=True, slots=True)
class Outlook:
    """For the public. `line`: None where the money is committed at the decision; `decision`: from handing in to the
    decision, `payment`: from the decision to the first payment; None where too few of them are known."""

    money: Money | None
    line: Line | None
    decision: Spread | None
    payment: Spread | None
    processing_days: int


@dataclass(frozen=True, slots=True)
class Prospect:
    """For whoever handed an application in. `moves`: what happened to its place in line, without who caused it."""

    outlook: Outlook
    place: Place | None
    decision: Expected | None
    payment: Expected | None
    moves: tuple[audit.Happening, ...]


def of_programme(session: Session, published: Published, *, at: datetime, holidays: Holidays) -> Outlook:
    """What anyone may know, in at most four statements."""
    programme_id, call = published.programme.id, published.announcement.call
    since = at - timedelta(days=WINDOW_DAYS)
    return Outlook(
        money=_money(session, programme_id, fiscal_year(korean_date(at))),
        line=reservations.line(session, programme_id) if call.first_come else None,
        decision=_decisions(session, programme_id, since, holidays),
        payment=_payments(session, programme_id, since, holidays),
        processing_days=call.processing_days,
    )


def of_application(
    session: Session, application: Application, published: Published, *, at: datetime, holidays: Holidays
) -> Prospect | None:
    """What the applicant may expect, in at most three statements more; None before it was handed in."""
    if application.submitted_at is None:
        return None
    outlook = of_programme(session, published, at=at, holidays=holidays)
    place = reservations.place(session, application.id)  # also where an objection put it into line
    decided, paid = _decided_and_paid(session, application.id)
    decision = payment = None
    if application.status in UNDECIDED and not (place and place.waits):
        decision = expected(korean_date(application.submitted_at), outlook.decision, outlook.processing_days, holidays)
    if application.status == S.APPROVED and decided and not paid and outlook.payment:
        payment = expected(korean_date(decided), outlook.payment, 0, holidays)
    elif decision and outlook.payment:
        payment = _after(decision, outlook.payment, holidays)
    moves = audit.timeline(session, "reservation", application.id) if place else []
    return Prospect(outlook, place, decision, payment, tuple(audit.nameless(moves)))


def _after(decision: Expected, payment: Spread, holidays: Holidays) -> Expected:
    usual = expected(decision.usual, payment, 0, holidays).usual
    return Expected(usual, expected(decision.late, payment, 0, holidays).late, payment.count)


def _money(session: Session, programme_id: int, year: int) -> Money | None:
    """By the postings, never by the guards of the lines."""
    debit, credit = Posting.debit, Posting.credit
    available = case((debit == Account.AVAILABLE, Posting.amount), (credit == Account.AVAILABLE, -Posting.amount))
    granted = case((credit == Account.SOURCE, Posting.amount), (debit == Account.SOURCE, -Posting.amount))
    appropriated, left, as_of = session.execute(
        select(func.sum(granted), func.sum(available), func.max(LedgerEntry.posted_at))
        .select_from(BudgetLine)
        .join(Posting, Posting.budget_line_id == BudgetLine.id)
        .join(LedgerEntry, LedgerEntry.id == Posting.entry_id)
        .where(BudgetLine.programme_id == programme_id, BudgetLine.fiscal_year == year)
    ).one()
    return Money(year, int(appropriated or 0), int(left or 0), as_of) if as_of else None


def _decisions(session: Session, programme_id: int, since: datetime, holidays: Holidays) -> Spread | None:
    """From handing in to the decision, whichever it was; a time for supplement is part of it."""
    rows = session.execute(
        select(Application.submitted_at, Decision.decided_at)
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.programme_id == programme_id, Decision.decided_at >= since)
        .order_by(Decision.decided_at.desc())
        .limit(MOST)
    )
    spans = [(korean_date(first), korean_date(last)) for first, last in rows if first and last]
    return spread(spans, holidays)


def _payments(session: Session, programme_id: int, since: datetime, holidays: Holidays) -> Spread | None:
    """From the decision to the first payment of each application."""
    first = func.min(Payment.executed_on)
    rows = session.execute(
        select(Decision.decided_at, first)
        .join(Claim, Claim.application_id == Decision.application_id)
        .join(Payment, Payment.claim_id == Claim.id)
        .where(Claim.programme_id == programme_id, Payment.status == PaymentStatus.DONE)
        .group_by(Decision.application_id, Decision.decided_at)
        .having(first >= korean_date(since))
        .order_by(first.desc())
        .limit(MOST)
    )
    return spread([(korean_date(decided), paid) for decided, paid in rows if decided and paid], holidays)


def _decided_and_paid(session: Session, application_id: int) -> tuple[datetime | None, date | None]:
    """When it was decided on, and when it was first paid."""
    paid = (
        select(func.min(Payment.executed_on))
        .join(Claim, Claim.id == Payment.claim_id)
        .where(Claim.application_id == application_id, Payment.status == PaymentStatus.DONE)
        .scalar_subquery()
    )
    row = session.execute(select(Decision.decided_at, paid).where(Decision.application_id == application_id)).first()
    return (row[0], row[1]) if row else (None, None)
