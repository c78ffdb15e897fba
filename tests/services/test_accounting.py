"""The reports of a budget year: they are the ledger, source by source, and refuse to be anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain import final_reports
from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.execution import Execution, Line, Movement, report_due_on, rows
from portal.domain.ledger import RECIPES
from portal.domain.ledger import Account as A
from portal.domain.ledger import PostingKind as K
from portal.domain.statistics import TotalsDiffer
from portal.models.ledger import LedgerEntry
from portal.services import accounting, ledger
from portal.storage.objects import Stores
from reports import execution_workbook, final_workbook
from tests.factories import AT, actor
from tests.paid import BUDGET, GRANTED, PAID, County, make_county


@pytest.fixture
def county(session: Session, stores: Stores) -> County:
    return make_county(session, stores)


@pytest.fixture
def by(county: County) -> Actor:
    return actor(county.office.payer)


def at_month(session: Session, month: str, by: Actor) -> Execution:
    found = accounting.month(session, 2026, month, by=by, at=AT + timedelta(days=40))
    assert found is not None
    return found


def test_a_month_shows_what_was_paid_in_it_and_before_it(session: Session, by: Actor) -> None:
    june, july = at_month(session, "2026-06", by), at_month(session, "2026-07", by)
    assert (june.total.appropriated, june.total.granted) == (BUDGET, GRANTED)
    assert (june.total.paid_before, june.total.paid_now) == (0, PAID)
    assert (july.total.paid_before, july.total.paid_now, july.total.left) == (PAID, 0, BUDGET - PAID)
    assert [row.source for row in june.rows] == ["national", "province", "county"]


def test_before_anything_was_posted_there_is_nothing_to_report(session: Session, by: Actor) -> None:
    assert at_month(session, "2026-01", by).total.appropriated == 0


def test_budget_changes_and_money_that_came_back_stand_apart(session: Session, county: County, by: Actor) -> None:
    before = at_month(session, "2026-06", by).rows[-1]
    lines = ledger.lines_by_source(session, county.programme.programme.id, 2026)
    paid = session.scalars(select(LedgerEntry.application_id).where(LedgerEntry.kind == K.DISBURSE)).first()
    for kind, won in ((K.APPROPRIATE, 1_000), (K.REDUCE, 300), (K.RECOVER, 40), (K.RECOVER_LATE, 2)):
        whose = paid if RECIPES[kind].credit is A.PAID else None
        key = f"{kind}:test"
        ledger.post(session, kind, {lines["county"]: won}, source_key=key, by=by, at=AT, application_id=whose)
    changed = at_month(session, "2026-06", by).rows[-1]
    assert (changed.original, changed.changed) == (before.original, 700)
    assert (changed.returned, changed.paid) == (42, before.paid - 42)


def test_a_line_that_does_not_add_up_is_not_reported() -> None:
    line = Line(1, "p", "P", 2026, "county", "군비")
    whole = Movement(1, K.APPROPRIATE, A.AVAILABLE, A.SOURCE, opening=True, closing=False, this_month=False, won=100)
    granted = Movement(1, K.COMMIT, A.COMMITTED, A.AVAILABLE, opening=False, closing=False, this_month=True, won=60)
    assert rows([line], [whole, granted])[0].granted == 60
    with pytest.raises(TotalsDiffer):
        rows([line], [whole, replace(granted, credit=A.RECEIVABLE)])


def test_the_final_report_is_the_same_money_by_payment_item_and_source(session: Session, by: Actor) -> None:
    found = accounting.final(session, "gurye-2020-o2o", 2026, by=by, at=AT + timedelta(days=40))
    assert found.disbursed == found.total.paid == PAID
    assert sum(item.won for item in found.items) == PAID
    assert found.merchants == 2
    assert all("*" in each.payee for each in found.spent)
    with pytest.raises(TotalsDiffer):
        final_reports.check(replace(found, spent=found.spent[1:]))
    with pytest.raises(NotFound):
        accounting.final(session, "gurye-2020-o2o", 2025, by=by, at=AT)


@pytest.mark.parametrize("kind", accounting.KINDS)
def test_both_reports_are_files_and_the_same_ones_every_time(session: Session, by: Actor, kind: str) -> None:
    at = AT + timedelta(days=40)
    month = at_month(session, "2026-06", by)
    final = accounting.final(session, "gurye-2020-o2o", 2026, by=by, at=at)
    first = accounting.execution_file(month, kind, demo=True), accounting.final_file(final, kind, demo=True)
    again = accounting.execution_file(month, kind, demo=True), accounting.final_file(final, kind, demo=True)
    assert first == again
    start = b"%PDF" if kind == "pdf" else b"PK"
    assert all(content.startswith(start) and name.endswith(f".{kind}") for content, name, _ in first)
    with pytest.raises(NotFound):
        accounting.final_file(final, "hwp", demo=True)


def test_workbooks_hold_whole_won_that_add_up(session: Session, by: Actor) -> None:
    month = at_month(session, "2026-06", by)
    sheet = _sheet(execution_workbook.render(month), execution_workbook.BUDGET)
    paid = sheet[0].index("집행 누계")
    assert sum(row[paid] for row in sheet[1:-1]) == sheet[-1][paid] == PAID
    final = accounting.final(session, "gurye-2020-o2o", 2026, by=by, at=AT + timedelta(days=40))
    spent = _sheet(final_workbook.render(final), final_workbook.SPENT)
    assert spent[-1][-1] == sum(sum(row[5:-1]) for row in spent[1:-1]) == PAID


def _sheet(content: bytes, name: str) -> list[list]:
    return list(CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(name).to_python())


@pytest.mark.parametrize(
    ("ended_on", "months", "due_on"),
    [
        (date(2026, 12, 31), 2, date(2027, 3, 2)),  # 28 February is a Sunday, 1 March a holiday
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 6, 30), 2, date(2026, 8, 31)),
        (date(2026, 11, 30), 3, date(2027, 3, 2)),
        (date(2026, 5, 14), 2, date(2026, 7, 14)),
    ],
)
def test_two_months_end_as_the_civil_code_counts_them(ended_on: date, months: int, due_on: date) -> None:
    assert report_due_on(ended_on, months, data.holidays()) == due_on


def test_a_report_takes_few_statements(session: Session, by: Actor, statement_counter: Callable) -> None:
    session.commit()
    with statement_counter() as statements:
        at_month(session, "2026-06", by)
    assert len(statements) <= 4, "\n".join(statements)
