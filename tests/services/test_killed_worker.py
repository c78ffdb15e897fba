"""A worker is killed in the middle of a job: another does it once its lease has run out, and it is done once."""

from __future__ import annotations

import multiprocessing
import os
import signal
from datetime import datetime
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import jobs
from portal.app import create_app
from portal.config import Settings
from portal.domain.jobs import LEASE, JobKind, JobStatus
from portal.domain.simulations import from_bytes
from portal.jobs import LastAct, Task
from portal.models.audit import AuditEvent
from portal.models.jobs import Job
from portal.queries import lifecycle_invariants
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.databases import settings_for
from tests.factories import AT
from tests.settled import Office, line
from tests.simulated import ask, draft, with_rate


def stuck(url: str, instance: Path, job_id: int, moment: datetime, begun: Event) -> None:
    """A worker that computes, and is still at it when it is killed."""
    app = create_app(settings_for(url, instance))
    whole = jobs.KINDS[JobKind.SIMULATION]

    def for_ever(task: Task) -> LastAct:
        whole(task)  # the result is stored already, the outcome is not
        begun.set()
        signal.pause()
        return whole(task)

    jobs.KINDS = {JobKind.SIMULATION: for_ever}
    with time_machine.travel(moment, tick=False):
        jobs.do(app, job_id)


@pytest.fixture
def job_id(session: Session, stores: Stores, lines: LineStore) -> int:
    office = Office(session, stores, lines)
    office.shop("S1")
    office.deliver([line("S1", f"2026-05-{day:02d} 12:00", fee=3_000) for day in range(1, 11)], "2026-05")
    asked = ask(office, draft(with_rate(office.programme.terms, "0.60")))
    session.commit()
    return asked.job.id


def test_a_killed_workers_job_is_done_by_another_and_once(
    session: Session, settings: Settings, stores: Stores, job_id: int
) -> None:
    session.commit()
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    worker = context.Process(target=stuck, args=(settings.database_url, settings.instance, job_id, AT, begun))
    worker.start()
    assert begun.wait(120)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()

    app = create_app(settings)
    with time_machine.travel(AT + LEASE / 2, tick=False):
        jobs.do(app, job_id)  # nobody else gets it while the lease lasts
        assert jobs.sweep(app) == []
    assert state(session, job_id) == (JobStatus.RUNNING, 1)
    with time_machine.travel(AT + 2 * LEASE, tick=False):
        assert jobs.sweep(app) == [job_id]
        assert jobs.sweep(app) == []  # it is in the queue already
        jobs.do(app, job_id)
        jobs.do(app, job_id)  # carried twice by the queue, done once
    assert state(session, job_id) == (JobStatus.DONE, 2)
    done = session.get_one(Job, job_id)
    assert from_bytes(stores.reports.read(str(done.result_sha256))).draft.won == 18_000
    events = select(AuditEvent.action, func.count()).where(AuditEvent.noun == "job").group_by(AuditEvent.action)
    assert dict(session.execute(events).all()) == {"ask": 1, "take_up": 2, "give_back": 1, "finish": 1}
    assert list(lifecycle_invariants.statuses_follow_audit(session)) == []


def state(session: Session, job_id: int) -> tuple[JobStatus, int]:
    session.rollback()
    job = session.get_one(Job, job_id)
    found = job.status, job.attempts
    session.rollback()
    return found
