"""The invariants of services in kind: passes within grants, invoices that add up, firms paid what was confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.claims import ClaimStatus
from portal.domain.invoices import VOID, InvoiceStatus
from portal.domain.payments import LIVE
from portal.domain.service_passes import DELIVERED, TAKING
from portal.models.applications import Decision
from portal.models.claims import Claim
from portal.models.invoices import VendorInvoice
from portal.models.payments import Payment, PaymentNetting
from portal.models.proposals import Offer, Proposal
from portal.models.recoveries import Recovery, RecoveryPart
from portal.models.service_passes import ServicePass


def passes_within_grants(session: Session) -> Iterator[str]:
    """I2: what a grant's passes take together is no more than was granted; each costs what its offer says."""
    granted = dict(session.execute(select(Decision.application_id, Decision.amount)).all())
    taken = session.execute(
        select(ServicePass.application_id, func.sum(ServicePass.supply_value))
        .where(ServicePass.status.in_(TAKING))
        .group_by(ServicePass.application_id)
    )
    for application_id, won in taken:
        if won > granted.get(application_id, 0):
            yield f"application {application_id}: passes of {won} exceed {granted.get(application_id, 0)}"
    odd = (
        select(ServicePass.id)
        .join(Offer, Offer.id == ServicePass.offer_id)
        .where((ServicePass.supply_value != Offer.supply_value) | (ServicePass.vat != Offer.vat))
    )
    yield from (f"service pass {number}: another price than its offer's" for number in session.scalars(odd))


def invoices_add_up(session: Session) -> Iterator[str]:
    """I6: an invoice comes to its confirmed passes, and its claims to its supply value, grant by grant, without tax."""
    passes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    vat: dict[int, int] = defaultdict(int)
    rows = select(ServicePass).where(ServicePass.invoice_id.is_not(None))
    for each in session.scalars(rows):
        number = each.invoice_id or 0
        passes[number][each.application_id] += each.supply_value
        vat[number] += each.vat
        if each.status not in DELIVERED or each.confirmed_at is None:
            yield f"invoice {number}: service pass {each.id} was not confirmed"
    claimed: dict[int, dict[int, int]] = defaultdict(dict)
    paying = select(Claim.invoice_id, Claim.application_id, func.sum(Claim.payable)).where(
        Claim.invoice_id.is_not(None), Claim.status != ClaimStatus.SUPERSEDED
    )
    for number, application_id, won in session.execute(paying.group_by(Claim.invoice_id, Claim.application_id)):
        claimed[number or 0][application_id] = int(won)
    for invoice in session.scalars(select(VendorInvoice).order_by(VendorInvoice.id)):
        of = passes[invoice.id]
        if invoice.status in VOID:
            if of or claimed[invoice.id]:
                yield f"invoice {invoice.id} is {invoice.status}: passes of {dict(of)}, claims of {claimed[invoice.id]}"
            continue
        if (invoice.supply_value, invoice.vat) != (sum(of.values()), vat[invoice.id]):
            yield f"invoice {invoice.id}: {invoice.supply_value} + {invoice.vat}, its passes say otherwise"
        wanted = {} if invoice.status is InvoiceStatus.FILED else dict(of)
        if claimed[invoice.id] != wanted:
            yield f"invoice {invoice.id}: claims of {claimed[invoice.id]}, passes of {wanted}"


def firms_paid_as_agreed(session: Session) -> Iterator[str]:
    """I10: a firm is paid under its signed agreement alone; what somebody owes is kept from nobody else."""
    rows = session.execute(
        select(Payment.id, Proposal.agreement_number)
        .join(Claim, Claim.id == Payment.claim_id)
        .join(VendorInvoice, VendorInvoice.id == Claim.invoice_id)
        .join(Proposal, Proposal.id == VendorInvoice.proposal_id)
        .where(Payment.status.in_(LIVE))
    )
    for payment_id, agreement in rows:
        if agreement is None:
            yield f"payment {payment_id}: the firm has no agreement"
    yield from _kept_from_others(session)


def _kept_from_others(session: Session) -> Iterator[str]:
    """Payments that net what another payee owes."""
    paying, owing = aliased(VendorInvoice), aliased(VendorInvoice)
    rows = session.execute(
        select(Payment.id, Claim.merchant_id, paying.proposal_id, Recovery.merchant_id, owing.proposal_id)
        .select_from(Payment)
        .join(Claim, Claim.id == Payment.claim_id)
        .outerjoin(paying, paying.id == Claim.invoice_id)
        .join(PaymentNetting, PaymentNetting.payment_id == Payment.id)
        .join(RecoveryPart, RecoveryPart.id == PaymentNetting.part_id)
        .join(Recovery, Recovery.id == RecoveryPart.recovery_id)
        .outerjoin(owing, owing.id == Recovery.invoice_id)
        .where(Payment.status.in_(LIVE))
    )
    for payment_id, merchant, firm, owing_merchant, owing_firm in rows:
        if firm != owing_firm or (firm is None and merchant != owing_merchant):
            yield f"payment {payment_id}: nets what another owes"
