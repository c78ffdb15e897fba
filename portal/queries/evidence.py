"""Looks up merchants' evidence: one's own, an office's queue, other cases with the same document; and its invariant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound, NotPermitted, Problem
from portal.domain.evidence import DEAD, LIFECYCLE, EvidenceStatus
from portal.domain.settlements import delivery_and_row
from portal.models.accounts import Organisation, User
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.evidence import Evidence
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.queries.applications import DEAD as DEAD_APPLICATIONS
from portal.queries.links import VALID
from portal.queries.mandates import is_mine, mine

PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """A business place at an office to which it applied."""

    merchant_id: int
    trade_name: str
    organisation_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class Twin:
    """Another living case with the same document. `same_case`: another month of it by the same merchant.

    Of a foreign organisation's case only the organisation's name is told (`id` 0).
    """

    id: int
    status: EvidenceStatus
    organisation: str
    trade_name: str
    period: str
    same_bytes: bool
    same_case: bool


def places_of(session: Session, by: Actor) -> list[Place]:
    """Where one's places have a living application."""
    rows = session.execute(
        select(Merchant.id, Merchant.trade_name, Organisation.id, Organisation.name)
        .join(Application, Application.merchant_id == Merchant.id)
        .join(Programme, Programme.id == Application.programme_id)
        .join(Organisation, Organisation.id == Programme.organisation_id)
        .where(
            mine(by),
            Application.submitted_at.is_not(None),
            Application.status.not_in(DEAD_APPLICATIONS),
        )
        .distinct()
        .order_by(Merchant.id, Organisation.id)
    )
    return [Place(*row) for row in rows]


def of_owner(session: Session, by: Actor) -> Sequence[Evidence]:
    """One's own evidence, newest first."""
    query = select(Evidence).join(Merchant).where(mine(by))
    return session.scalars(query.order_by(Evidence.id.desc())).all()


def owned(session: Session, evidence_id: int, by: Actor) -> Evidence:
    """One of them. Raises NotFound, for another's too."""
    found = session.get(Evidence, evidence_id)
    if found is None or not is_mine(found.merchant, by):
        raise NotFound(f"evidence {evidence_id}")
    return found


def page(session: Session, by: Actor, *, status: EvidenceStatus | None = None, after: int = 0) -> Sequence[Evidence]:
    """A page of the office's cases, oldest first."""
    query = select(Evidence).where(Evidence.organisation_id == by.organisation_id, Evidence.id > after)
    if status is not None:
        query = query.where(Evidence.status == status)
    return session.scalars(query.order_by(Evidence.id).limit(PAGE)).all()


def counts(session: Session, by: Actor) -> dict[EvidenceStatus, int]:
    """Status -> number of the office's cases."""
    rows = session.execute(
        select(Evidence.status, func.count())
        .where(Evidence.organisation_id == by.organisation_id)
        .group_by(Evidence.status)
    )
    return dict(rows.all())


def of_organisation(session: Session, evidence_id: int, by: Actor) -> Evidence:
    """One case of the official's organisation. Raises NotFound."""
    found = session.get(Evidence, evidence_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"evidence {evidence_id}")
    return found


def to_handle(session: Session, evidence_id: int, by: Actor) -> Evidence:
    """The same as it is now, locked until the end of the transaction. Raises NotPermitted where it is one's own."""
    row = session.execute(
        select(Evidence, User.person_id)
        .join(Merchant, Merchant.id == Evidence.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Evidence.id == evidence_id, Evidence.organisation_id == by.organisation_id)
        .with_for_update(of=Evidence, key_share=True)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotFound(f"evidence {evidence_id}")
    evidence, owner = row
    if owner == by.person_id:
        raise NotPermitted("nobody handles their own evidence", [Problem("own_application")])
    return evidence


def twins(session: Session, evidence: Evidence) -> list[Twin]:
    """Other living cases with the same bytes or the same number of the same issuer, in any office."""
    rows = session.execute(
        select(Evidence, Organisation.name)
        .join(Organisation, Organisation.id == Evidence.organisation_id)
        .where(_same_document(evidence), Evidence.id != evidence.id, Evidence.status.not_in(DEAD))
        .order_by(Evidence.id)
        .execution_options(populate_existing=True)
    )
    return [_twin(evidence, other, name) for other, name in rows]


def handed_in(session: Session, merchant_id: int, platform: str, period: str, sha256: str) -> Evidence | None:
    """The merchant's own living case with these very bytes for this platform and month."""
    return session.scalar(
        select(Evidence).where(
            Evidence.merchant_id == merchant_id,
            Evidence.platform == platform,
            Evidence.period == period,
            Evidence.sha256 == sha256,
            Evidence.status.not_in(DEAD),
        )
    )


def reasons(session: Session, evidence_ids: Collection[int]) -> dict[int, str]:
    """Case -> why it was refused, for those that were."""
    rows = session.execute(
        select(AuditEvent.record_id, AuditEvent.note)
        .where(AuditEvent.noun == LIFECYCLE.noun, AuditEvent.action == "refuse", AuditEvent.record_id.in_(evidence_ids))
        .order_by(AuditEvent.id)
    )
    return dict(rows.all())


def stores_of(session: Session, merchant_id: int) -> Sequence[PlatformLink]:
    """The merchant's stores whose link was confirmed, the earliest link first."""
    return session.scalars(
        select(PlatformLink)
        .where(PlatformLink.merchant_id == merchant_id, PlatformLink.status.in_(VALID))
        .order_by(PlatformLink.id)
    ).all()


def living_links(session: Session, merchant_id: int, platform: str, store_id: str) -> Sequence[PlatformLink]:
    """The merchant's links of this store that were not refused, the earliest first."""
    return session.scalars(
        select(PlatformLink)
        .where(
            PlatformLink.merchant_id == merchant_id,
            PlatformLink.platform == platform,
            PlatformLink.store_id == store_id,
            PlatformLink.status != "refused",
        )
        .order_by(PlatformLink.id)
    ).all()


def sources(session: Session, receipts: Collection[int]) -> dict[int, int]:
    """Receipt of a stored line -> the case it was read off, for those that were."""
    told_by = {receipt: delivery_and_row(receipt)[0] for receipt in receipts}
    rows = session.execute(
        select(Evidence.delivery_id, Evidence.id).where(Evidence.delivery_id.in_(set(told_by.values())))
    )
    cases = dict(rows.all())
    return {receipt: cases[delivery] for receipt, delivery in told_by.items() if delivery in cases}


def evidence_delivered(session: Session) -> Iterator[str]:
    """I8: evidence is confirmed exactly where a delivery of its own holds its accepted lines, and no other."""
    for found in session.scalars(select(Evidence).order_by(Evidence.id)):
        confirmed = found.status is EvidenceStatus.CONFIRMED
        if confirmed != (found.delivery_id is not None):
            yield f"evidence {found.id} is {found.status}, its delivery is {found.delivery_id}"
        elif found.delivery is not None:
            accepted = sum(1 for line in found.lines if not line.not_accepted and line.refusal is None)
            told = (found.delivery.organisation_id, found.delivery.platform, found.delivery.period)
            if told != (found.organisation_id, found.platform, found.period):
                yield f"evidence {found.id}: delivery {found.delivery_id} is of another platform or month"
            if found.delivery.accepted != accepted:
                yield f"evidence {found.id}: {accepted} lines accepted, {found.delivery.accepted} delivered"


def _same_document(evidence: Evidence) -> ColumnElement[bool]:
    same = Evidence.sha256 == evidence.sha256
    return same if evidence.document_key is None else or_(same, Evidence.document_key == evidence.document_key)


def _twin(evidence: Evidence, other: Evidence, organisation: str) -> Twin:
    ours = other.organisation_id == evidence.organisation_id
    same_shop = (other.merchant_id, other.platform) == (evidence.merchant_id, evidence.platform)
    return Twin(
        id=other.id if ours else 0,
        status=other.status,
        organisation=organisation,
        trade_name=other.merchant.trade_name if ours else "",
        period=other.period,
        same_bytes=other.sha256 == evidence.sha256,
        same_case=same_shop and other.period != evidence.period,
    )
