"""Background jobs: their kinds, the statuses they pass through, and how long a worker may be silent.

A job is done at least once. A worker holds it by a lease, which it renews; a silent one loses it, and another begins
the job anew. The outcome is written only by whoever holds the lease, so it is written once.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from portal.domain.lifecycle import Lifecycle, Step

LEASE = timedelta(minutes=2)
RENEW_SECONDS = 5
MOST_ATTEMPTS = 3  # a job that ended so many workers is not given to a fourth
LOST = "worker_lost"  # problem code of such a job
QUEUE_SCHEMA = "ieum_queue"  # where the queue makes its tables in PostgreSQL, where the schema was made
BROKEN = "broken"  # problem code of a job that met a fault of the portal's own


class JobKind(StrEnum):
    """What can be done in the background; portal/jobs.py says how."""

    BULK = "bulk"  # one step for many cases
    DRAWING = "drawing"  # up of a month's claims
    READING = "reading"  # of a received file
    SIGNALS = "signals"  # of duplicate and improper receipt
    SIMULATION = "simulation"


class JobStatus(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = JobStatus
OVER = (S.DONE, S.FAILED, S.CANCELLED)

# Workers act in the name of whoever asked: what may be asked for is decided where it is asked.
LIFECYCLE = Lifecycle(
    "job",
    S.WAITING,
    (
        Step(S.WAITING, "take_up", S.RUNNING, None),
        Step(S.WAITING, "cancel", S.CANCELLED, None),
        Step(S.RUNNING, "finish", S.DONE, None),
        Step(S.RUNNING, "fail", S.FAILED, None),
        Step(S.RUNNING, "give_back", S.WAITING, None),
        Step(S.RUNNING, "cancel", S.CANCELLED, None),
    ),
)


class LeaseLost(Exception):
    """The job is another's by now, or was cancelled: whatever was computed is not wanted any more."""
