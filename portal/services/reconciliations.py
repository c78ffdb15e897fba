"""Keeps what a run of all checks found, and stops payments where something is broken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.models.reconciliations import Reconciliation
from portal.queries import reconciliations
from portal.services import stops
from portal.services.reconcile import Result


def keep(session: Session, results: Sequence[Result], *, started_at: datetime, at: datetime) -> Reconciliation:
    """Keeps the results, each with its first broken rows. A violation stops all payments of the portal."""
    broken = [result for result in results if not result.holds]
    kept = Reconciliation(
        started_at=started_at,
        milliseconds=max(0, (at - started_at) // timedelta(milliseconds=1)),
        broken=len(broken),
        checks=[
            {"code": result.code, "name": result.name, "says": result.says, "broken": list(result.broken)}
            for result in results
        ],
    )
    session.add(kept)
    session.flush()
    if broken:
        stops.stop_for(session, [f"{each.code} {each.name}: {each.broken[0]}" for each in broken], at=at)
    return kept


def due(session: Session, *, at: datetime) -> bool:
    """Whether an hour has passed since the last run."""
    return reconciliations.due(session, at=at)
