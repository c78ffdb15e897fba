"""Looks up reports of what a plan's sub-projects spent and reached, with who reported and who confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, selectinload

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.plans import LIFECYCLE, ReportStatus
from portal.models.accounts import Person, User
from portal.models.plans import Plan, PlanCheck, PlanReport
from portal.queries import audit

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A report with its check and the persons behind both; `decider` is empty while it waits."""

    check: PlanCheck
    report: PlanReport
    reporter: str
    decider: str


def of_node(session: Session, plan_id: int, node: str) -> list[Row]:
    """The reports of a sub-project with their figures, the newest first. Two statements."""
    return _rows(session, PlanReport.plan_id == plan_id, PlanReport.node == node)


def waiting(session: Session, plan_id: int) -> list[Row]:
    """Those of a plan that wait for a second person, the newest first."""
    return _rows(session, PlanReport.plan_id == plan_id, PlanCheck.status == ReportStatus.WAITING)


def one(session: Session, report_id: int, by: Actor) -> Row:
    """One report of the person's organisation. Raises NotFound."""
    found = _rows(session, PlanReport.id == report_id, Plan.organisation_id == by.organisation_id)
    if not found:
        raise NotFound(f"plan report {report_id}")
    return found[0]


def actions(session: Session, check: PlanCheck, by: Actor) -> Sequence[str]:
    """What this person may do with a report now."""
    if check.status is not ReportStatus.WAITING:
        return ()
    return LIFECYCLE.actions(check.status, by, audit.done_by(session, LIFECYCLE.noun, check.id))


def waits(session: Session, plan_id: int, node: str, year: int) -> bool:
    """Whether a report of this sub-project and year waits already."""
    query = (
        select(PlanReport.id)
        .join(PlanCheck, PlanCheck.id == PlanReport.id)
        .where(PlanReport.plan_id == plan_id, PlanReport.node == node, PlanReport.year == year)
        .where(PlanCheck.status == ReportStatus.WAITING)
    )
    return session.scalar(query.limit(1)) is not None


def _rows(session: Session, *conditions: object) -> list[Row]:
    reporter, decider = aliased(User), aliased(User)
    its_person, other = aliased(Person), aliased(Person)
    query = (
        select(PlanCheck, its_person.name, other.name)
        .join(PlanReport, PlanReport.id == PlanCheck.id)
        .join(Plan, Plan.id == PlanReport.plan_id)
        .join(reporter, reporter.id == PlanReport.reported_by)
        .join(its_person, its_person.id == reporter.person_id)
        .outerjoin(decider, decider.id == PlanCheck.decided_by)
        .outerjoin(other, other.id == decider.person_id)
        .where(*conditions)  # ty: ignore[invalid-argument-type]
        .options(selectinload(PlanCheck.report, PlanReport.figures))
        .order_by(PlanCheck.id.desc())
        .limit(SHOWN)
    )
    return [Row(check, check.report, name, by or "") for check, name, by in session.execute(query)]
