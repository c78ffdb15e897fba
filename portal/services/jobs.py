"""Asking for background jobs, holding them by a lease, and writing their outcome once."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.jobs import LEASE, LIFECYCLE, LOST, MOST_ATTEMPTS, JobKind, JobStatus, LeaseLost
from portal.models.jobs import Job
from portal.queries import accounts, jobs
from portal.services import steps


def ask(session: Session, kind: JobKind, subject: int, *, by: Actor, at: datetime) -> Job:
    """Puts a job down to be done for the person's office. Whether they may ask is the business of the caller."""
    job = Job(organisation_id=by.organisation_id, kind=kind, subject=subject, asked_by=by.user_id, asked_at=at)
    steps.begin(session, job, LIFECYCLE, "ask", by=by, at=at)
    return job


def take_up(session: Session, job_id: int, *, at: datetime) -> Job | None:
    """The job, held from now on by its `token`; None where another worker has it or it is over."""
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == JobStatus.WAITING)
        .values(token=uuid.uuid4().hex, lease_until=at + LEASE, attempts=Job.attempts + 1, done=0, started_at=at)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # ty: ignore[missing-attribute]
        return None
    job = session.get_one(Job, job_id, populate_existing=True)
    steps.take(session, job, LIFECYCLE, "take_up", by=accounts.actor_of(job.asker), at=at)
    return job


def renew(session: Session, job_id: int, token: str, *, done: int, of: int, at: datetime) -> None:
    """Says that the worker is alive, and how far it has come. Raises LeaseLost."""
    _held(session, job_id, token, lease_until=at + LEASE, done=min(done, of), steps=of)


def finish(session: Session, job_id: int, token: str, result_sha256: str | None, *, at: datetime) -> None:
    """Writes the outcome of a job that was done. Raises LeaseLost: then nothing of it may be committed."""
    job = _held(session, job_id, token, ended_at=at, result_sha256=result_sha256, done=Job.steps)
    _let_go(session, job, "finish", by=accounts.actor_of(job.asker), at=at)


def fail(session: Session, job_id: int, token: str, problem: str, *, at: datetime) -> None:
    """Writes that the job cannot be done, and the code of what is in the way. Raises LeaseLost."""
    job = _held(session, job_id, token, ended_at=at, problem=problem)
    _let_go(session, job, "fail", by=accounts.actor_of(job.asker), at=at)


def cancel(session: Session, job_id: int, *, by: Actor, at: datetime) -> None:
    """Takes the job back. A worker that has it notices within seconds. Raises InvalidTransition where it is over."""
    job = session.get(Job, job_id, with_for_update={"of": Job}, populate_existing=True)
    if job is None or job.organisation_id != by.organisation_id:
        raise NotFound(f"job {job_id}")
    LIFECYCLE.step(job.status, "cancel")
    job.ended_at = at
    _let_go(session, job, "cancel", by=by, at=at)


def sweep(session: Session, *, at: datetime) -> list[int]:
    """Takes jobs from workers that have fallen silent; the ids of all that wait now, to be sent to the queue again."""
    for job in jobs.silent(session, at=at):
        by = accounts.actor_of(job.asker)
        if job.attempts < MOST_ATTEMPTS:
            _let_go(session, job, "give_back", by=by, at=at)
        else:
            job.ended_at, job.problem = at, LOST
            _let_go(session, job, "fail", by=by, at=at)
    return list(jobs.waiting(session))


def _held(session: Session, job_id: int, token: str, **values: Any) -> Job:
    """Writes where the job is still held by this token: asking first and writing later would write for another."""
    written = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.token == token, Job.status == JobStatus.RUNNING)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if written.rowcount != 1:  # ty: ignore[missing-attribute]
        raise LeaseLost(f"job {job_id}")
    return session.get_one(Job, job_id, populate_existing=True)


def _let_go(session: Session, job: Job, action: str, *, by: Actor, at: datetime) -> None:
    job.token = job.lease_until = None
    steps.take(session, job, LIFECYCLE, action, by=by, at=at)
