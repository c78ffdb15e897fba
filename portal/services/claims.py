"""Drawing up monthly claims from stored lines, and approving them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.approvals import Matter
from portal.domain.assessment import ClaimRow, SummaryRow
from portal.domain.claims import LIFECYCLE, ClaimStatus, ShownClaims, recoverable, unclaimed
from portal.domain.errors import Conflict, Incomplete, NotPermitted, Problem
from portal.domain.money import allocate, round_down
from portal.domain.periods import Month
from portal.models.claims import AssessmentRun, Claim, ClaimPart
from portal.models.recoveries import Overclaim
from portal.queries import claims, programmes
from portal.queries import declarations as declarations_made
from portal.queries.claims import Grant
from portal.services import approvals, declarations, month_assessments, steps
from portal.services.month_assessments import Assessed
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


@dataclass(slots=True)
class DrawnUp:
    """What a run did, in counted outcomes.

    `recoverable`: (month, merchant id) -> won claimed above what is assessed now and not set off against other months:
    an order told again in a later month moves there, and that month is only claimed for what was not claimed before.
    `own`: claims left to somebody else, because the one who draws up owns the business, entered its case in the
    merchant's place, or declared an interest in it.
    """

    run: AssessmentRun
    drawn_up: int = 0
    unchanged: int = 0
    superseded: int = 0
    limited_by_grant: int = 0
    own: int = 0
    recoverable: dict[tuple[Month, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Before:
    """What a merchant's month was claimed for: `standing` claims are approved or further, `waiting` may be replaced."""

    standing: Sequence[Claim] = ()
    waiting: Claim | None = None
    revisions: int = 0

    @property
    def payable(self) -> int:
        return sum(claim.payable for claim in self.standing)


def draw_up(
    session: Session, stores: Stores, lines: LineStore, code: str, period: Month, *, by: Actor, at: datetime
) -> DrawnUp:
    """Draws up the claims of one month under the terms in force, from everything delivered so far.

    Caps and pools run through the months: what earlier months used is carried on where nothing of them has changed
    (see `months`), else they are assessed again. Only this month's claims are written. A claim that is approved or
    further is never edited: what is due beyond it becomes a further revision, as far as all months together are not yet
    claimed.
    """
    found = month_assessments.assess(session, stores, lines, code, period, by=by, at=at)
    return write(session, found, by=by, at=at)


def write(session: Session, found: Assessed, *, by: Actor, at: datetime) -> DrawnUp:
    """Draws up the claims of a month from what was assessed before, perhaps long before and in another transaction.

    Raises Conflict where the month was drawn up or the terms were changed since: older never replace newer.
    """
    programme, period = found.programme, found.period
    claims.lock(session, programme.programme.id)
    in_force = programmes.in_force(session, programme.terms.code).version.id
    if (in_force, claims.last_run(session, programme.programme.id, period)) != (programme.version.id, found.after_run):
        raise Conflict(problems=[Problem("drawn_up_meanwhile", "period", period)])
    run = month_assessments.as_run(found, by=by, at=at)
    session.add(run)
    session.flush()
    assessed, parts = found.rows, found.parts
    rows = {merchant_id: row for (month, merchant_id), row in assessed.items() if month == period}
    outcome = DrawnUp(run)
    grants = {grant.merchant_id: grant for grant in claims.grants(session, run.programme_id)}
    claimed = claims.claimed(session, run.programme_id)
    worth = {key: row.payable for key, row in assessed.items()}
    open_won = unclaimed(worth, claims.by_month(session, run.programme_id))
    earlier, away = _earlier(session, run), declarations_made.interests(session, by.person_id)
    away |= declarations.kept_from(session, [grant.application_id for grant in grants.values()], by=by)
    for merchant_id in sorted(rows.keys() | earlier.keys()):
        before, row, grant = earlier.get(merchant_id, _Before()), rows.get(merchant_id), grants.get(merchant_id)
        if grant and (grant.person_id == by.person_id or grant.application_id in away):
            outcome.own += 1
            continue
        replaced = before.waiting.payable if before.waiting else 0
        due = min((row.payable if row else 0) - before.payable, open_won[merchant_id] + replaced)
        left = grant.amount - claimed.get(grant.application_id, 0) if grant else 0
        amount = round_down(max(0, min(due, left + replaced)), programme.terms.round_down_to)
        outcome.limited_by_grant += left + replaced < due
        shares = _parts(parts[merchant_id], before.standing, amount) if amount else []
        if before.waiting and _says_the_same(before.waiting, run, row, shares, amount):
            outcome.unchanged += 1
            continue
        if before.waiting:
            steps.take(session, before.waiting, LIFECYCLE, "supersede", by=by, at=at)
            outcome.superseded += 1
        if amount and row and grant:
            claim = _claim(run, row, grant, before, amount, at)
            claim.parts = shares
            steps.begin(session, claim, LIFECYCLE, "draw_up", by=by, at=at)
            outcome.drawn_up += 1
        elif before.standing:
            outcome.unchanged += not before.waiting
    session.flush()
    outcome.recoverable = recoverable(worth, claims.by_month(session, run.programme_id))
    session.add_all(
        Overclaim(run_id=run.id, period=month, merchant_id=merchant_id, amount=won)
        for (month, merchant_id), won in outcome.recoverable.items()
    )
    session.flush()
    return outcome


def approve(
    session: Session, code: str, period: Month, *, by: Actor, at: datetime, shown: ShownClaims | None = None
) -> int:
    """Approves every drawn-up claim of a month; another person than the one who drew it up. Returns how many.

    Raises Conflict where the claims are no longer those that the approver was `shown`, Incomplete where none waits.
    Claims of the approver's own businesses, and of cases that they entered or declared an interest in, are left to
    another approver; by approving the others one declares to have none in them. NotPermitted where there are no
    others, or where all together are another's band.
    """
    programme = month_assessments.programme_of(session, code, by)
    claims.lock(session, programme.programme.id)
    waiting = claims.waiting(session, programme.programme.id, ClaimStatus.DRAWN_UP, period=period)
    if not waiting:
        raise Incomplete(problems=[Problem("nothing_to_approve", "period", period)])
    if shown not in (None, ShownClaims(len(waiting), sum(claim.payable for claim in waiting))):
        raise Conflict(problems=[Problem("claims_changed", "period", period)])
    own = claims.owned_by_person(session, programme.programme.id, by.person_id)
    away = declarations_made.interests(session, by.person_id)
    away |= declarations.kept_from(session, [claim.application_id for claim in waiting], by=by)
    others = [claim for claim in waiting if claim.id not in own and claim.application_id not in away]
    if not others:
        raise NotPermitted("nobody approves claims of their own business, or of a case they have a hand in")
    declarations.declare_none(session, [claim.application_id for claim in others], by=by, at=at)
    amounts = {claim.id: claim.payable for claim in others}
    mandate = approvals.permit(session, Matter.CLAIMS, sum(amounts.values()), by=by, at=at)
    for claim in others:
        steps.take(session, claim, LIFECYCLE, "approve", by=by, at=at)
        claim.approved_at = at
    approvals.record(session, Matter.CLAIMS, amounts, mandate, by=by, at=at)
    return len(others)


def approve_again(session: Session, claim_id: int, *, by: Actor, at: datetime) -> Claim:
    """Sends an approved claim that changed since back to be approved again. Raises Conflict where it still stands."""
    claim = claims.of_organisation(session, claim_id, by)
    claims.lock(session, claim.programme_id)
    session.refresh(claim, ["status"])
    if not approvals.lapse_changed(session, [claim], by=by, at=at):
        raise Conflict(problems=[Problem("approval_stands")])
    return claim


def _earlier(session: Session, run: AssessmentRun) -> dict[int, _Before]:
    revisions = claims.last_revisions(session, run.programme_id, run.period)
    counting: dict[int, list[Claim]] = defaultdict(list)
    for claim in claims.of_period(session, run.programme_id, run.period):
        counting[claim.merchant_id].append(claim)
    return {
        merchant_id: _Before(
            [claim for claim in counting[merchant_id] if claim.status is not ClaimStatus.DRAWN_UP],
            next((claim for claim in counting[merchant_id] if claim.status is ClaimStatus.DRAWN_UP), None),
            number,
        )
        for merchant_id, number in revisions.items()
    }


def _says_the_same(
    claim: Claim, run: AssessmentRun, row: ClaimRow | None, shares: Sequence[ClaimPart], amount: int
) -> bool:
    said, found = (
        {(part.platform, part.item, part.lines, part.amount_e4, part.amount) for part in each}
        for each in (claim.parts, shares)
    )
    assessed = row.payable if row else 0
    return said == found and (claim.version_id, claim.assessed, claim.payable) == (run.version_id, assessed, amount)


def _claim(run: AssessmentRun, row: ClaimRow, grant: Grant, before: _Before, amount: int, at: datetime) -> Claim:
    return Claim(
        programme_id=run.programme_id,
        version_id=run.version_id,
        merchant_id=grant.merchant_id,
        application_id=grant.application_id,
        run_id=run.id,
        period=run.period,
        revision=before.revisions + 1,
        lines=row.lines,
        exact_e4=row.exact_e4,
        assessed=row.payable,
        payable=amount,
        drawn_up_at=at,
    )


def _parts(found: Sequence[SummaryRow], standing: Sequence[Claim], amount: int) -> list[ClaimPart]:
    """The amount over platforms and items, so that with the claims that stand each part comes to its share."""
    lines: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    for part in (part for claim in standing for part in claim.parts):
        lines[part.platform, part.item] += part.lines
        given[part.platform, part.item] += part.amount
    goals = allocate(given.total() + amount, [part.amount_e4 for part in found])
    missing = [max(0, goal - given[part.platform, part.item]) for part, goal in zip(found, goals, strict=True)]
    return [
        ClaimPart(
            platform=part.platform,
            item=part.item,
            lines=max(0, part.lines - lines[part.platform, part.item]),
            amount_e4=part.amount_e4,
            amount=won,
        )
        for part, won in zip(found, allocate(amount, missing), strict=True)
    ]
