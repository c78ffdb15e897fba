"""Open data: one header row, codes as text, plain numbers, two encodings, and nothing that a spreadsheet would run."""

from __future__ import annotations

import codecs
import csv
import io

import pytest

from portal.domain.statistics import Dimension
from reports import open_data
from reports.definitions import TITLES
from tests.reports.statistics_samples import FORMULA, RARE, statistics


def rows(content: bytes, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


@pytest.mark.parametrize(("render", "encoding"), [(open_data.utf8, "utf-8-sig"), (open_data.cp949, "cp949")])
def test_every_view_adds_up_to_the_ledger(render, encoding: str) -> None:
    found = statistics(rows=30)
    written = rows(render(found), encoding)
    for view in (open_data.BY_SOURCE, *(TITLES[dimension] for dimension in Dimension)):
        assert sum(int(row["실집행액"]) for row in written if row["통계구분"] == view) == found.ledger_paid


def test_each_row_says_whose_it_is_and_as_of_when() -> None:
    first, *_, last = rows(open_data.utf8(statistics()), "utf-8-sig")
    assert tuple(first) == open_data.COLUMNS
    head = ["2026-11-23", "gurye", "구례군(데모)", "gurye-2020-o2o", "구례군 소상공인 O2O 서비스 지원 사업"]
    assert list(first.values())[:5] == list(last.values())[:5] == head


def test_codes_keep_their_zeros_numbers_have_no_separators_and_nothing_is_empty() -> None:
    platform = next(row for row in rows(open_data.utf8(statistics()), "utf-8-sig") if row["통계구분"] == "플랫폼")
    assert (platform["분류코드"], platform["실집행액"], platform["신청건수"]) == ("0201", "70000", "")
    assert open_data.utf8(statistics()).startswith(codecs.BOM_UTF8)
    assert not open_data.cp949(statistics()).startswith(codecs.BOM_UTF8)


@pytest.mark.parametrize("name", [FORMULA, "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_is_never_a_formula(name: str) -> None:
    written = rows(open_data.utf8(statistics(name=name)), "utf-8-sig")
    names = {row["분류명"] for row in written}
    assert f"'{name}" in names
    assert name not in names


def test_what_cp949_does_not_know_is_boxed_and_reported() -> None:
    found = statistics(name=RARE)
    names = {row["분류명"] for row in rows(open_data.cp949(found), "cp949")}
    assert "똠뷁 □ 국밥" in names
    reported = open_data.replaced(found)
    assert {(cell.column, cell.text, cell.written) for cell in reported} == {("분류명", RARE, "똠뷁 □ 국밥")}
    assert len(reported) == len(Dimension)
    assert open_data.replaced(statistics()) == ()
