"""Taking back what was accepted of a firm's invoice: all of it before it is paid, or single services after it was.

Before: its claims are superseded, so that each grant holds its commitment for the same services again. After: what is
to come back is demanded from the firm by recoveries, which the firm's next payments net.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import data
from portal.domain import claims as claim_rules
from portal.domain import recoveries as recovery_rules
from portal.domain import service_passes as pass_rules
from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.deadlines import period_of
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, Problem
from portal.domain.invoices import LIFECYCLE, MIN_REASON
from portal.domain.periods import korean_date
from portal.domain.recovery_amounts import parts_of
from portal.domain.recovery_rates import Cause
from portal.models.claims import Claim
from portal.models.invoices import VendorInvoice
from portal.models.recoveries import Recovery, RecoveryPart
from portal.queries import claims, invoices, payments, recoveries
from portal.services import declarations, steps

# Before the money is on its way; a run that has a claim is cancelled first.
_UNPAID = (ClaimStatus.DRAWN_UP, ClaimStatus.APPROVED, ClaimStatus.PAYMENT_FAILED)


def propose_taking_back(session: Session, invoice_id: int, reason: str, *, by: Actor, at: datetime) -> VendorInvoice:
    """Asks that an accepted invoice be taken back; until that is decided nothing of it is paid.

    Raises NotFound, InvalidTransition, NotPermitted for whoever has an interest in a case of it, Incomplete without a
    reason, or where some of it was paid or is being paid.
    """
    invoice = _held(session, invoice_id, by=by)
    _reason(reason)
    _refuse_paid(session, invoice)
    invoice.back_reason = reason.strip()
    steps.take(session, invoice, LIFECYCLE, "propose_taking_back", by=by, at=at, note=reason.strip())
    return invoice


def take_back(session: Session, invoice_id: int, *, by: Actor, at: datetime) -> VendorInvoice:
    """Its claims pay nothing any more, and its services may be invoiced anew.

    Raises NotFound, InvalidTransition, SamePerson for whoever proposed it, Incomplete where some of it was paid.
    """
    invoice = _held(session, invoice_id, by=by)
    _refuse_paid(session, invoice)
    steps.take(session, invoice, LIFECYCLE, "take_back", by=by, at=at, note=invoice.back_reason)
    for claim in invoices.claims_of(session, invoice.id):
        steps.take(session, claim, claim_rules.LIFECYCLE, "take_back", by=by, at=at)
    for each in list(invoice.passes):
        each.invoice_id = None
        steps.take(session, each, pass_rules.LIFECYCLE, "free", by=by, at=at)
    session.flush()
    session.expire(invoice, ["passes"])
    return invoice


def keep(session: Session, invoice_id: int, reason: str, *, by: Actor, at: datetime) -> VendorInvoice:
    """It stays accepted, and is paid on. Raises NotFound, InvalidTransition, Incomplete without a reason."""
    invoice = _held(session, invoice_id, by=by)
    _reason(reason)
    steps.take(session, invoice, LIFECYCLE, "keep", by=by, at=at, note=reason.strip())
    return invoice


def correct(
    session: Session, invoice_id: int, pass_ids: Collection[int], reason: str, *, by: Actor, at: datetime
) -> list[Recovery]:
    """Asks the firm for what it was paid for these services: a recovery for each merchant's grant, drafted for another
    to order.

    Raises NotFound, InvalidTransition, NotPermitted, Incomplete without a reason, for services that were not paid or
    are asked back already, AlreadyDone where a recovery of the same grant and month is living.
    """
    invoice = _held(session, invoice_id, by=by)
    LIFECYCLE.step(invoice.status, "propose_taking_back")
    _reason(reason)
    open_ones, waiting = invoices.correctable(session, invoice)
    if blocked := {recovery.id: recovery for each, recovery in waiting if each.id in set(pass_ids)}:
        raise AlreadyDone(problems=[_in_hand(recovery) for recovery in blocked.values()])
    chosen = [each for each in open_ones if each.id in set(pass_ids)]
    if not chosen or len(chosen) != len(set(pass_ids)):
        raise Incomplete(problems=[Problem("nothing_to_correct", "passes")])
    won: dict[int, int] = {}
    for each in chosen:
        won[each.application_id] = won.get(each.application_id, 0) + each.supply_value
    found = []
    for claim in invoices.claims_of(session, invoice.id):
        if claim.application_id in won:
            found.append(_demand(session, claim, won[claim.application_id], reason.strip(), by=by, at=at))
            for each in chosen:
                if each.application_id == claim.application_id:
                    each.recovery_id = found[-1].id
    session.flush()
    return found


def _demand(session: Session, claim: Claim, won: int, reason: str, *, by: Actor, at: datetime) -> Recovery:
    """To the won, out of what this claim's own payment gave, source by source."""
    on = korean_date(at)
    paid = recoveries.paid_back(
        session, claim.programme_id, claim.merchant_id, claim.period, invoice_id=claim.invoice_id
    )
    recovery = Recovery(
        organisation_id=claim.programme.organisation_id,
        programme_id=claim.programme_id,
        merchant_id=claim.merchant_id,
        application_id=claim.application_id,
        invoice_id=claim.invoice_id,
        period=claim.period,
        origin=recovery_rules.Origin.AUDIT,
        cause=Cause.CORRECTED,
        amount=won,
        reason=reason,
        opened_by=by.user_id,
        opened_at=at,
        drafted_by=by.user_id,
        pay_days=period_of(data.act_periods(), "public_money", "recovery_payment", on).days,
        parts=[
            RecoveryPart(payment_id=part.payment_id, source=part.source, claimed=part.claimed, principal=part.principal)
            for part in parts_of(won, paid)
        ],
    )
    try:
        steps.begin(session, recovery, recovery_rules.LIFECYCLE, "open", by=by, at=at)
    except IntegrityError as living:
        raise AlreadyDone(problems=[Problem("recovery_exists", "passes")]) from living  # opened since we looked
    steps.take(session, recovery, recovery_rules.LIFECYCLE, "draft_credit", by=by, at=at, note=reason)
    return recovery


def _in_hand(living: Recovery) -> Problem:
    """Whose correction or recovery, and of which month, is to end first."""
    return Problem("correction_in_hand", "passes", f"{living.merchant.trade_name}, {living.period}")


def _held(session: Session, invoice_id: int, *, by: Actor) -> VendorInvoice:
    """The invoice as it is now, after the programme's claims: nobody pays it meanwhile."""
    claims.lock(session, invoices.one(session, invoice_id, by).proposal.programme_id)
    invoice = invoices.one(session, invoice_id, by, locked=True)
    declarations.keep_own_away(session, [each.application_id for each in invoice.passes], by=by)
    return invoice


def _reason(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON:
        raise Incomplete(problems=[Problem("words_too_short", "reason", str(MIN_REASON))])


def _refuse_paid(session: Session, invoice: VendorInvoice) -> None:
    """What the bank sent back is unpaid, but not what it netted, nor what was asked back of it meanwhile: for those
    the invoice stands.
    """
    of = invoices.claims_of(session, invoice.id)
    netted = payments.netted_before(session, [claim.id for claim in of])
    if (
        any(claim.status not in _UNPAID for claim in of)
        or any(netted.values())
        or invoices.credits(session, invoice.id)
    ):
        raise InvalidTransition("some of it was paid or is being paid", [Problem("invoice_being_paid")])
