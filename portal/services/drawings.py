"""Drawing up a month in the background: asked for, computed outside of any transaction, written in one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.jobs import JobKind
from portal.domain.periods import Month
from portal.models.drawings import Drawing
from portal.queries import accounts, drawings
from portal.queries.drawings import Asked
from portal.services import assessments, claims, jobs, month_assessments
from portal.services.claims import DrawnUp
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

Reading = Callable[[], AbstractContextManager[Session]]
LastAct = Callable[[Session, datetime], None]


def ask(session: Session, lines: LineStore, code: str, period: Month, *, by: Actor, at: datetime) -> Asked:
    """Puts a draw-up down to be done; the one that waits or runs already, if there is one.

    Raises NotPermitted, NotFound, or Incomplete for no month and where nothing was delivered yet.
    """
    programme = month_assessments.check(session, code, period, by)
    assessments.check_lines(session, lines, programme.programme.organisation_id)
    waiting = drawings.open_of_month(session, programme.programme.id, period)
    if waiting is not None:
        return waiting
    drawing = Drawing(programme_id=programme.programme.id, period=period)
    session.add(drawing)
    session.flush()
    return Asked(drawing, jobs.ask(session, JobKind.DRAWING, drawing.id, by=by, at=at))


def compute(reading: Reading, stores: Stores, lines: LineStore, drawing_id: int, *, at: datetime) -> LastAct:
    """Assesses the month; what is answered writes the claims, inside a transaction. `reading` opens one to read in.

    Raises Refusal where an assessment refuses what is stored.
    """
    with reading() as session:
        asked = drawings.by_id(session, drawing_id)
        by, code, period = accounts.actor_of(asked.job.asker), asked.drawing.programme.code, asked.drawing.period
        found = month_assessments.assess(session, stores, lines, code, period, by=by, at=at)

    def write(session: Session, at: datetime) -> None:
        done = claims.write(session, found, by=by, at=at)
        drawing = session.get_one(Drawing, drawing_id)
        drawing.run_id, drawing.outcome = done.run.id, _plain(done)

    return write


def _plain(done: DrawnUp) -> dict[str, Any]:
    """The counted outcome; `recoverable` and `recoverable_won`: how many claims are too high, by how much together."""
    return {
        "drawn_up": done.drawn_up,
        "unchanged": done.unchanged,
        "superseded": done.superseded,
        "limited_by_grant": done.limited_by_grant,
        "own": done.own,
        "recoverable": len(done.recoverable),
        "recoverable_won": sum(done.recoverable.values()),
    }
