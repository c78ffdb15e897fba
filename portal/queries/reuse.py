"""Looks up what an application took over, and the earlier application it can take over from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from portal.models.applications import Application
from portal.models.programmes import Programme
from portal.models.reuse import TakenOver


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field comes from: an earlier application, or, without one, the record of the business."""

    programme: str
    receipt_number: str
    submitted_at: datetime | None


def earlier(
    session: Session, application: Application, organisation_id: int, *, only: Collection[int] | None = None
) -> Application | None:
    """The last application of this business that was handed in at the same organisation; `only`: in which programmes,
    where not in all.
    """
    named = true() if only is None else Application.programme_id.in_(only)
    return session.scalars(
        select(Application)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Application.merchant_id == application.merchant_id,
            Application.id != application.id,
            Application.submitted_at.is_not(None),
            Programme.organisation_id == organisation_id,
            named,
        )
        .order_by(Application.submitted_at.desc(), Application.id.desc())
        .limit(1)
    ).first()


def sources(session: Session, application_id: int) -> Mapping[str, Source]:
    """Field -> where it comes from, for what was taken over and not changed since."""
    rows = session.execute(
        select(TakenOver.field, Programme.name, Application.receipt_number, Application.submitted_at)
        .outerjoin(Application, Application.id == TakenOver.source_id)
        .outerjoin(Programme, Programme.id == Application.programme_id)
        .where(TakenOver.application_id == application_id)
    )
    return {field: Source(name or "", number or "", at) for field, name, number, at in rows}
