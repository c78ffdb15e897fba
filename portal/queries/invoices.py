"""Looks up invoices of platform firms and the confirmed services that may be invoiced."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, selectinload

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.invoices import InvoiceStatus
from portal.domain.recoveries import LIVING
from portal.domain.recoveries import VOID as VOID_RECOVERIES
from portal.domain.service_passes import PassStatus
from portal.models.claims import Claim
from portal.models.invoices import VendorInvoice
from portal.models.proposals import Offer, Proposal
from portal.models.recoveries import Recovery
from portal.models.service_passes import ServicePass


def of_firm(session: Session, by: Actor) -> Sequence[VendorInvoice]:
    """Those of the person's own platform, newest first."""
    query = select(VendorInvoice).join(Proposal, Proposal.id == VendorInvoice.proposal_id)
    mine = query.where(Proposal.platform == by.platform, Proposal.organisation_id == by.organisation_id)
    return session.scalars(mine.order_by(VendorInvoice.id.desc()).options(selectinload(VendorInvoice.passes))).all()


def own(session: Session, invoice_id: int, by: Actor) -> VendorInvoice:
    """One of the person's own platform. Raises NotFound for every other firm's."""
    found = session.get(VendorInvoice, invoice_id)
    of = found.proposal if found is not None else None
    if found is None or of is None or (of.platform, of.organisation_id) != (by.platform, by.organisation_id):
        raise NotFound(f"invoice {invoice_id}")
    return found


def of_organisation(session: Session, by: Actor, *, status: InvoiceStatus | None = None) -> Sequence[VendorInvoice]:
    """Those filed with the official's organisation, oldest first."""
    query = (
        select(VendorInvoice)
        .join(Proposal, Proposal.id == VendorInvoice.proposal_id)
        .where(Proposal.organisation_id == by.organisation_id)
    )
    if status is not None:
        query = query.where(VendorInvoice.status == status)
    return session.scalars(query.order_by(VendorInvoice.id).options(selectinload(VendorInvoice.passes))).all()


def one(session: Session, invoice_id: int, by: Actor, *, locked: bool = False) -> VendorInvoice:
    """One filed with the official's organisation. Raises NotFound."""
    query = select(VendorInvoice).where(VendorInvoice.id == invoice_id)
    if locked:
        query = query.with_for_update(of=VendorInvoice).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None or found.proposal.organisation_id != by.organisation_id:
        raise NotFound(f"invoice {invoice_id}")
    return found


def open_passes(session: Session, proposal_id: int, *, locked: bool = False) -> Sequence[ServicePass]:
    """The confirmed services of a proposal that stand on no invoice, oldest first."""
    query = (
        select(ServicePass)
        .join(Offer, Offer.id == ServicePass.offer_id)
        .where(Offer.proposal_id == proposal_id, ServicePass.status == PassStatus.CONFIRMED)
        .order_by(ServicePass.id)
    )
    if locked:
        query = query.with_for_update(of=ServicePass).execution_options(populate_existing=True)
    return session.scalars(query).all()


def claims_of(session: Session, invoice_id: int) -> Sequence[Claim]:
    """What an accepted invoice is paid by: a claim for each merchant on it."""
    return session.scalars(select(Claim).where(Claim.invoice_id == invoice_id).order_by(Claim.id)).all()


def creditable(session: Session, invoice: VendorInvoice) -> Sequence[ServicePass]:
    """Its services that were paid for and whose price is not asked back from the firm."""
    paid = select(Claim.application_id).where(Claim.invoice_id == invoice.id, Claim.status == ClaimStatus.PAID)
    asked = select(Recovery.id).where(Recovery.id == ServicePass.recovery_id, Recovery.status.not_in(VOID_RECOVERIES))
    query = select(ServicePass).where(ServicePass.invoice_id == invoice.id, ServicePass.application_id.in_(paid))
    return session.scalars(query.where(~asked.exists()).order_by(ServicePass.id)).all()


def correctable(
    session: Session, invoice: VendorInvoice
) -> tuple[list[ServicePass], list[tuple[ServicePass, Recovery]]]:
    """Those of them that a correction may be drafted for now; and those that wait for one of the same merchant's month
    to end, each with that one."""
    same_month = and_(
        Recovery.programme_id == Claim.programme_id,
        Recovery.merchant_id == Claim.merchant_id,
        Recovery.period == Claim.period,
    )
    rows = session.execute(
        select(Claim.application_id, Recovery)
        .join(Recovery, same_month)
        .where(Claim.invoice_id == invoice.id, Recovery.status.in_(LIVING))
    )
    living = dict(rows.all())
    passes = creditable(session, invoice)
    return (
        [each for each in passes if each.application_id not in living],
        [(each, living[each.application_id]) for each in passes if each.application_id in living],
    )


def credits(session: Session, invoice_id: int) -> Sequence[Recovery]:
    """What is asked back, or came back, from the firm of this invoice."""
    query = select(Recovery).where(Recovery.invoice_id == invoice_id, Recovery.status.not_in(VOID_RECOVERIES))
    return session.scalars(query.order_by(Recovery.id)).all()


def last_of_month(session: Session, programme_id: int, merchant_id: int, period: str) -> tuple[int, int]:
    """(Revisions used, won claimed) of a merchant's month, whatever its claims rest on."""
    mine = (Claim.programme_id == programme_id, Claim.merchant_id == merchant_id, Claim.period == period)
    revision = session.scalar(select(func.max(Claim.revision)).where(*mine)) or 0
    counting = select(func.sum(Claim.payable)).where(*mine, Claim.status != ClaimStatus.SUPERSEDED)
    return revision, int(session.scalar(counting) or 0)
