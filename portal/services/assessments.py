"""Puts stored lines, links and grants to the assessment, as they stand now or as they stood at a run."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from portal.assessment import engine
from portal.assessment.engine import Assessment
from portal.domain.assessment import Enrolment
from portal.domain.errors import Incomplete, Problem
from portal.domain.periods import Month, first_day, korean_time, next_month
from portal.models.claims import AssessmentRun
from portal.queries import claims, links, programmes
from portal.queries.programmes import Published
from portal.services import settlements
from portal.storage.lines import LineStore


def of_month(
    session: Session,
    lines: LineStore,
    programme: Published,
    period: Month,
    *,
    as_of: datetime | None = None,
    deliveries_upto: int | None = None,
) -> AbstractContextManager[Assessment]:
    """Assesses everything up to the end of a month: caps and pools run through the months before it.

    `as_of` and `deliveries_upto` leave out what was decided or delivered later. Raises Incomplete without any lines.
    """
    organisation_id, programme_id = programme.programme.organisation_id, programme.programme.id
    paths = settlements.stored_lines(session, lines, organisation_id, until=period, upto=deliveries_upto)
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
        for grant in claims.grants(session, programme_id, as_of=as_of)
    ]
    return engine.assess(
        [programme.terms],
        lines=paths,
        links=links.periods(session, programme_id, as_of=as_of),
        enrolments=enrolments,
        until=datetime.combine(first_day(next_month(period)), datetime.min.time()),
    )


def again(session: Session, lines: LineStore, run: AssessmentRun) -> dict[int, int]:
    """What a past run assessed, computed once more from the same inputs: merchant id -> won of its month."""
    programme = programmes.version(session, run.version_id)
    repeated = of_month(
        session, lines, programme, run.period, as_of=run.drawn_up_at, deliveries_upto=run.deliveries_upto
    )
    with repeated as result:
        return {int(row.merchant_id): row.payable for row in result.claims() if row.period == run.period}
