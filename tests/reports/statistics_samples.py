"""Statistics as the tests of reports print them: ordinary ones, with names a spreadsheet would run, and large ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from portal.domain.statistics import Breakdown, BudgetRow, Dimension, Funnel, Row, Statistics

FORMULA = '=HYPERLINK("http://x")'
RARE = "똠뷁 \U0001f35c 국밥"  # CP949 knows both syllables, not the bowl
_COUNTED = frozenset({Dimension.MONTH, Dimension.REGION, Dimension.DIVISION, Dimension.INDUSTRY})
_SCHEMES = {Dimension.REGION: "법정동코드", Dimension.DIVISION: "KSIC 11차", Dimension.INDUSTRY: "KSIC 11차"}


def statistics(*, name: str = "가나 식당가", rows: int = 2) -> Statistics:
    """Everything adds up: 5 applications, 3 grants, 2 merchants, 7 lines, 100,010 won; `name` stands in every table."""
    return Statistics(
        programme_code="gurye-2020-o2o",
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        organisation_code="gurye",
        organisation="구례군(데모)",
        as_of=datetime(2026, 11, 23, 1, tzinfo=UTC),
        cut_off=225,
        budget=(
            BudgetRow(2026, "national", "국비", 60_000_000, 750_000, 50_005),
            BudgetRow(2026, "county", "군비", 60_000_000, 750_000, 50_005),
        ),
        funnel=Funnel(applied=5, eligible=4, selected=3, paid=2, rejected=1, withdrawn=0, waiting=1),
        breakdowns=tuple(_table(dimension, name, rows) for dimension in Dimension),
    )


def _table(dimension: Dimension, name: str, rows: int) -> Breakdown:
    counted = dimension in _COUNTED
    zero = 0 if counted else None
    first = Row("0201", name, _SCHEMES.get(dimension, ""), 3 if counted else None, 2 if counted else None, 1, 6, 70_000)
    second = replace(first, code="0202", label="보기 거리", lines=1, paid=30_010)
    if counted:
        second = replace(second, applications=2, decisions=1)
    more = [Row(f"{9000 + n}", f"빈 행 {n}", first.scheme, zero, zero, 0, 0, 0) for n in range(rows - 2)]
    found = [first, second, *more]
    if dimension in (Dimension.MONTH, Dimension.PAY_MONTH):
        found = [replace(row, code=f"{2024 + n // 12}-{n % 12 + 1:02d}", scheme="") for n, row in enumerate(found)]
    whole = Row("", "합계", "", 5 if counted else None, 3 if counted else None, 2, 7, 100_010)
    return Breakdown(dimension, tuple(found), whole)
