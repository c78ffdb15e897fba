"""Looks up background jobs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.jobs import JobKind, JobStatus
from portal.models.jobs import Job


def about(session: Session, kind: JobKind, subjects: Collection[int]) -> dict[int, Job]:
    """The job of each of these records."""
    rows = session.scalars(select(Job).where(Job.kind == kind, Job.subject.in_(subjects)))
    return {job.subject: job for job in rows}


def waiting(session: Session) -> Sequence[int]:
    """The ids of all jobs that wait for a worker, in the order in which they were asked for."""
    return session.scalars(select(Job.id).where(Job.status == JobStatus.WAITING).order_by(Job.id)).all()


def silent(session: Session, *, at: datetime) -> Sequence[Job]:
    """The running jobs whose worker has let the lease run out; locked, and those that others have locked left out."""
    query = select(Job).where(Job.status == JobStatus.RUNNING, Job.lease_until < at).order_by(Job.id)
    return session.scalars(query.with_for_update(of=Job, skip_locked=True)).all()
