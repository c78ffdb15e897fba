"""A job is done by one worker at a time, goes to another when a worker falls silent, and has one outcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import InvalidTransition, NotFound
from portal.domain.jobs import LEASE, LOST, MOST_ATTEMPTS, JobKind, LeaseLost
from portal.domain.jobs import JobStatus as S
from portal.models.accounts import User
from portal.models.jobs import Job
from portal.queries import audit
from portal.services import jobs
from tests.factories import AT, actor, make_official, make_organisation

SECOND = timedelta(seconds=1)
LATER = AT + LEASE + SECOND


@pytest.fixture
def asker(session: Session) -> User:
    return make_official(session, Role.MANAGER)


@pytest.fixture
def job(session: Session, asker: User) -> Job:
    made = jobs.ask(session, JobKind.SIMULATION, 7, by=actor(asker), at=AT)
    session.commit()
    return made


def held(session: Session, job: Job, *, at: object = AT) -> str:
    taken = jobs.take_up(session, job.id, at=at)  # ty: ignore[invalid-argument-type]
    assert taken is job
    return str(job.token)


def test_a_job_waits_runs_and_is_done_with_its_result(session: Session, job: Job, asker: User) -> None:
    assert (job.status, job.organisation_id, job.token) == (S.WAITING, asker.organisation_id, None)
    token = held(session, job)
    assert (job.status, job.attempts, job.lease_until) == (S.RUNNING, 1, AT + LEASE)
    jobs.renew(session, job.id, token, done=3, of=8, at=AT + SECOND)
    assert (job.done, job.steps, job.lease_until) == (3, 8, AT + SECOND + LEASE)
    jobs.finish(session, job.id, token, "a" * 64, at=AT + 2 * SECOND)
    assert (job.status, job.done, job.result_sha256, job.token) == (S.DONE, 8, "a" * 64, None)
    assert [(each.action, each.person) for each in audit.timeline(session, "job", job.id)] == [
        (action, asker.person.name) for action in ("ask", "take_up", "finish")
    ]


def test_two_workers_do_not_get_the_same_job(session: Session, job: Job, make_sessions: Callable[[], Session]) -> None:
    job_id = job.id
    session.commit()
    first, second = make_sessions(), make_sessions()
    assert jobs.take_up(first, job_id, at=AT) is not None
    first.commit()
    assert jobs.take_up(second, job_id, at=AT) is None


def test_a_silent_worker_loses_the_job_and_its_outcome_is_not_written(session: Session, job: Job) -> None:
    token = held(session, job)
    assert jobs.sweep(session, at=AT + LEASE) == []
    assert jobs.sweep(session, at=LATER) == [job.id]
    assert (job.status, job.token, job.lease_until) == (S.WAITING, None, None)
    second = held(session, job, at=LATER)
    assert (job.attempts, second == token) == (2, False)
    for late in (
        lambda: jobs.renew(session, job.id, token, done=1, of=2, at=LATER),
        lambda: jobs.finish(session, job.id, token, "b" * 64, at=LATER),
        lambda: jobs.fail(session, job.id, token, "broken", at=LATER),
    ):
        with pytest.raises(LeaseLost):
            late()
    jobs.finish(session, job.id, second, "a" * 64, at=LATER)
    assert (job.status, job.result_sha256) == (S.DONE, "a" * 64)
    with pytest.raises(LeaseLost):
        jobs.finish(session, job.id, second, "b" * 64, at=LATER)


def test_a_worker_that_renews_keeps_the_job(session: Session, job: Job) -> None:
    token = held(session, job)
    jobs.renew(session, job.id, token, done=1, of=2, at=AT + LEASE)
    assert jobs.sweep(session, at=LATER) == []
    assert job.status is S.RUNNING


def test_a_job_that_ends_every_worker_is_given_up(session: Session, job: Job) -> None:
    at = AT
    for _ in range(MOST_ATTEMPTS):
        held(session, job, at=at)
        at += LEASE + SECOND
        waiting = jobs.sweep(session, at=at)
    assert waiting == []
    assert (job.status, job.problem, job.ended_at) == (S.FAILED, LOST, at)


def test_a_job_that_cannot_be_done_says_why(session: Session, job: Job) -> None:
    jobs.fail(session, job.id, held(session, job), "out_of_range", at=AT)
    assert (job.status, job.problem, job.result_sha256) == (S.FAILED, "out_of_range", None)
    assert jobs.take_up(session, job.id, at=AT) is None


@pytest.mark.parametrize("running", [False, True])
def test_a_cancelled_job_is_over_and_its_worker_is_told(session: Session, job: Job, asker: User, running: bool) -> None:
    token = held(session, job) if running else ""
    jobs.cancel(session, job.id, by=actor(asker), at=AT)
    assert (job.status, job.ended_at, job.token) == (S.CANCELLED, AT, None)
    assert jobs.take_up(session, job.id, at=AT) is None
    with pytest.raises(LeaseLost):
        jobs.renew(session, job.id, token, done=1, of=2, at=AT)
    with pytest.raises(InvalidTransition):
        jobs.cancel(session, job.id, by=actor(asker), at=AT)


def test_another_office_cannot_cancel(session: Session, job: Job) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = make_official(session, Role.MANAGER, organisation=elsewhere)
    with pytest.raises(NotFound):
        jobs.cancel(session, job.id, by=actor(stranger), at=AT)


def test_one_record_has_one_job(session: Session, job: Job, asker: User) -> None:
    with pytest.raises(IntegrityError):
        jobs.ask(session, JobKind.SIMULATION, job.subject, by=actor(asker), at=AT)
