"""The monthly reconciliation of every platform, and entering what a platform states."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, NotFound, NotPermitted, Problem
from portal.domain.layouts import Tells
from portal.domain.periods import Month
from portal.domain.permissions import Permission
from portal.domain.platform_months import ClaimedMonth, PlatformMonth, StateMonth, StoredMonth
from portal.domain.settlements import is_period
from portal.domain.statements import FEES
from portal.models.settlements import Delivery
from portal.models.statements import PlatformStatement
from portal.queries import platform_months
from portal.services import steps
from portal.storage import line_months
from portal.storage.lines import LineStore

MAX_SOURCE = 200


def reconciled(session: Session, lines: LineStore, period: Month, by: Actor) -> list[PlatformMonth]:
    """Every platform of the month that states, sent or was paid for anything, in the order of their codes.

    An order that another month's file tells of later still counts here, as its own month's files tell it.
    """
    organisation_id = by.organisation_id or 0
    stored = added_up(lines, platform_months.deliveries(session, organisation_id, period))
    stated = platform_months.stated(session, organisation_id, period)
    claims = platform_months.claimed(session, organisation_id, period)
    return [
        PlatformMonth(
            platform,
            period,
            stated.get(platform),
            stored.get(platform, StoredMonth()),
            claims.get(platform, ClaimedMonth()),
        )
        for platform in sorted({*stored, *stated, *claims})
    ]


def one(session: Session, lines: LineStore, period: Month, platform: str, by: Actor) -> PlatformMonth:
    """The same for one platform. Raises NotFound where it has nothing of the month."""
    found = reconciled(session, lines, period, by) if is_period(period) else []
    for each in found:
        if each.platform == platform:
            return each
    raise NotFound(f"{platform} {period}")


def added_up(lines: LineStore, told: Sequence[Delivery]) -> dict[str, StoredMonth]:
    """Platform -> what these deliveries come to; they are all of one month."""
    return line_months.months(
        [lines.path(delivery.platform, delivery.period, delivery.id) for delivery in told],
        statements=[delivery.id for delivery in told if _tells_no_orders(delivery)],
        work=lines.aside(),
    )


def state(session: Session, command: StateMonth, *, by: Actor, at: datetime) -> PlatformStatement:
    """Keeps what a platform states about a month; of several statements the last one counts. Raises Incomplete."""
    if by.organisation_id is None or not by.may(Permission.SETTLEMENT_DELIVER):
        raise NotPermitted(Permission.SETTLEMENT_DELIVER)
    _check(command)
    stated = PlatformStatement(
        organisation_id=by.organisation_id,
        platform=command.platform,
        period=command.period,
        totals={"orders": command.orders, "order_amount": command.order_amount, **command.fees},
        source=command.source.strip(),
        stated_by=by.user_id,
        stated_at=at,
    )
    session.add(stated)
    session.flush()
    steps.write(session, "platform_statement", stated.id, "state", by=by, at=at, note=stated.source)
    return stated


def _tells_no_orders(delivery: Delivery) -> bool:
    layouts: Sequence = data.platform_catalogue()[delivery.platform].layouts
    used = delivery.outcome.get("layout", "")
    return any(layout.code == used and layout.tells is Tells.STATEMENTS for layout in layouts)


def _check(command: StateMonth) -> None:
    wrong = []
    if command.platform not in data.platform_catalogue():
        wrong.append(Problem("unknown_choice", "platform", command.platform))
    if not is_period(command.period):
        wrong.append(Problem("not_a_month", "period", command.period))
    if not command.source.strip():
        wrong.append(Problem("required", "source"))
    if len(command.source) > MAX_SOURCE:
        wrong.append(Problem("too_long", "source"))
    amounts = {"orders": command.orders, "order_amount": command.order_amount, **command.fees}
    wrong += [Problem("won_negative", name) for name, value in amounts.items() if value < 0]
    wrong += [Problem("unknown_choice", name) for name in command.fees if name not in FEES]
    if wrong:
        raise Incomplete(problems=wrong)
