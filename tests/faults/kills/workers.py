"""A worker at a job, which commits on its way, and the next one, which takes up what a killed one left.

The clock stands still and chance begins anew with every case of a run, so that whoever does a case does the same.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from portal import jobs as portal_jobs
from portal.domain.bank_orders import BankAccess
from portal.domain.jobs import LEASE, JobStatus
from portal.models.base import db
from portal.models.jobs import Job
from portal.queries import jobs as looked_up
from portal.services import bulk, issuing, jobs
from portal.services.reconcile import Files
from tests import databases
from tests.faults.broken import _bend as bend
from tests.faults.kills.points import seeded

_NEVER = 86_400.0  # seconds: the lease's own thread comes at moments that nobody can count


@contextmanager
def worker(session: Session, files: Files, *, bank: BankAccess | None = None) -> Generator[Flask]:
    """The portal's own process beside the server, on this session's database; the session itself is left alone."""
    url = session.get_bind().engine.url.render_as_string(hide_password=False)
    app = Flask("worker")
    app.config["SETTINGS"] = replace(databases.settings_for(url, databases.ROOT), bank=bank)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.extensions["ieum_stores"], app.extensions["ieum_lines"] = files.stores, files.lines
    db.init_app(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def do_waiting(session: Session, files: Files, *, at: datetime) -> None:
    """Every job that waits, from its taking up to its end; at this moment, which lasts."""
    bend(portal_jobs, "_TICK", _NEVER)
    _same_chance_for_each_case()
    with worker(session, files) as app, time_machine.travel(at, tick=False):
        with app.app_context(), portal_jobs.transaction_apart() as apart:
            waiting = list(looked_up.waiting(apart))
        for job_id in waiting:
            portal_jobs.do(app, job_id)
        with app.app_context(), portal_jobs.transaction_apart() as apart:
            ended = {job_id: apart.get_one(Job, job_id).status for job_id in waiting}
    assert set(ended.values()) <= {JobStatus.DONE}, ended


def take_over(session: Session, files: Files, *, at: datetime) -> None:
    """The next worker, when the lease of the killed one has run out; it works at the hour at which he did."""
    with worker(session, files) as app, app.app_context(), portal_jobs.transaction_apart() as apart:
        jobs.sweep(apart, at=at + 2 * LEASE)
    do_waiting(session, files, at=at)


def _same_chance_for_each_case() -> None:
    whole, code = bulk._one, issuing.new_verification_code

    def foreseeable(session: Session, stores: Any, case_id: int, *, at: datetime) -> None:
        seeded(Random(f"case {case_id}"))
        # Its letter's code depends on nothing else: whoever writes a first letter draws other chances before it.
        bend(issuing, "new_verification_code", lambda _random: code(Random(f"letter of case {case_id}").randbytes))
        whole(session, stores, case_id, at=at)

    bend(bulk, "_one", foreseeable)
