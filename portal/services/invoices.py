"""A platform firm's invoice: filed for confirmed services, and accepted into claims that the usual approval and payment
runs carry.

Every won is explained: invoice -> its services -> a claim for each merchant, out of that merchant's own grant. The tax
on the invoice is the merchants' and is in no claim.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain import claims as claim_rules
from portal.domain import service_passes as pass_rules
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, BudgetExhausted, Incomplete, NotPermitted, Problem
from portal.domain.invoices import (
    LIFECYCLE,
    MIN_REASON,
    Delivered,
    FileInvoice,
    approval_number,
    by_grant,
    invoice_problems,
)
from portal.domain.kinds import SERVICE
from portal.domain.money import E4
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.models.applications import Application
from portal.models.claims import Claim, ClaimPart
from portal.models.invoices import VendorInvoice
from portal.models.service_passes import ServicePass
from portal.queries import claims, invoices, proposals
from portal.services import declarations, steps


def file(session: Session, proposal_id: int, command: FileInvoice, *, by: Actor, at: datetime) -> VendorInvoice:
    """Files an invoice for confirmed services; each stands on one invoice at most.

    Raises NotFound for another firm's, Incomplete where it does not come to its services to the won, AlreadyDone where
    its number was filed before.
    """
    if not by.may(Permission.PLATFORM_SUPPLY):
        raise NotPermitted(Permission.PLATFORM_SUPPLY)
    proposal = proposals.own_held(session, proposal_id, by)
    wanted = set(command.passes)
    passes = [each for each in invoices.open_passes(session, proposal.id, locked=True) if each.id in wanted]
    if problems := invoice_problems(command, [_delivered(each) for each in passes], on=korean_date(at)):
        raise Incomplete(problems=problems)
    invoice = VendorInvoice(
        proposal_id=proposal.id,
        number=approval_number(command.number),
        issued_on=command.issued_on,
        supply_value=command.supply_value,
        vat=command.vat,
        filed_by=by.user_id,
        filed_at=at,
        refusal="",
    )
    try:
        steps.begin(session, invoice, LIFECYCLE, "file", by=by, at=at)
    except IntegrityError as there:
        raise AlreadyDone("filed before", [Problem("invoice_filed", "number")]) from there
    for each in passes:
        each.invoice_id = invoice.id
        steps.take(session, each, pass_rules.LIFECYCLE, "invoice", by=by, at=at, note=invoice.number)
    return invoice


def accept(session: Session, invoice_id: int, *, by: Actor, at: datetime) -> list[Claim]:
    """Draws up what the invoice is paid by: a claim out of each merchant's grant, for the approver as every claim.

    Raises NotFound, InvalidTransition the second time, NotPermitted for the owner of a business on it, or who declared
    an interest in its case, BudgetExhausted where a grant does not hold it.
    """
    seen = invoices.one(session, invoice_id, by)
    claims.lock(session, seen.proposal.programme_id)
    invoice = invoices.one(session, invoice_id, by, locked=True)
    grants = {each.application_id: each for each in claims.grants(session, invoice.proposal.programme_id)}
    claimed = claims.claimed(session, invoice.proposal.programme_id)
    found = by_grant(map(_delivered, invoice.passes))
    if any(grants[number].person_id == by.person_id for number in found if number in grants):
        raise NotPermitted("nobody draws up a claim of their own business")
    declarations.keep_own_away(session, list(found), by=by)
    steps.take(session, invoice, LIFECYCLE, "accept", by=by, at=at)
    invoice.decided_by, invoice.decided_at = by.user_id, at
    drawn = []
    for application_id, (number, won) in found.items():
        left = grants[application_id].amount - claimed.get(application_id, 0) if application_id in grants else 0
        if won > left:
            raise BudgetExhausted(problems=[Problem("grant_used_up", value=f"{left:,} / {won:,}")])
        drawn.append(_draw_up(session, invoice, application_id, number, won, by=by, at=at))
    for each in invoice.passes:
        steps.take(session, each, pass_rules.LIFECYCLE, "claim", by=by, at=at)
    return drawn


def refuse(session: Session, invoice_id: int, reason: str, *, by: Actor, at: datetime) -> VendorInvoice:
    """Gives an invoice back with a reason: its services may be invoiced anew. Raises NotFound, Incomplete, NotPermitted
    for whoever may not accept it either.
    """
    invoice = invoices.one(session, invoice_id, by, locked=True)
    declarations.keep_own_away(session, [each.application_id for each in invoice.passes], by=by)
    if len(reason.strip()) < MIN_REASON:
        raise Incomplete(problems=[Problem("words_too_short", "reason", str(MIN_REASON))])
    invoice.refusal, invoice.decided_by, invoice.decided_at = reason.strip(), by.user_id, at
    steps.take(session, invoice, LIFECYCLE, "refuse", by=by, at=at, note=reason.strip())
    for each in list(invoice.passes):
        each.invoice_id = None
        steps.take(session, each, pass_rules.LIFECYCLE, "return", by=by, at=at)
    session.flush()
    session.expire(invoice, ["passes"])
    return invoice


def _draw_up(
    session: Session, invoice: VendorInvoice, application_id: int, number: int, won: int, *, by: Actor, at: datetime
) -> Claim:
    application = session.get_one(Application, application_id)
    proposal, period = invoice.proposal, f"{invoice.issued_on:%Y-%m}"
    revision, before = invoices.last_of_month(session, proposal.programme_id, application.merchant_id, period)
    claim = Claim(
        programme_id=proposal.programme_id,
        version_id=application.version_id,
        merchant_id=application.merchant_id,
        application_id=application_id,
        invoice_id=invoice.id,
        period=period,
        revision=revision + 1,
        lines=number,
        exact_e4=won * E4,
        assessed=before + won,
        payable=won,
        drawn_up_at=at,
        parts=[ClaimPart(platform=proposal.platform, item=SERVICE, lines=number, amount_e4=won * E4, amount=won)],
    )
    steps.begin(session, claim, claim_rules.LIFECYCLE, "draw_up", by=by, at=at)
    return claim


def _delivered(found: ServicePass) -> Delivered:
    return Delivered(found.id, found.application_id, found.supply_value, found.vat)
