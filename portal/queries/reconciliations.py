"""Looks up what the last run of all checks found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.reconciliations import Reconciliation

EVERY = timedelta(hours=1)
_OVERDUE = 2 * EVERY


@dataclass(frozen=True, slots=True)
class Last:
    """The last run. `overdue`: there should have been another since."""

    run: Reconciliation
    overdue: bool

    @property
    def broken(self) -> list[dict[str, object]]:
        return [check for check in self.run.checks if check["broken"]]


def last(session: Session) -> Reconciliation | None:
    return session.scalar(select(Reconciliation).order_by(Reconciliation.id.desc()).limit(1))


def seen(session: Session, *, at: datetime) -> Last | None:
    """The same for a page; None where the checks have never run."""
    found = last(session)
    return None if found is None else Last(found, at - found.started_at > _OVERDUE)


def due(session: Session, *, at: datetime) -> bool:
    """Whether an hour has passed since the last run: several workers ask, one runs."""
    found = last(session)
    return found is None or at - found.started_at >= EVERY - timedelta(minutes=5)
