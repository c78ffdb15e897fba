"""Drawing up monthly claims from stored lines, and approving them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.assessment import ClaimRow, SummaryRow
from portal.domain.errors import Incomplete, Problem
from portal.domain.periods import Month, is_month
from portal.models.claims import AssessmentRun, Claim
from portal.queries import claims
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


@dataclass(slots=True)
class DrawnUp:
    """What a run did, in counted outcomes. `recoverable`: merchant id -> won claimed above what is now assessed."""

    run: AssessmentRun
    drawn_up: int = 0
    unchanged: int = 0
    superseded: int = 0
    limited_by_grant: int = 0
    recoverable: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """A merchant's month as it is assessed now; `row` is None where nothing is payable any more."""

    row: ClaimRow | None
    parts: Sequence[SummaryRow]

    @property
    def payable(self) -> int:
        return self.row.payable if self.row else 0


@dataclass(frozen=True, slots=True)
class _Before:
    """What was claimed before this run: `settled` claims are approved or further and stand, `waiting` may be replaced."""

    settled: Sequence[Claim]
    waiting: Claim | None
    last_revision: int

    @property
    def payable(self) -> int:
        return sum(claim.payable for claim in self.settled)


def draw_up(
    session: Session, stores: Stores, lines: LineStore, code: str, period: Month, *, by: Actor, at: datetime
) -> DrawnUp:
    """Draws up the claims of one month under the terms in force, from everything delivered so far.

    Caps and pools run through the months, so all lines are assessed; only this month's claims are written. A claim
    that is approved or further is never edited: what is due beyond it becomes a further revision.
    """
    if not is_month(period):
        raise Incomplete(problems=[Problem("not_a_month", "period", period)])
    programme = _programme(session, code, by)
    claims.lock(session, programme.programme.id)
    run, found = _assess(session, stores, lines, programme, period, by=by, at=at)
    outcome = DrawnUp(run)
    grants = {grant.merchant_id: grant for grant in claims.grants(session, run.programme_id)}
    claimed = claims.claimed(session, run.programme_id)
    before = _before(session, run)
    for merchant_id in sorted(found.keys() | before.keys()):
        now = found.get(merchant_id) or _Found(None, ())
        grant = grants.get(merchant_id)
        left = grant.amount - claimed.get(grant.application_id, 0) if grant else 0
        claim = _compare(outcome, now, before.get(merchant_id) or _Before((), None, 0), merchant_id, left)
        if claim is not None and grant is not None:
            claim.application_id = grant.application_id
        _record(session, outcome, before.get(merchant_id), claim, by=by, at=at)
    session.flush()
    return outcome
