"""What a programme's month comes to: computed before its claims are written, so that nobody waits for it."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.assessment import ClaimRow, SummaryRow
from portal.domain.errors import Incomplete, NotFound, NotPermitted, Problem
from portal.domain.periods import Month, is_month
from portal.domain.permissions import Permission
from portal.models.claims import AssessmentRun
from portal.queries import claims, programmes
from portal.queries.programmes import Published
from portal.services import assessments, months
from portal.storage.lines import LineStore
from portal.storage.objects import Stores


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a month came to: the programme's claim rows by month and merchant, the month's parts by merchant.

    `after_run`: the month's last run when this was assessed; its inputs and explanation are stored already.
    """

    programme: Published
    period: Month
    after_run: int
    upto: int
    inputs_sha256: str
    explanation_sha256: str
    rows: Mapping[tuple[Month, int], ClaimRow]
    parts: Mapping[int, Sequence[SummaryRow]]


def check(session: Session, code: str, period: Month, by: Actor) -> Published:
    """The programme whose month is to be drawn up. Raises NotPermitted, NotFound, or Incomplete for no month."""
    if not by.may(Permission.CLAIM_DRAW_UP):
        raise NotPermitted(Permission.CLAIM_DRAW_UP)
    if not is_month(period):
        raise Incomplete(problems=[Problem("not_a_month", "period", period)])
    found = programme_of(session, code, by)
    if not found.terms.items:
        raise Incomplete(problems=[Problem("pays_no_costs", "programme", found.terms.name)])
    return found


def assess(
    session: Session, stores: Stores, lines: LineStore, code: str, period: Month, *, by: Actor, at: datetime
) -> Assessed:
    """What a month comes to under the terms in force, from everything delivered so far. Changes no row.

    Raises what `check` raises, and Incomplete where no lines were delivered.
    """
    programme = check(session, code, period, by)
    after_run = claims.last_run(session, programme.programme.id, period)
    inputs = assessments.gather(session, lines, programme.programme.organisation_id)
    with tempfile.TemporaryDirectory(dir=lines.aside()) as aside:
        found = months.found(session, lines, inputs, period, Path(aside), at=at)
        rows = {(row.period, int(row.merchant_id)): row for row in found.claims if row.programme == code}
        parts: dict[int, list[SummaryRow]] = defaultdict(list)
        for part in found.parts:
            if part.programme == code:
                parts[int(part.merchant_id)].append(part)
        with found.explanation.open("rb") as file:
            explained = stores.reports.put(file).sha256
    kept = assessments.keep(stores, inputs)
    return Assessed(programme, period, after_run, inputs.upto, kept, explained, rows, parts)


def as_run(found: Assessed, *, by: Actor, at: datetime) -> AssessmentRun:
    """The row of a run that came to this."""
    return AssessmentRun(
        programme_id=found.programme.programme.id,
        version_id=found.programme.version.id,
        period=found.period,
        deliveries_upto=found.upto,
        inputs_sha256=found.inputs_sha256,
        explanation_sha256=found.explanation_sha256,
        drawn_up_by=by.user_id,
        drawn_up_at=at,
    )


def programme_of(session: Session, code: str, by: Actor) -> Published:
    """One of the office's own programmes, as in force. Raises NotFound."""
    programme = programmes.in_force(session, code)
    if programme.programme.organisation_id != by.organisation_id:
        raise NotFound(code)
    return programme
