"""Looks up service passes on which somebody's word is awaited: until when, and which of them an official may end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.periods import KOREA, korean_date
from portal.domain.service_passes import LIFECYCLE, WAITING, PassStatus, answer_until
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.programmes import ProgrammeVersion
from portal.models.proposals import Offer, Proposal
from portal.models.service_passes import ServicePass
from portal.queries import proposals


@dataclass(frozen=True, slots=True)
class Wait:
    """A pass with the last day on which the merchant or the platform answers; `over`: that day has passed."""

    found: ServicePass
    until: date
    over: bool


def until(found: ServicePass) -> date | None:
    """The last day on which it is answered without an official; None where nobody's word is awaited."""
    since = found.waits_since
    if since is None or found.status not in WAITING:
        return None
    return answer_until(korean_date(since), proposals.rules_of(found.application.version).answer_days)


def vouched_in_dispute(session: Session, pass_id: int) -> bool:
    """Whether an official last vouched for what the merchant had disputed; else it was for a report that nobody had
    disputed, though one before it may have been."""
    vouched = select(AuditEvent.source).where(
        AuditEvent.noun == LIFECYCLE.noun, AuditEvent.record_id == pass_id, AuditEvent.action == "vouch"
    )
    return session.scalar(vouched.order_by(AuditEvent.id.desc()).limit(1)) == PassStatus.DISPUTED


def of_organisation(session: Session, by: Actor, *, on: date) -> list[Wait]:
    """All that wait at the official's organisation: what a second person is to agree to, then the longest waiting."""
    query = (
        select(ServicePass)
        .join(Offer, Offer.id == ServicePass.offer_id)
        .join(Proposal, Proposal.id == Offer.proposal_id)
        .where(Proposal.organisation_id == by.organisation_id, ServicePass.status.in_(WAITING))
    )
    rows = [Wait(each, last, last < on) for each in session.scalars(query) if (last := until(each)) is not None]
    return sorted(rows, key=lambda row: (row.found.status is not PassStatus.VOUCHED, row.until, row.found.id))


def unanswered(session: Session, last_days: Sequence[date]) -> Iterator[tuple[ServicePass, date]]:
    """What merchants have not confirmed and have until one of these days to, with that day."""
    versions = (
        select(ProgrammeVersion)
        .join(Application, Application.version_id == ProgrammeVersion.id)
        .join(ServicePass, ServicePass.application_id == Application.id)
        .where(ServicePass.status == PassStatus.REPORTED)
        .distinct()
    )
    for version in session.scalars(versions.order_by(ProgrammeVersion.id)).all():
        days = proposals.rules_of(version).answer_days
        for day in last_days:
            begins = datetime.combine(day - timedelta(days=days), time(), KOREA)
            reported = (
                select(ServicePass)
                .join(Application, Application.id == ServicePass.application_id)
                .where(Application.version_id == version.id, ServicePass.status == PassStatus.REPORTED)
                .where(ServicePass.reported_at >= begins, ServicePass.reported_at < begins + timedelta(days=1))
            )
            yield from ((each, day) for each in session.scalars(reported.order_by(ServicePass.id)))
