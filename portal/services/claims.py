"""Drawing up monthly claims from stored lines, and approving them."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.assessment import engine
from portal.domain.actors import Actor
from portal.domain.assessment import ClaimRow, Enrolment, SummaryRow
from portal.domain.claims import LIFECYCLE, ClaimStatus
from portal.domain.errors import Incomplete, NotFound, Problem
from portal.domain.money import allocate
from portal.domain.periods import first_day, is_month, korean_time, next_month
from portal.models.claims import AssessmentRun, Claim, ClaimPart
from portal.queries import claims, links, programmes
from portal.queries.programmes import Published
from portal.services import settlements, steps
from portal.storage.lines import LineStore
from portal.storage.objects import Stores

Parts = dict[int, list[SummaryRow]]


@dataclass(slots=True)
class DrawnUp:
    """What a run did, in counted outcomes; `recoverable`: merchant id -> won paid above what is now assessed."""

    run: AssessmentRun
    drawn_up: int = 0
    unchanged: int = 0
    superseded: int = 0
    limited_by_grant: int = 0
    recoverable: dict[int, int] = field(default_factory=dict)


def draw_up(
    session: Session, stores: Stores, lines: LineStore, code: str, period: str, *, by: Actor, at: datetime
) -> DrawnUp:
    """Draws up the claims of one month (`YYYY-MM`) under the terms in force.

    The months before are assessed along, because caps and pools run through them; only the month's own claims are
    written. A claim already approved or paid is never edited: a difference becomes a further revision.
    """
    if not is_month(period):
        raise Incomplete(problems=[Problem("not_a_month", "period", period)])
    programme = programmes.in_force(session, code)
    if programme.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    rows, parts, explanation = _assess(session, stores, lines, programme, period)
    run = AssessmentRun(
        programme_id=programme.programme.id,
        version_id=programme.version.id,
        period=period,
        deliveries_upto=settlements.last_taken_in(session, programme.programme.organisation_id, until=period),
        explanation_sha256=explanation,
        drawn_up_by=by.user_id,
        drawn_up_at=at,
    )
    session.add(run)
    session.flush()
    return _Draft(session, programme, run, by, at).write(rows, parts)


def approve(session: Session, code: str, period: str, *, by: Actor, at: datetime) -> int:
    """Approves every drawn-up claim of a month; another person than the one who drew it up. Returns how many."""
    programme = programmes.in_force(session, code)
    if programme.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    waiting = claims.waiting(session, programme.programme.id, ClaimStatus.DRAWN_UP, period=period)
    if not waiting:
        raise Incomplete(problems=[Problem("nothing_to_approve", "period", period)])
    for claim in waiting:
        approve_one(session, claim, by=by, at=at)
    return len(waiting)


def approve_one(session: Session, claim: Claim, *, by: Actor, at: datetime) -> None:
    steps.take(session, claim, LIFECYCLE, "approve", by=by, at=at)
    claim.approved_at = at


def _assess(
    session: Session, stores: Stores, lines: LineStore, programme: Published, period: str
) -> tuple[list[ClaimRow], Parts, str]:
    """The month's claim rows, their parts by merchant, and the hash of the stored explanation."""
    paths = settlements.stored_lines(session, lines, programme.programme.organisation_id, until=period)
    if not paths:
        raise Incomplete(problems=[Problem("no_lines", "period", period)])
    enrolments = [
        Enrolment(
            programme=programme.terms.code,
            merchant_id=str(grant.merchant_id),
            owner_id=str(grant.person_id),
            enrolled_from=None,
            enrolled_to=None,
            accepted_at=korean_time(grant.accepted_at).replace(tzinfo=None),
        )
        for grant in claims.grants(session, programme.programme.id)
    ]
    until = datetime.combine(first_day(next_month(period)), datetime.min.time())
    assessed = engine.assess(
        [programme.terms],
        lines=paths,
        links=links.periods(session, programme.programme.id),
        enrolments=enrolments,
        until=until,
    )
    with assessed as result, tempfile.TemporaryDirectory(dir=lines.aside()) as aside:
        parts: Parts = defaultdict(list)
        for part in result.summaries():
            if part.period == period:
                parts[int(part.merchant_id)].append(part)
        explanation = Path(aside) / "explanation.parquet"
        result.write_explanations(explanation)
        with explanation.open("rb") as file:
            kept = stores.reports.put(file)
        return [row for row in result.claims() if row.period == period], parts, kept.sha256


class _Draft:
    """One run's comparison of what is now assessed with what was claimed before."""

    def __init__(self, session: Session, programme: Published, run: AssessmentRun, by: Actor, at: datetime) -> None:
        self.session, self.programme, self.run, self.by, self.at = session, programme, run, by, at
        programme_id = programme.programme.id
        self.grants = {grant.merchant_id: grant for grant in claims.grants(session, programme_id)}
        self.claimed = claims.claimed(session, programme_id)
        self.revisions = claims.last_revisions(session, programme_id, run.period)
        self.existing: dict[int, list[Claim]] = defaultdict(list)
        for claim in claims.of_period(session, programme_id, run.period):
            self.existing[claim.merchant_id].append(claim)
        self.outcome = DrawnUp(run)

    def write(self, rows: Sequence[ClaimRow], parts: Parts) -> DrawnUp:
        assessed = {int(row.merchant_id): row for row in rows}
        for merchant_id in sorted(assessed.keys() | self.existing.keys()):
            self._merchant(merchant_id, assessed.get(merchant_id), parts.get(merchant_id, []))
        self.session.flush()
        return self.outcome

    def _merchant(self, merchant_id: int, row: ClaimRow | None, parts: list[SummaryRow]) -> None:
        payable = row.payable if row else 0
        fixed = [claim for claim in self.existing[merchant_id] if claim.status is not ClaimStatus.DRAWN_UP]
        open_claims = [claim for claim in self.existing[merchant_id] if claim.status is ClaimStatus.DRAWN_UP]
        due = payable - sum(claim.payable for claim in fixed)
        if row and any(claim.exact_e4 == row.exact_e4 and claim.assessed == payable for claim in open_claims):
            self.outcome.unchanged += 1
            return
        for claim in open_claims:
            steps.take(self.session, claim, LIFECYCLE, "supersede", by=self.by, at=self.at)
            self.claimed[claim.application_id] -= claim.payable
            self.outcome.superseded += 1
        if due < 0:
            self.outcome.recoverable[merchant_id] = -due
        elif due == 0 or row is None:
            self.outcome.unchanged += bool(fixed)
        else:
            self._draw_up(merchant_id, row, due, parts)

    def _draw_up(self, merchant_id: int, row: ClaimRow, due: int, parts: list[SummaryRow]) -> None:
        grant = self.grants[merchant_id]
        left = grant.amount - self.claimed.get(grant.application_id, 0)
        amount = min(due, left)
        if amount < due:
            self.outcome.limited_by_grant += 1
        if amount <= 0:
            return
        claim = Claim(
            programme_id=self.run.programme_id,
            version_id=self.run.version_id,
            merchant_id=merchant_id,
            application_id=grant.application_id,
            run_id=self.run.id,
            period=self.run.period,
            revision=self.revisions.get(merchant_id, 0) + 1,
            lines=row.lines,
            exact_e4=row.exact_e4,
            assessed=row.payable,
            payable=amount,
            drawn_up_at=self.at,
        )
        spread = allocate(amount, [part.amount_e4 for part in parts])
        claim.parts = [
            ClaimPart(platform=part.platform, item=part.item, lines=part.lines, amount_e4=part.amount_e4, amount=won)
            for part, won in zip(parts, spread, strict=True)
        ]
        self.claimed[grant.application_id] = self.claimed.get(grant.application_id, 0) + amount
        steps.begin(self.session, claim, LIFECYCLE, "draw_up", by=self.by, at=self.at)
        self.outcome.drawn_up += 1
