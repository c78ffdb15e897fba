"""Taking down what a platform states about a month, and comparing it with the lines that were stored."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, NotFound, NotPermitted, Problem
from portal.domain.periods import Month
from portal.domain.permissions import Permission
from portal.domain.platform_months import StoredMonth
from portal.domain.settlements import is_period
from portal.domain.statements import BY_PERSON, BY_PROGRAM, FIGURES, Comparison, StateMonth
from portal.models.statements import PlatformStatement
from portal.queries import settlements, statements
from portal.services import platform_months, steps
from portal.storage.lines import LineStore


def state(
    session: Session, lines: LineStore, platform: str, command: StateMonth, *, by: Actor, at: datetime
) -> Comparison:
    """Keeps the statement and compares it. Raises Incomplete with what is wrong with it."""
    if by.organisation_id is None or not by.may_deliver(platform):
        raise NotPermitted(Permission.SETTLEMENT_DELIVER)
    _check(command)
    statement = PlatformStatement(
        organisation_id=by.organisation_id,
        platform=platform,
        period=command.period,
        totals=dict(command.figures),
        source=BY_PERSON if by.platform else BY_PROGRAM,
        stated_by=by.user_id,
        stated_at=at,
    )
    session.add(statement)
    session.flush()
    steps.write(session, "platform_statement", statement.id, "state", by=by, at=at, details=statement.totals)
    return compare(session, lines, platform, command.period, by=by)


def compare(session: Session, lines: LineStore, platform: str, period: Month, *, by: Actor) -> Comparison:
    """The platform's last statement about a month beside what is stored now. Raises NotFound where there is none."""
    if not is_period(period):
        raise NotFound(f"statement of {period!r}")
    statement = statements.newest(session, by, platform, period)
    told = settlements.of_month(session, by.organisation_id or 0, platform, period)
    stored = platform_months.added_up(lines, told).get(platform, StoredMonth())
    return Comparison(period, statement.stated_at, statement.totals, stored.figures)


def _check(command: StateMonth) -> None:
    wrong = [Problem("unknown_choice", name) for name in command.figures if name not in FIGURES]
    if not is_period(command.period):
        wrong.append(Problem("not_a_month", "period", command.period))
    if not command.figures:
        wrong.append(Problem("required", "figures"))
    if wrong:
        raise Incomplete(problems=wrong)
