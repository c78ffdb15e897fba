"""A worker that stood still while its lease ran out: another did its job, and the old one cannot write over that."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, NullPool, create_engine, update
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.jobs import LEASE, JobKind, JobStatus, LeaseLost
from portal.models.jobs import Job
from portal.queries import lifecycle_invariants
from portal.services import jobs
from tests.databases import Database
from tests.factories import AT, actor, make_official
from tests.faults.broken import _bend as bend

OLD, NEW = "a" * 64, "b" * 64


def without_token(session: Session, job_id: int, _token: str, **values: Any) -> Job:
    """The control: whoever comes with an outcome writes it."""
    session.execute(update(Job).where(Job.id == job_id).values(**values))
    return session.get_one(Job, job_id, populate_existing=True)


def slow(engine: Engine, job_id: int, careless: bool) -> None:
    """Takes the job up, is stopped in the middle of it, and goes on when it is let go on."""
    if careless:
        bend(jobs, "_held", without_token)
        bend(jobs, "_let_go", lambda *_arguments, **_more: None)
    with Session(engine) as session:
        taken = jobs.take_up(session, job_id, at=AT)
        assert taken is not None
        token = str(taken.token)
        session.commit()
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        with Session(engine) as session:
            jobs.finish(session, job_id, token, OLD, at=AT + 3 * LEASE)
            session.commit()
    except LeaseLost:
        os._exit(7)


def stopped(work: Callable[[], None]) -> int:
    """The id of a forked process that has come to its stop."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    while not os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1]):
        time.sleep(0.01)
    return child


@pytest.fixture
def nowhere_open(database: Database) -> Engine:
    """Keeps no connection: what is forked finds none open."""
    return create_engine(database.url, poolclass=NullPool)


@pytest.mark.parametrize("careless", [False, True])
def test_an_outcome_is_written_by_the_one_who_holds_the_job(nowhere_open: Engine, careless: bool) -> None:
    with Session(nowhere_open) as session:
        job_id = jobs.ask(session, JobKind.SIMULATION, 7, by=actor(make_official(session, Role.MANAGER)), at=AT).id
        session.commit()
    old = stopped(partial(slow, nowhere_open, job_id, careless))
    with Session(nowhere_open) as session:
        assert jobs.sweep(session, at=AT + 2 * LEASE) == [job_id]
        taken = jobs.take_up(session, job_id, at=AT + 2 * LEASE)
        assert taken is not None
        jobs.finish(session, job_id, str(taken.token), NEW, at=AT + 2 * LEASE)
        session.commit()
    os.kill(old, signal.SIGCONT)
    lost = os.waitstatus_to_exitcode(os.waitpid(old, 0)[1]) == 7
    with Session(nowhere_open) as session:
        job = session.get_one(Job, job_id)
        assert (job.status, list(lifecycle_invariants.statuses_follow_audit(session))) == (JobStatus.DONE, [])
        written_over = job.result_sha256 != NEW
    assert (lost, written_over) == (not careless, careless)  # without the token the harness sees the old outcome
