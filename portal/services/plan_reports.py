"""Reports of what a plan's sub-projects spent and reached: by one manager, with its document, confirmed by another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, Problem
from portal.domain.periods import korean_date
from portal.domain.plans import LIFECYCLE, FigureKind, ReportActuals, check
from portal.models.plans import Plan, PlanCheck, PlanFigure, PlanReport
from portal.queries import plan_reports, plans
from portal.queries.plans import Known
from portal.services import steps
from portal.storage.objects import Stores


def report(
    session: Session, stores: Stores, code: str, command: ReportActuals, *, by: Actor, at: datetime
) -> PlanReport:
    """Reports what a sub-project spent and reached in a year; it counts once another manager has confirmed it.

    Nothing is edited: a later report of the same year counts in place of the earlier one, figure by figure. Raises
    NotFound, Incomplete, AlreadyDone where a report of this sub-project and year waits already.
    """
    known = _held(session, code, by)
    check(command, known.tree, korean_date(at))
    if plan_reports.waits(session, known.plan.id, command.node, command.year):
        raise AlreadyDone(problems=[Problem("plan_report_waits", "year", str(command.year))])
    made = PlanReport(
        plan=known.plan,
        version=known.version,
        node=command.node,
        year=command.year,
        as_of=command.as_of,
        document=command.document.strip(),
        note=command.note.strip(),
        reported_by=by.user_id,
        reported_at=at,
        figures=[
            PlanFigure(kind=kind, key=key, value=value)
            for kind, figures in ((FigureKind.SPENT, command.spent), (FigureKind.REACHED, command.reached))
            for key, value in figures.items()
        ],
    )
    if command.content:
        made.document_sha256 = stores.evidence.put(command.content).sha256
        made.document_name, made.document_type = command.filename[:200], command.media_type
    session.add(made)
    session.flush()
    steps.begin(session, PlanCheck(report=made), LIFECYCLE, "report", by=by, at=at)
    return made


def confirm(session: Session, report_id: int, *, by: Actor, at: datetime) -> PlanCheck:
    """Another manager has compared the report with its document: it counts. Raises SamePerson."""
    return _decide(session, report_id, "confirm", "", by=by, at=at)


def refuse(session: Session, report_id: int, note: str, *, by: Actor, at: datetime) -> PlanCheck:
    """It does not count, for a reason that whoever reported is told. Raises Incomplete without one."""
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    return _decide(session, report_id, "refuse", note.strip(), by=by, at=at)


def _held(session: Session, code: str, by: Actor) -> Known:
    """A plan of the person's organisation, its reports one after another. Raises NotFound."""
    known = plans.one(session, code, by)
    session.execute(select(Plan.id).where(Plan.id == known.plan.id).with_for_update(key_share=True))
    return plans.one(session, code, by)


def _decide(session: Session, report_id: int, action: str, note: str, *, by: Actor, at: datetime) -> PlanCheck:
    plan_reports.one(session, report_id, by)
    query = select(PlanCheck).where(PlanCheck.id == report_id).with_for_update(of=PlanCheck, key_share=True)
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    LIFECYCLE.step(found.status, action)  # of what is decided already nothing is touched
    found.decided_by, found.decided_at, found.note = by.user_id, at, note
    steps.take(session, found, LIFECYCLE, action, by=by, at=at, note=note)
    return found
