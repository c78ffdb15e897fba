"""What the bank's word does to a payment: to its status, its claim, the ledger and the merchant, all or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.domain import claims as claim_rules
from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.ledger import PostingKind
from portal.domain.money import Won
from portal.domain.payments import PAYMENT_LIFECYCLE
from portal.domain.periods import korean_date
from portal.models.payments import Payment
from portal.queries import invoices, recoveries
from portal.queries import ledger as postings
from portal.services import ledger, letters, netting, notices, steps
from portal.storage.objects import Stores

Lines = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the bank said along with it."""

    reason: str = ""
    bank_reference: str = ""
    executed_on: date | None = None


def lines_for(session: Session, payments: Collection[Payment]) -> Mapping[int, Lines]:
    """Application id -> funding source -> the budget line its grant was committed from.

    All of them, those that the payments were paid from, and the orders that they net, are held by now.
    """
    committed = postings.committed_from(session, [payment.claim.application_id for payment in payments])
    back = netting.hold(session, payments)
    back |= {line.id for line in recoveries.lines_of(session, [payment.id for payment in payments]).values()}
    ledger.hold(session, back | {line for lines in committed.values() for line in lines.values()})
    return committed


def done(
    session: Session, stores: Stores, payment: Payment, said: Evidence, lines: Lines, *, by: Actor, at: datetime
) -> None:
    """Paid: the ledger, the claim, what it nets and the letter exist together or not at all."""
    _step(session, payment, "confirm", said, by=by, at=at)
    payment.bank_reference, payment.executed_on = said.bank_reference or None, said.executed_on
    _pay_out(session, stores, payment, lines, by=by, at=at)


def netted(session: Session, stores: Stores, payment: Payment, lines: Lines, *, by: Actor, at: datetime) -> None:
    """Recoveries take all of it: paid without the bank."""
    _step(session, payment, "net", Evidence(), by=by, at=at)
    payment.executed_on = korean_date(at)
    _pay_out(session, stores, payment, lines, by=by, at=at)


def refused(session: Session, payment: Payment, said: Evidence, *, by: Actor, at: datetime) -> None:
    """Not paid: the claim waits for another account."""
    _step(session, payment, "refuse", said, by=by, at=at)
    payment.bank_reference = said.bank_reference or None
    steps.take(session, payment.claim, claim_rules.LIFECYCLE, "fail", by=by, at=at, note=said.reason)


def returned(session: Session, stores: Stores, payment: Payment, said: Evidence, *, by: Actor, at: datetime) -> None:
    """Paid and sent back (반송): the money is committed again, and the claim waits for another account.

    What the payment netted stays netted: the next payment of the claim is less by that.
    """
    _step(session, payment, "return", said, by=by, at=at)
    moved = {share.source: share.amount for share in payment.shares}
    # To the lines that paid it: what is left of the grant may have been carried to another year since.
    paid_from = {source: line.id for (_, source), line in recoveries.lines_of(session, [payment.id]).items()}
    _post(session, PostingKind.RETURN, payment, moved, paid_from, by=by, at=at)
    steps.take(session, payment.claim, claim_rules.LIFECYCLE, "return", by=by, at=at, note=said.reason)
    if payment.claim.invoice_id is None:
        notices.issue_returned(session, stores, payment, by=by, at=at)


def accepted(session: Session, payment: Payment, *, by: Actor, at: datetime) -> None:
    """The bank has it and will do it."""
    _step(session, payment, "accept", Evidence(), by=by, at=at)


def lost_sight_of(session: Session, payment: Payment, said: Evidence, *, by: Actor, at: datetime) -> None:
    """Nobody knows: the bank is asked, and nothing is sent again."""
    _step(session, payment, "lose_sight", said, by=by, at=at)


def void(session: Session, payment: Payment, *, by: Actor, at: datetime, note: str) -> None:
    """The bank never heard of it: this attempt is over, and the claim may be paid by another."""
    _step(session, payment, "void", Evidence(reason="NEVER_HEARD"), by=by, at=at, note=note)
    steps.take(session, payment.claim, claim_rules.LIFECYCLE, "fail", by=by, at=at, note="NEVER_HEARD")


def _step(
    session: Session, payment: Payment, action: str, said: Evidence, *, by: Actor, at: datetime, note: str = ""
) -> None:
    steps.take(session, payment, PAYMENT_LIFECYCLE, action, by=by, at=at, note=note or said.reason)
    payment.reason = said.reason or None


def _pay_out(session: Session, stores: Stores, payment: Payment, lines: Lines, *, by: Actor, at: datetime) -> None:
    whole = {share.source: share.whole for share in payment.shares}
    _post(session, PostingKind.DISBURSE, payment, whole, lines, by=by, at=at)
    steps.take(session, payment.claim, claim_rules.LIFECYCLE, "settle", by=by, at=at)
    netting.settle(session, stores, payment, by=by, at=at)
    if payment.claim.invoice_id is not None:
        _told_if_paid_whole(session, payment.claim.invoice_id, by=by, at=at)
        return  # a firm is no merchant: it reads on its invoice that it was paid
    payment.letter_id = letters.issue_payment(session, stores, payment, by=by, at=at).id


def _told_if_paid_whole(session: Session, invoice_id: int, *, by: Actor, at: datetime) -> None:
    """The firm hears of its invoice once, when the last merchant's part of it was sent."""
    if all(claim.status is ClaimStatus.PAID for claim in invoices.claims_of(session, invoice_id)):
        steps.write(session, "vendor_invoice", invoice_id, "pay", by=by, at=at)


def _post(
    session: Session,
    kind: PostingKind,
    payment: Payment,
    shares: Mapping[str, Won],
    lines: Lines,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """By source, to the won, on the lines the grant was committed from; once for each payment."""
    ledger.post(
        session,
        kind,
        {lines[source]: won for source, won in shares.items() if won},
        source_key=f"{kind}:payment:{payment.id}",
        by=by,
        at=at,
        application_id=payment.claim.application_id,
    )
