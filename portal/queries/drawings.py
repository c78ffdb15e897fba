"""Looks up draw-ups that were asked for, and the jobs that do them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.jobs import OVER, JobKind
from portal.models.drawings import Drawing
from portal.models.jobs import Job


@dataclass(frozen=True, slots=True)
class Asked:
    """A draw-up with the job that does it."""

    drawing: Drawing
    job: Job

    @property
    def id(self) -> int:
        return self.drawing.id

    @property
    def over(self) -> bool:
        return self.job.status in OVER


def of_organisation(session: Session, drawing_id: int, by: Actor) -> Asked:
    """One draw-up of the person's office. Raises NotFound."""
    found = by_id(session, drawing_id)
    if found.job.organisation_id != by.organisation_id:
        raise NotFound(f"drawing {drawing_id}")
    return found


def by_id(session: Session, drawing_id: int) -> Asked:
    """Anybody's draw-up: for the worker. Raises NotFound."""
    row = session.execute(_asked().where(Drawing.id == drawing_id)).one_or_none()
    if row is None:
        raise NotFound(f"drawing {drawing_id}")
    drawing, job = row
    return Asked(drawing, job)


def open_of_month(session: Session, programme_id: int, period: str) -> Asked | None:
    """The draw-up of this month that waits or runs, if there is one."""
    query = _asked().where(Drawing.programme_id == programme_id, Drawing.period == period, Job.status.not_in(OVER))
    row = session.execute(query.order_by(Drawing.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    drawing, job = row
    return Asked(drawing, job)


def _asked() -> Select[*tuple[Any, ...]]:
    return select(Drawing, Job).join(Job, (Job.kind == JobKind.DRAWING) & (Job.subject == Drawing.id))
