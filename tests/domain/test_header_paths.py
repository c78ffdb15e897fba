"""A column is found by what stands over it, wherever it stands."""

from __future__ import annotations

import pytest

from portal.domain import header_paths
from portal.domain.layout_matching import Verdict, match
from portal.domain.layouts import ColumnRule, Layout, Origin, Tells

DEPOSITS = [
    ["입금일", "(A) 주문중개", "", "(E) 부가세", "(F) 우리가게클릭", "", "상태"],
    ["", "주문금액", "중개이용료", "", "", "", ""],
    ["", "바로결제 주문금액", "배민1 중개이용료", "", "우리가게클릭 이용요금", "부가세", ""],
]


def test_merged_cells_reach_to_the_right_and_down() -> None:
    assert header_paths.paths(DEPOSITS) == [
        ("입금일",),
        ("(A) 주문중개", "주문금액", "바로결제 주문금액"),
        ("(A) 주문중개", "중개이용료", "배민1 중개이용료"),
        ("(E) 부가세",),
        ("(F) 우리가게클릭", "우리가게클릭 이용요금"),
        ("(F) 우리가게클릭", "부가세"),
        ("상태",),
    ]


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("입금일", [0]),
        ("바로결제주문금액", [1]),  # blanks inside do not count
        ("(A)주문중개 > 바로결제주문금액", [1]),
        ("부가세", [5]),
        ("(F) 우리가게클릭 > 부가세", [5]),
        ("(E)부가세", [3]),
        ("（E）부가세", [3]),  # full-width brackets
        ("(A)주문중개 > 부가세", []),
        ("주문금액", []),  # a group is no column
    ],
)
def test_a_name_means_the_column_that_ends_so_under_its_groups(name: str, columns: list[int]) -> None:
    assert header_paths.matches(name, header_paths.paths(DEPOSITS)) == columns


def test_two_columns_of_one_name_are_told_apart_by_their_group_alone() -> None:
    found = header_paths.paths([["비용", "", "지원"], ["쿠폰", "알림", "쿠폰"]])
    assert header_paths.matches("쿠폰", found) == [0, 2]
    assert (header_paths.matches("비용 > 쿠폰", found), header_paths.matches("지원 > 쿠폰", found)) == ([0], [2])


def layout(*used: str, ignored: tuple[str, ...] = (), optional: tuple[str, ...] = ()) -> Layout:
    return Layout(
        "x", "예", Tells.ORDERS, Origin.INVENTED, "예시", ignored=ignored, optional=optional,
        columns=(ColumnRule("order_amount", plus=used),),
    )  # fmt: skip


def verdicts(made: Layout, header: list[str]) -> list[tuple[str, str, Verdict]]:
    compared = match(made, header_paths.paths([header])).comparison
    return [(column.expected, column.found, column.verdict) for column in compared.columns]


def test_a_layout_fits_whatever_the_order_of_the_columns() -> None:
    made = layout("금액", ignored=("메모",))
    for header in (["금액", "메모"], ["메모", "금액"], ["금액"], ["", "금액", ""]):
        assert match(made, header_paths.paths([header])).comparison.fits, header


def test_what_keeps_a_layout_from_fitting_is_told_column_by_column() -> None:
    made = layout("금액", "할인", ignored=("메모",), optional=("할인",))
    assert verdicts(made, ["금액 ", "비고", "금액"]) == [
        ("금액", "금액; 금액", Verdict.REPEATED),
        ("할인", "", Verdict.ABSENT),
        ("메모", "", Verdict.ABSENT),
        ("", "비고", Verdict.UNKNOWN),
    ]
    assert verdicts(made, ["할인"])[0] == ("금액", "", Verdict.MISSING)
