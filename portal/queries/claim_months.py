"""The months of an organisation's claims at a glance: how many, how much, and whether data came in since."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.domain.periods import Month
from portal.models.claims import AssessmentRun, Claim
from portal.models.programmes import Programme
from portal.models.settlements import Delivery
from portal.queries.claims import COUNTED


@dataclass(slots=True)
class ClaimMonth:
    """A programme's month. `counts`, `won`: by status, superseded claims left out; `behind`: lines came in since;
    `in_kind`: its claims rest on invoices of firms, not on an assessment.
    """

    programme: str
    name: str
    period: Month
    behind: bool = False
    in_kind: bool = False
    counts: dict[ClaimStatus, int] = field(default_factory=dict)
    won: dict[ClaimStatus, int] = field(default_factory=dict)

    @property
    def claims(self) -> int:
        return sum(self.counts.values())

    @property
    def total(self) -> int:
        return sum(self.won.values())

    @property
    def waiting(self) -> int:
        """How many claims wait for approval."""
        return self.counts.get(ClaimStatus.DRAWN_UP, 0)

    @property
    def waiting_won(self) -> int:
        return self.won.get(ClaimStatus.DRAWN_UP, 0)


def overview(session: Session, by: Actor) -> list[ClaimMonth]:
    """Every month that was assessed or invoiced, newest first."""
    months = _invoiced(session, by) | _assessed(session, by)
    rows = session.execute(
        select(Programme.code, Claim.period, Claim.status, func.count(), func.sum(Claim.payable))
        .join(Programme, Programme.id == Claim.programme_id)
        .where(Programme.organisation_id == by.organisation_id, Claim.status.in_(COUNTED))
        .group_by(Programme.code, Claim.period, Claim.status)
        .order_by(Claim.status)
    )
    for code, period, status, number, won in rows:
        months[code, period].counts[status] = number
        months[code, period].won[status] = int(won)
    return sorted(months.values(), key=lambda month: (month.period, month.programme), reverse=True)


def one(session: Session, by: Actor, programme: str, period: Month) -> ClaimMonth:
    """One month. Raises NotFound where it was neither assessed nor invoiced."""
    for month in overview(session, by):
        if (month.programme, month.period) == (programme, period):
            return month
    raise NotFound(f"{programme} {period}")


def _assessed(session: Session, by: Actor) -> dict[tuple[str, Month], ClaimMonth]:
    runs = session.execute(
        select(Programme.code, Programme.name, AssessmentRun.period, func.max(AssessmentRun.deliveries_upto))
        .join(Programme, Programme.id == AssessmentRun.programme_id)
        .where(Programme.organisation_id == by.organisation_id)
        .group_by(Programme.code, Programme.name, AssessmentRun.period)
    ).all()
    newest = _newest_deliveries(session, by)
    return {
        (code, period): ClaimMonth(code, name, period, behind=_newest_until(newest, period) > upto)
        for code, name, period, upto in runs
    }


def _invoiced(session: Session, by: Actor) -> dict[tuple[str, Month], ClaimMonth]:
    rows = session.execute(
        select(Programme.code, Programme.name, Claim.period)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(Programme.organisation_id == by.organisation_id, Claim.invoice_id.is_not(None))
        .distinct()
    )
    return {(code, period): ClaimMonth(code, name, period, in_kind=True) for code, name, period in rows}


def _newest_deliveries(session: Session, by: Actor) -> dict[Month, int]:
    """Month -> number of the last delivery of its lines."""
    rows = session.execute(
        select(Delivery.period, func.max(Delivery.id))
        .where(Delivery.organisation_id == by.organisation_id, Delivery.accepted > 0)
        .group_by(Delivery.period)
    )
    return dict(rows.all())


def _newest_until(newest: dict[Month, int], period: Month) -> int:
    """Caps and pools run through the months: what came in for an earlier month may change a later one."""
    return max((number for month, number in newest.items() if month <= period), default=0)
