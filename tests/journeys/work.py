"""A worker for one journey, in a process forked from one that has imported the portal already."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import time_machine

from portal import jobs
from portal.app import create_app
from tests.databases import settings_for


def work(moment: datetime, url: str, instance: Path) -> None:
    """Does jobs until it is ended. The clock starts at `moment` and goes on; `instance`/worker.log is its log."""
    log = os.open(instance / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    with time_machine.travel(moment, tick=True):
        jobs.serve(create_app(settings_for(url, instance)), workers=1)
