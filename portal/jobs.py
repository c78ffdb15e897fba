"""Background jobs: what is done for each kind, and how a worker does one while holding it by a lease.

The table `job` is the truth; the queue (portal/queue.py) only carries ids, and whatever it loses is found by the sweep.
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from portal.clock import now
from portal.domain.errors import Refusal
from portal.domain.jobs import BROKEN, QUEUE_SCHEMA, RENEW_SECONDS, JobKind, LeaseLost  # noqa: F401 (the queue asks)
from portal.gateways import webhooks as gateway
from portal.models.base import Unavailable, reading_apart, transaction_apart
from portal.services import (
    bulk,
    drawings,
    jobs,
    receipts,
    signal_rounds,
    simulation_runs,
    webhooks,
)
from portal.services.settlements import ReaderFailed
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

logger = logging.getLogger(__name__)
_POSTED_AT_ONCE = 5  # messages a worker holds at a time: fewer than its lease has room for, however slow
_LEFT_ASIDE = timedelta(days=1)  # longer than any work on files lasts
_TICK = 0.5  # seconds between two looks at how far a job has come


@dataclass(frozen=True, slots=True)
class Task:
    """What a kind's work is given. `progress(done, of)` is called now and then; it raises LeaseLost to end the work."""

    subject: int
    stores: Stores
    lines: LineStore
    progress: Callable[[int, int], None]


# The last act of a job, inside the transaction that marks it done: what changes rows changes them there, and once.
# It answers the name of the result among the reports, if there is one.
LastAct = Callable[[Session, datetime], str | None]


def _simulate(task: Task) -> LastAct:
    done = simulation_runs.compute(reading_apart, task.stores, task.lines, task.subject, progress=task.progress)
    return lambda _session, _at: done


def _draw_up(task: Task) -> LastAct:
    return drawings.compute(reading_apart, task.stores, task.lines, task.subject, at=now())


def _read(task: Task) -> LastAct:
    return receipts.read(reading_apart, task.stores, task.lines, task.subject, heard=task.progress)


def _look_for_signals(task: Task) -> LastAct:
    return signal_rounds.compute(reading_apart, task.lines, task.subject, progress=task.progress, at=now())


def _for_many(task: Task) -> LastAct:
    """Commits case by case, each once: what a worker that fell silent left over is all that the next one does."""
    return bulk.carry_out(transaction_apart, task.stores, task.subject, moment=now, progress=task.progress)


# Everything before the last act may be done twice, and keeps no transaction open while it computes.
KINDS: Mapping[JobKind, Callable[[Task], LastAct]] = {
    JobKind.BULK: _for_many,
    JobKind.DRAWING: _draw_up,
    JobKind.READING: _read,
    JobKind.SIGNALS: _look_for_signals,
    JobKind.SIMULATION: _simulate,
}


def send(app: Flask, job_id: int) -> None:
    """Tells the workers of a committed job. Where that fails, the sweep tells them later."""
    try:
        _queue(app).send(job_id)
    except Exception:
        logger.warning("job %s was not sent; the sweep will send it", job_id, exc_info=True)


def serve(app: Flask, *, workers: int) -> None:
    """Does jobs until the process is told to end."""
    _queue(app).serve(workers)


def sweep(app: Flask) -> list[int]:
    """Finds the jobs whose worker has fallen silent, and sends all that wait and are not in the queue."""
    app.extensions["ieum_lines"].tidy(before=now() - _LEFT_ASIDE)
    with app.app_context(), transaction_apart() as session:
        waiting = jobs.sweep(session, at=now())
    queue = _queue(app)
    sent = queue.sent() if waiting else set()
    forgotten = [job_id for job_id in waiting if job_id not in sent]
    for job_id in forgotten:
        queue.send(job_id)
    return forgotten


def post(app: Flask) -> int:
    """Sends what waits in the outbox, some messages at a time, each outside of any transaction; how many were sent."""
    sent = 0
    with app.app_context():
        loopback = app.config["SETTINGS"].demo
        while True:
            with transaction_apart() as session:
                waiting = webhooks.take_up(session, at=now(), most=_POSTED_AT_ONCE)
            for message in waiting:
                answer = gateway.send(message, loopback=loopback, at=now())
                with transaction_apart() as session:
                    sent += webhooks.settle(session, message, answer, at=now())
            if len(waiting) < _POSTED_AT_ONCE:
                return sent


def ask_for_signals(app: Flask) -> list[int]:
    """Asks for the night's rounds of signals, once a night whoever runs it; the ids of their jobs."""
    with app.app_context(), transaction_apart() as session:
        asked = signal_rounds.ask_nightly(session, at=now())
    for job_id in asked:
        send(app, job_id)
    return asked


def pay_soon(app: Flask) -> None:
    """Tells the workers that payments were released. Where that fails, the next minute's round finds them."""
    try:
        _queue(app).pay()
    except Exception:
        logger.warning("the workers were not told of payments; their next round finds them", exc_info=True)


def do(app: Flask, job_id: int) -> None:
    """Does a job from beginning to end, if nobody else does. Never raises for what is wrong with the job."""
    with app.app_context():
        with transaction_apart() as session:
            job = jobs.take_up(session, job_id, at=now())
            if job is None:
                return
            kind, subject, token = job.kind, job.subject, str(job.token)
        stores, lines = app.extensions["ieum_stores"], app.extensions["ieum_lines"]
        with _Lease(app, job_id, token) as lease:
            _done(job_id, token, lambda: KINDS[kind](Task(subject, stores, lines, lease.progress)))


def _done(job_id: int, token: str, work: Callable[[], LastAct]) -> None:
    """Works, and writes the outcome where the job is still held."""
    try:
        last_act = work()
        with transaction_apart() as session:
            jobs.finish(session, job_id, token, last_act(session, now()), at=now())
    except LeaseLost:
        logger.info("job %s was taken back", job_id)
    except (Unavailable, ReaderFailed, OSError):
        logger.warning(
            "job %s met a machine in trouble; it begins again when its lease has run out", job_id, exc_info=True
        )
    except Refusal as refused:
        _failed(job_id, token, refused.problems[0].code if refused.problems else refused.code)
    except Exception:
        logger.exception("job %s is broken", job_id)
        _failed(job_id, token, BROKEN)


def _failed(job_id: int, token: str, problem: str) -> None:
    try:
        with transaction_apart() as session:
            jobs.fail(session, job_id, token, problem, at=now())
    except (LeaseLost, Unavailable):
        logger.warning("job %s failed (%s), which could not be written", job_id, problem)


class _Lease:
    """Renews a job's lease from a thread of its own while its work goes on, so that the work never waits for it."""

    def __init__(self, app: Flask, job_id: int, token: str) -> None:
        self._app, self._job_id, self._token = app, job_id, token
        self._come, self._lost, self._ended = (0, 0), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._renew, name=f"lease of job {job_id}", daemon=True)

    def __enter__(self) -> _Lease:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def progress(self, done: int, of: int) -> None:
        """Notes how far the work has come. Raises LeaseLost where it is not wanted any more."""
        self._come = (done, of)
        if self._lost.is_set():
            raise LeaseLost(f"job {self._job_id}")

    def _renew(self) -> None:
        said, ticks = (0, 0), 0
        with self._app.app_context():
            while not self._ended.wait(_TICK):
                ticks, come = ticks + 1, self._come
                if come == said and ticks * _TICK < RENEW_SECONDS:
                    continue
                try:
                    with transaction_apart() as session:
                        jobs.renew(session, self._job_id, self._token, done=come[0], of=come[1], at=now())
                    said, ticks = come, 0
                except LeaseLost:
                    self._lost.set()
                    return
                except Unavailable:
                    logger.info("the lease of job %s could not be renewed just now", self._job_id)


def _queue(app: Flask) -> Any:
    """The queue's module is loaded when the first job is asked for: a portal without jobs starts without it."""
    if "ieum_queue" not in app.extensions:
        app.extensions["ieum_queue"] = importlib.import_module("portal.queue").Queue(app)
    return app.extensions["ieum_queue"]
