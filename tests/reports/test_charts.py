"""Charts: data inside, no address, at most ten bars, and on paper only the embedded font."""

from __future__ import annotations

import json

import pytest
from reportlab.graphics.shapes import Drawing, Group, String

from portal.config import ROOT
from reports import charts
from reports.page import BOLD, REGULAR, register_fonts
from tests.reports.statistics_samples import FORMULA, statistics

NAMES = ["budget", "funnel", "month", "region", "division", "industry", "platform", "item"]


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    register_fonts(ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-kr")


def strings(part: object) -> list[String]:
    if isinstance(part, String):
        return [part]
    return [found for each in getattr(part, "contents", ()) for found in strings(each)]


def test_there_is_a_chart_for_every_view_and_none_asks_for_an_address() -> None:
    found = charts.specs(statistics())
    assert list(found) == NAMES
    assert "http" not in json.dumps(found)


def test_bars_are_the_ten_largest_amounts() -> None:
    values = charts.specs(statistics(rows=30))["industry"]["data"]["values"]
    assert len(values) == charts.MOST_BARS
    assert [value["원"] for value in values[:3]] == [70_000, 30_010, 0]


def test_both_series_of_months_show_what_was_paid() -> None:
    values = charts.specs(statistics())["month"]["data"]["values"]
    for series in ("이용한 달", "지급한 달"):
        assert sum(value["원"] for value in values if value["구분"] == series) == 100_010


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_has_its_words_in_the_embedded_font(name: str) -> None:
    drawing = charts.drawing(charts.specs(statistics())[name], 480)
    words = strings(drawing)
    assert isinstance(drawing, Drawing | Group)
    assert words
    assert {word.fontName for word in words} <= {REGULAR, BOLD}


def test_a_hostile_name_is_a_text_like_any_other() -> None:
    name = f"<script>{FORMULA}</script> datum.value"
    drawing = charts.drawing(charts.specs(statistics(name=name))["platform"], 480)
    assert any(word.text.startswith("<script>") for word in strings(drawing))


def test_two_series_stand_side_by_side_for_the_ten_largest_names() -> None:
    before = {f"업종 {number}": number * 1_000 for number in range(15)}
    spec = charts.side_by_side({"현행": before, "초안": {"업종 14": 5, "새 업종": 99_000}})
    values = spec["data"]["values"]
    assert values[:2] == [
        {"이름": "새 업종", "구분": "현행", "원": 0},
        {"이름": "새 업종", "구분": "초안", "원": 99_000},
    ]
    assert len(values) == 2 * charts.MOST_BARS
    assert charts.by_month({"현행": {"2026-05": 1}, "초안": {"2026-06": 2}})["data"]["values"] == [
        {"달": "5월", "구분": "현행", "원": 1},
        {"달": "6월", "구분": "초안", "원": 2},
    ]
