"""The invariants of procedure: every status was reached through its table, and by the persons its table keeps apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain import (
    applications,
    approvals,
    bulk,
    claims,
    evidence,
    extensions,
    fiscal_years,
    grant_changes,
    holidays,
    invoices,
    jobs,
    links,
    mandates,
    messages,
    objections,
    payments,
    plans,
    programme_drafts,
    programmes,
    proposals,
    proxy_entries,
    receipts,
    recoveries,
    reservations,
    rosters,
    selections,
    service_passes,
    signals,
    vouchers,
)
from portal.domain.lifecycle import Lifecycle
from portal.models.applications import Application
from portal.models.approvals import ApprovalBand
from portal.models.audit import AuditEvent
from portal.models.bulk import BulkRun
from portal.models.claims import Claim
from portal.models.clocks import ProcessingExtension
from portal.models.evidence import Evidence
from portal.models.fiscal_years import FiscalYear
from portal.models.grant_changes import GrantChange
from portal.models.holidays import HolidayChange
from portal.models.invoices import VendorInvoice
from portal.models.jobs import Job
from portal.models.links import PlatformLink
from portal.models.mandates import Mandate
from portal.models.notifications import Message
from portal.models.objections import Objection
from portal.models.payments import Payment, PaymentRun
from portal.models.plans import PlanCheck, PlanVersionCheck
from portal.models.programme_drafts import ProgrammeDraft
from portal.models.programmes import ProgrammeVersion
from portal.models.proposals import Proposal
from portal.models.proxy_entries import ProxyEntry
from portal.models.receipts import Receipt
from portal.models.recoveries import Recovery
from portal.models.reservations import Reservation
from portal.models.rosters import Roster, RosterMember
from portal.models.selections import Selection
from portal.models.service_passes import ServicePass
from portal.models.signals import Signal
from portal.models.vouchers import Voucher

FIRST = 20  # broken rows named

LIFECYCLES: tuple[tuple[Lifecycle, Any], ...] = (
    (applications.LIFECYCLE, Application),
    (approvals.BAND_LIFECYCLE, ApprovalBand),
    (claims.LIFECYCLE, Claim),
    (jobs.LIFECYCLE, Job),
    (messages.LIFECYCLE, Message),
    (links.LIFECYCLE, PlatformLink),
    (evidence.LIFECYCLE, Evidence),
    (payments.PAYMENT_LIFECYCLE, Payment),
    (payments.RUN_LIFECYCLE, PaymentRun),
    (programmes.LIFECYCLE, ProgrammeVersion),
    (reservations.LIFECYCLE, Reservation),
    (recoveries.LIFECYCLE, Recovery),
    (objections.LIFECYCLE, Objection),
    (fiscal_years.LIFECYCLE, FiscalYear),
    (grant_changes.LIFECYCLE, GrantChange),
    (vouchers.LIFECYCLE, Voucher),
    (selections.LIFECYCLE, Selection),
    (proposals.LIFECYCLE, Proposal),
    (service_passes.LIFECYCLE, ServicePass),
    (invoices.LIFECYCLE, VendorInvoice),
    (programme_drafts.LIFECYCLE, ProgrammeDraft),
    (mandates.LIFECYCLE, Mandate),
    (rosters.LIFECYCLE, Roster),
    (rosters.MEMBER_LIFECYCLE, RosterMember),
    (proxy_entries.LIFECYCLE, ProxyEntry),
    (bulk.RUN_LIFECYCLE, BulkRun),
    (extensions.LIFECYCLE, ProcessingExtension),
    (receipts.LIFECYCLE, Receipt),
    (signals.LIFECYCLE, Signal),
    (plans.VERSION_LIFECYCLE, PlanVersionCheck),
    (plans.LIFECYCLE, PlanCheck),
    (holidays.LIFECYCLE, HolidayChange),
)
# Upgrades made records of what stood before they were kept: these begin without a line of the trail.
INHERITED = frozenset({proxy_entries.LIFECYCLE.noun})


def statuses_follow_audit(session: Session) -> Iterator[str]:
    """I5: every status was reached through the rows of its table, one after the other."""
    for lifecycle, model in LIFECYCLES:
        rows = {(step.source.value, step.action, step.target.value) for step in lifecycle.steps}
        reached: dict[int, str | None] = {}
        first = lifecycle.initial.value if lifecycle.noun in INHERITED else None
        events = (
            select(AuditEvent.record_id, AuditEvent.source, AuditEvent.action, AuditEvent.target)
            .where(AuditEvent.noun == lifecycle.noun, AuditEvent.target.is_not(None))
            .order_by(AuditEvent.id)
        )
        for record_id, source, action, target in session.execute(events):
            begins = source is None and target == lifecycle.initial
            if not begins and ((source, action, target) not in rows or reached.get(record_id, first) != source):
                yield f"{lifecycle.noun} {record_id}: {action} from {source} to {target} is no row of its table"
            reached[record_id] = target
        for record_id, status in session.execute(select(model.id, model.status)):
            if (said := reached.get(record_id, first)) != status:
                yield f"{lifecycle.noun} {record_id} is {status}, its audit trail says {said}"


def four_eyes_kept(session: Session) -> Iterator[str]:
    """I10: no person took two steps on one record that its table keeps apart."""
    for lifecycle, _ in LIFECYCLES:
        apart = {step.action: step.apart_from for step in lifecycle.steps if step.apart_from}
        done: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        events = (
            select(AuditEvent.record_id, AuditEvent.action, AuditEvent.person_id)
            .where(AuditEvent.noun == lifecycle.noun)
            .order_by(AuditEvent.id)
        )
        for record_id, action, person_id in session.execute(events):
            if any(person_id in done[record_id][earlier] for earlier in apart.get(action, ())):
                yield f"{lifecycle.noun} {record_id}: {action} by a person of an earlier step"
            done[record_id][action].add(person_id)
    yield from _releasers_apart(session)


def _releasers_apart(session: Session) -> Iterator[str]:
    released = AuditEvent.__table__.alias("released")
    earlier = AuditEvent.__table__.alias("earlier")
    odd = (
        select(released.c.record_id, earlier.c.record_id)
        .join(Payment, Payment.run_id == released.c.record_id)
        .join(earlier, (earlier.c.record_id == Payment.claim_id) & (earlier.c.person_id == released.c.person_id))
        .where(
            released.c.noun == "payment_run",
            released.c.action == "release",
            earlier.c.noun == "claim",
            earlier.c.action.in_(("draw_up", "approve")),
        )
    )
    for run_id, claim_id in session.execute(odd.limit(FIRST)):
        yield f"payment run {run_id} released by a person behind claim {claim_id}"
