"""The task queue: Huey, in a file beside the portal's SQLite database or in its PostgreSQL, for several hosts."""

from __future__ import annotations

import os
import threading

from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from portal import bank_jobs, jobs, notice_jobs, upkeep_jobs
from portal.config import Settings

_IDLE_SECONDS = 1.0  # at most so long an idle worker sleeps
_FINISHING_SECONDS = 5.0  # so long a worker that is told to end waits for its job; then another begins it anew


class Queue:
    """Carries the ids of jobs to workers, at most once; portal/jobs.py makes it at least once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._huey = _opened(app.config["SETTINGS"])
        self._do = self._huey.task(name="do")(lambda job_id: jobs.do(app, job_id))
        self._pay = self._huey.task(name="pay")(lambda: bank_jobs.pay(app))
        self._huey.periodic_task(crontab(), name="sweep")(lambda: jobs.sweep(app))
        self._huey.periodic_task(crontab(), name="post")(lambda: jobs.post(app))
        self._huey.periodic_task(crontab(), name="pay_round")(lambda: bank_jobs.pay(app))
        self._huey.periodic_task(crontab(), name="look")(lambda: bank_jobs.look(app))
        self._huey.periodic_task(crontab(), name="tell")(lambda: upkeep_jobs.tell(app))
        self._huey.periodic_task(crontab(), name="message")(lambda: notice_jobs.tell(app))
        self._huey.periodic_task(crontab(minute="12"), name="remind")(lambda: notice_jobs.remind(app))
        self._huey.periodic_task(crontab(minute="23"), name="keep_informed")(lambda: upkeep_jobs.keep_informed(app))
        self._huey.periodic_task(crontab(minute="41"), name="look_for_signals")(lambda: jobs.ask_for_signals(app))
        self._huey.periodic_task(crontab(), name="put_in_force")(lambda: upkeep_jobs.put_in_force(app))
        self._huey.periodic_task(crontab(), name="link_stores")(lambda: upkeep_jobs.link_stores(app))
        self._huey.periodic_task(crontab(), name="seal")(lambda: upkeep_jobs.seal(app))
        self._huey.periodic_task(crontab(minute="7"), name="check")(self._check)

    def _check(self) -> None:
        """Beside the jobs: it may take minutes, and nobody's job waits for it."""
        threading.Thread(target=upkeep_jobs.check, args=(self._app,), name="check", daemon=True).start()

    def send(self, job_id: int) -> None:
        self._do(job_id)

    def pay(self) -> None:
        self._pay()

    def sent(self) -> set[int]:
        """The ids that wait in the queue."""
        return {task.args[0] for task in self._huey.pending() if task.name == "do"}

    def serve(self, workers: int) -> None:
        """Does what comes until the process is told to end. What an earlier worker left behind comes first."""
        jobs.sweep(self._app)
        self._huey.create_consumer(
            workers=workers, max_delay=_IDLE_SECONDS, graceful_signal="TERM", shutdown_timeout=_FINISHING_SECONDS
        ).run()
        os._exit(0)  # a job that did not end in time still computes in its thread, and is not waited for


def _opened(settings: Settings) -> Huey:
    if settings.database_url.startswith("postgresql"):
        # The portal's role may make no table beside the ledger: the queue's have a schema of their own, if it was made.
        where = f"-c search_path={jobs.QUEUE_SCHEMA},public"
        return PostgresHuey("ieum", dsn=settings.database_url.replace("+psycopg", "", 1), options=where, results=False)
    # fsync: without it a power cut may take an acknowledged task along
    return SqliteHuey("ieum", filename=str(settings.instance / "queue.sqlite"), fsync=True, results=False)
