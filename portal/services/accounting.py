"""What the office accounts for: the execution report of a month, the final report of a programme's year, as files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain import final_reports as rules
from portal.domain.actors import Actor
from portal.domain.deadlines import report_of
from portal.domain.errors import NotFound
from portal.domain.execution import Execution, report_due_on
from portal.domain.final_reports import FinalReport
from portal.domain.kinds import ITEM_NAMES, SOURCE_NAMES
from portal.domain.periods import Month, is_month, korean_date, last_day, month_of
from portal.models.programmes import Programme
from portal.queries import execution, final_reports, programmes, statistics
from portal.services import statistics as statistics_service
from reports import execution as execution_paper
from reports import execution_workbook, final_report, final_workbook


@dataclass(frozen=True, slots=True)
class Kind:
    """A file one may take away: its media type, and what makes the bytes of either report."""

    media_type: str
    execution: Callable[[Execution, bool], bytes]
    final: Callable[[FinalReport, bool], bytes]


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, Kind] = {
    "pdf": Kind(
        "application/pdf",
        lambda found, demo: execution_paper.render(found, demo=demo),
        lambda found, demo: final_report.render(found, demo=demo),
    ),
    "xlsx": Kind(
        _XLSX,
        lambda found, demo: execution_workbook.render(found, demo=demo),
        lambda found, demo: final_workbook.render(found, demo=demo),
    ),
}


def month(session: Session, year: int | None, wanted: str, *, by: Actor, at: datetime) -> Execution | None:
    """예산집행현황 at the end of a month (the running one without `wanted`); None where there is no budget yet.

    `year`: the budget year, else the newest. Raises NotFound for a year without budget or what is no month,
    TotalsDiffer.
    """
    years = execution.years(session, by)
    if not years:
        return None
    chosen = year or years[0]
    return execution.execution(session, chosen, _month(wanted, chosen, at), SOURCE_NAMES, by=by, at=at)


def final(session: Session, code: str, year: int, *, by: Actor, at: datetime) -> FinalReport:
    """정산·실적보고서 of a programme's budget year as it stands today. Raises NotFound, TotalsDiffer."""
    programme = statistics.programme_of(session, code, by)
    upto = min(korean_date(at), date(year + 1, 12, 31))
    found = execution.execution(session, year, month_of(upto), SOURCE_NAMES, by=by, at=at, programme=code)
    ends = last_day(found.month)
    paid = final_reports.spent(session, programme.id, year, ends)
    items, merchants = final_reports.items(session, programme.id, year, ends, ITEM_NAMES)
    funnel = statistics_service.compile(session, programme, at=at).funnel
    about = _about(session, programme, year)
    return rules.check(FinalReport(about, found, items, paid, merchants, funnel))


def execution_file(found: Execution | None, kind: str, *, demo: bool) -> tuple[bytes, str, str]:
    """Bytes, file name and media type. Raises NotFound for a kind there is not, and where there is no budget."""
    made = _kind(kind)
    if found is None:
        raise NotFound("no budget")
    name = f"execution_{found.organisation_code}_{found.fiscal_year}_{found.month}.{kind}"
    return made.execution(found, demo), name, made.media_type


def final_file(found: FinalReport, kind: str, *, demo: bool) -> tuple[bytes, str, str]:
    """Bytes, file name and media type. Raises NotFound for a kind there is not."""
    made = _kind(kind)
    name = f"final_{found.programme.code}_{found.execution.fiscal_year}.{kind}"
    return made.final(found, demo), name, made.media_type


def _month(wanted: str, year: int, at: datetime) -> Month:
    if not wanted:
        return min(month_of(korean_date(at)), f"{year + 1}-12")
    if not is_month(wanted):
        raise NotFound(f"month {wanted}")
    return wanted


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound(f"report as {kind}")
    return KINDS[kind]


def _about(session: Session, programme: Programme, year: int) -> rules.Programme:
    published = programmes.in_force(session, programme.code)
    call, terms = published.announcement.call, published.terms
    ended_on = min(terms.cost_to, date(year, 12, 31))
    due = report_of(data.reports_due(), call.act, ended_on)
    contact = call.contact
    return rules.Programme(
        code=programme.code,
        name=programme.name,
        notice_no=call.notice_no,
        legal_basis=terms.legal_basis,
        cost=call.cost,
        contact=f"{contact.unit} {contact.name} {contact.phone}",
        ended_on=ended_on,
        due_on=report_due_on(ended_on, due.months, data.holidays()),
        due_by=due.article,
    )
