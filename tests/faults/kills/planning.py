"""Reports on a plan killed on their way: one manager reports with a document, another confirms or refuses."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.plans import PlanReport
from portal.services import plan_reports
from portal.services.reconcile import Files
from tests.cases import PDF
from tests.factories import AT
from tests.faults.kills.workflows import Cast, Step, person
from tests.planned import CODE, MALL, open_desk


def build(session: Session, files: Files, *_: object) -> Cast:
    desk = open_desk(session, files.stores)
    return dict(zip(("reporter", "confirmer"), (manager.id for manager in desk.managers), strict=True))


def report_on_plan(session: Session, files: Files, cast: Cast) -> object:
    shown = replace(MALL, content=PDF, filename="실적.pdf", media_type="application/pdf")
    by = person(session, cast, "reporter")
    return plan_reports.report(session, files.stores, CODE, shown, by=by, at=AT)


def refuse_report(session: Session, _files: Files, cast: Cast) -> object:
    by = person(session, cast, "confirmer")
    return plan_reports.refuse(session, _report(session), "문서의 금액과 다릅니다.", by=by, at=AT)


def confirm_report(session: Session, _files: Files, cast: Cast) -> object:
    return plan_reports.confirm(session, _report(session), by=person(session, cast, "confirmer"), at=AT)


def _report(session: Session) -> int:
    return session.scalars(select(PlanReport.id)).one()


STEPS = (
    Step("report_on_plan", report_on_plan),
    Step("refuse_report", refuse_report, aside=True),
    Step("confirm_report", confirm_report),
)
