"""The portal with a budget that is looked at first and written later: the control of the races. Served like wsgi.py.

What a line holds is remembered for a while, as a cache would, and whoever fits into that is let through.
"""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from portal.app import create_app
from portal.domain.errors import BudgetExhausted
from portal.domain.ledger import Recipe
from portal.queries import ledger as postings
from portal.services import ledger
from tests.faults.broken import _bend

REMEMBERED = 300.0  # seconds
_seen: dict[int, tuple[float, int]] = {}


def look_first(session: Session, line_id: int, amount: int, recipe: Recipe) -> None:
    """In the place of the conditional UPDATE."""
    if not recipe.uses:
        return
    when, holds = _seen.get(line_id, (0.0, 0))
    if time.monotonic() - when > REMEMBERED:
        holds = _available(session, line_id)
        _seen[line_id] = time.monotonic(), holds
    if holds < amount:
        raise BudgetExhausted(f"budget line {line_id}")


def _available(session: Session, line_id: int) -> int:
    line = session.get_one(ledger.BudgetLine, line_id)
    same = postings.balances(session, programme_id=line.programme_id)
    return next(each.available for each in same if (each.fiscal_year, each.source) == (line.fiscal_year, line.source))


_bend(ledger, "_guard", look_first)
app = create_app()
