"""What a file says of its stores comes out beside its lines, of stores with accepted lines alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import data
from portal.domain.layouts import Layout
from portal.domain.platform_stores import MAX_NAME, StoreTold
from portal.storage import delivery_reading, readers, store_names
from portal.storage.readers import DEFAULT, Sent
from tests.platform_samples import PERIOD, written

HEAD = ["시장", "점포번호", "주문번호", "주문일시", "상태", "결제수단", "상품금액", "배송비 점포부담"]
HEAD += ["할인쿠폰 점포부담", "할인쿠폰 시부담", "결제수수료"]
STORE = ["점포명", "사업자번호", "점포 주소"]


def row(number: int, store: str, *told: str, status: str = "배송완료") -> list[str]:
    return ["", store, f"M-{number}", "2026-05-29 10:00", status, "카드", "9000", "0", "0", "0", "0", *told]


def told(folder: Path, rows: list[list[str]], *, head: list[str] = STORE, form: str = "csv") -> list[StoreTold]:
    source, into = folder / "received", folder / "into"
    source.write_bytes(written([HEAD + head, *rows], form, sheet="Sheet1"))
    into.mkdir()
    layouts: tuple[Layout, ...] = data.platform_catalogue()["dongbaek-mall"].layouts
    about = {"platform": "dongbaek-mall", "period": PERIOD, "delivery_number": 1}
    order = readers.job(source, **about, sent=Sent(f"may.{form}", layouts=layouts), limits=DEFAULT)
    delivery_reading.read(order, into)
    return store_names.told(into)


@pytest.mark.parametrize("form", ["csv", "csv.gz", "tsv", "xlsx", "xls"])
def test_the_last_word_about_each_store_is_kept(tmp_path: Path, form: str) -> None:
    rows = [
        row(1, "DM-1", "산수유 과일", "124-81-00998", "구례읍 1"),
        row(2, "DM-1", "산수유 청과", "", ""),
        row(3, "DM-2", "", "", "구례읍 2"),
    ]
    assert told(tmp_path, rows, form=form) == [
        StoreTold("DM-1", "산수유 청과", "1248100998", "구례읍 1"),
        StoreTold("DM-2", "", "", "구례읍 2"),
    ]


def test_a_store_without_accepted_lines_and_a_row_of_totals_tell_of_nobody(tmp_path: Path) -> None:
    rows = [
        row(1, "DM-1", "산수유 과일", "", ""),
        row(2, "DM-9", "아무개", "", "", status="모름"),
        ["", "DM-1", "합계", "", "", "", "9000", "0", "0", "0", "0", "합계 가게", "", ""],
    ]
    assert told(tmp_path, rows) == [StoreTold("DM-1", "산수유 과일")]


@pytest.mark.parametrize("number", ["1248100999", "12481", "대표자 번호"])
def test_a_number_that_is_none_is_not_kept(tmp_path: Path, number: str) -> None:
    assert told(tmp_path, [row(1, "DM-1", "산수유", number, "")]) == [StoreTold("DM-1", "산수유")]


@pytest.mark.parametrize(
    ("store_ids", "numbers"),
    [
        (["1248100998", "2208162517", "1234567890"], ["1248100998", "2208162517"]),
        (["1248100998", "1234567890", "3000000002"], []),
        (["124-81-00998", "1234567890"], ["1248100998"]),
    ],
    ids=["a list of businesses with a slip of the pen", "store numbers of ten digits", "written as a business number"],
)
def test_a_store_number_of_ten_digits_is_no_business_number(
    tmp_path: Path, store_ids: list[str], numbers: list[str]
) -> None:
    found = told(tmp_path, [row(number, store_id) for number, store_id in enumerate(store_ids)], head=[])
    assert [store.business_number for store in found] == numbers


def test_a_name_is_cut_and_text_for_a_statement_is_only_text(tmp_path: Path) -> None:
    (found,) = told(tmp_path, [row(1, "DM-1", "가" * 150 + "'); DROP TABLE staged; --", "", "")])
    assert found.name == "가" * MAX_NAME


def test_a_file_without_the_columns_tells_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, [row(1, "DM-1")], head=[]) == []
