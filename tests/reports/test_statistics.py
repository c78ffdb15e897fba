"""The printed report: both rates in words, tables that go over pages, the ledger check, always the same bytes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from io import BytesIO
from typing import Any, cast

import pytest
from pypdf import PdfReader

from portal.config import ROOT
from portal.domain.statistics import Dimension
from reports.definitions import TITLES
from reports.page import DEMO_MARK, register_fonts
from reports.statistics import render
from tests.reports.statistics_samples import FORMULA, statistics


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    register_fonts(ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-kr")


@cache
def printed() -> bytes:
    return render(statistics())


def pages(content: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_both_rates_are_said_in_words_and_the_ledger_is_met() -> None:
    text = " ".join(pages(printed()))
    assert "교부 집행률 1.3%: 예산 가운데 지원하기로 결정한 금액의 비율입니다." in text
    assert "실집행률 0.1%: 예산 가운데 가맹점 계좌에 실제로 들어간 금액의 비율입니다." in text
    assert "통계 합계 100,010원 = 장부 합계 100,010원" in text
    assert "이음 지급 원장 225번 기록까지, 2026. 11. 23. 10:00 기준" in text


def test_every_table_has_a_title_a_unit_and_the_ledgers_total() -> None:
    text = " ".join(pages(printed()))
    for dimension in Dimension:
        assert f"{TITLES[dimension]}별" in text
    assert text.count("합계") >= len(Dimension) + 1
    assert text.count("100,010") >= len(Dimension) + 1
    assert "(단위: 건, 곳, 원)" in text


def test_a_long_table_repeats_its_header_and_every_page_has_its_number() -> None:
    found = pages(render(statistics(rows=60)))
    assert len(found) > 8
    assert sum("업종(세세분류) 신청 교부결정" in page for page in found) >= 2
    assert all(f"- {number} -" in page and DEMO_MARK in page for number, page in enumerate(found, start=1))


def test_only_the_embedded_font_and_the_same_bytes_again() -> None:
    content = printed()
    assert content == render(statistics())
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in PdfReader(BytesIO(content)).pages
        for font in cast(Any, page)["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("NotoSansKR" in font for font in fonts)


def test_hostile_names_and_a_programme_without_anything_are_printed() -> None:
    assert FORMULA in " ".join(pages(render(statistics(name=FORMULA))))
    assert DEMO_MARK not in " ".join(pages(render(statistics(), demo=False)))


def test_reports_made_at_once_do_not_mix() -> None:
    names = ["가나 식당가", "뚫훑 거리", "쀼쀼 시장", "가나 식당가"]
    alone = [render(statistics(name=name)) for name in names]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda name: render(statistics(name=name)), names)) == alone
    assert len(set(alone)) == 3
