"""Every platform's own file becomes settlement lines by its profile alone, whatever the kind of the file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from portal import data
from portal.domain import header_paths
from portal.domain.layout_matching import LayoutUnknown, Verdict
from portal.storage import delivery_reading, readers
from portal.storage.readers import DEFAULT, ReadResult, Sent
from tests.platform_samples import PERIOD, SAMPLES, Sample, table, written

SUMS = ("delivery_fee", "delivery_support", "promotion_cost", "promotion_support")


def read_sample(folder: Path, sample: Sample, content: bytes | None = None) -> ReadResult:
    source, into = folder / "received", folder / "into"
    source.write_bytes(sample.content if content is None else content)
    into.mkdir()
    sent = Sent(sample.filename, layouts=data.platform_catalogue()[sample.platform].layouts)
    about = {"platform": sample.platform, "period": PERIOD, "delivery_number": 1}
    order = readers.job(source, **about, sent=sent, limits=DEFAULT)
    return readers.result(delivery_reading.read(order, into), into)


def lines(result: ReadResult, columns: str) -> list[tuple[object, ...]]:
    return duckdb.execute(f"SELECT {columns} FROM '{result.parquet}' ORDER BY received_seq").fetchall()


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_a_platforms_own_file_becomes_lines(tmp_path: Path, sample: Sample) -> None:
    result = read_sample(tmp_path, sample)
    assert (result.accepted, result.refused, result.outcome.no_orders) == sample.lines, result.first_problems
    assert tuple(result.outcome.totals[name] for name in SUMS) == (*sample.delivery, *sample.promotion)
    assert {store for (store,) in lines(result, "store_id")} == {sample.store}
    assert result.layout == sample.layout
    written = {channel for (channel,) in lines(result, "channel")}
    assert written <= set(data.platform_catalogue()[sample.platform].channels)


# 배달의민족's deposits: columns came and went from month to month -----------------------------------------------------

DEPOSITS = next(sample for sample in SAMPLES if sample.layout == "deposits")
HEADER = slice(2, 5)  # its three rows of header


def changed(*, without: tuple[str, ...] = (), put: tuple[str, str, str] | None = None, turned: bool = False) -> bytes:
    """The sample without some of its columns, with another one in front, or from right to left."""
    rows = table(DEPOSITS.name)
    paths = header_paths.paths(rows[HEADER])
    kept = [n for n, path in enumerate(paths) if not path or header_paths.shown(path[-1:]) not in without]
    if turned:
        kept.reverse()
    groups = [[*(path[:-1] or path), "", ""] for path in paths]
    leaves = [path[-1] if len(path) > 1 else "" for path in paths]
    head = [[groups[n][0] for n in kept], [groups[n][1] for n in kept], [leaves[n] for n in kept]]
    body = [[row[n] for n in kept] for row in rows[HEADER.stop :]]
    made = [*rows[: HEADER.start], *head, *body]
    if put is not None:
        extra = [*[""] * HEADER.start, *put, *["0"] * len(body)]
        made = [[cell, *row] for cell, row in zip(extra, made, strict=True)]
    return written(made, "xlsx", sheet="상세")


@pytest.mark.parametrize(
    "content",
    [
        changed(),
        changed(without=("배민1 한집배달 배달비", "우대수수료")),
        changed(put=("(B) 배달", "배달팁", "배민클럽 (한집) 배달팁 할인")),
        changed(turned=True),
    ],
    ids=["as it is", "fewer columns", "one more column", "from right to left"],
)
def test_deposits_are_read_by_their_header_whatever_the_month_looks_like(tmp_path: Path, content: bytes) -> None:
    result = read_sample(tmp_path, DEPOSITS, content)
    assert (result.accepted, result.refused, result.outcome.no_orders) == DEPOSITS.lines, result.first_problems
    assert result.outcome.totals["promotion_cost"] == 5_600
    assert lines(result, "order_no, channel, ordered_at::VARCHAR, order_amount") == [
        ("입금-14120001-2026-05-07", "service", "2026-05-07 00:00:00", 0),
        ("입금-14120001-2026-05-14", "service", "2026-05-14 00:00:00", 0),
    ]


def test_a_column_nobody_has_told_us_about_is_not_dropped_in_silence(tmp_path: Path) -> None:
    with pytest.raises(LayoutUnknown) as refusal:
        read_sample(tmp_path, DEPOSITS, changed(put=("(B) 배달", "배달비", "드론배달 배달비")))
    assert refusal.value.comparison.layout == "정산명세서(상세)"
    unknown = [column.found for column in refusal.value.comparison.columns if column.verdict is Verdict.UNKNOWN]
    assert unknown == ["(B) 배달 > 배달비 > 드론배달 배달비"]


def test_a_refused_row_speaks_of_the_partners_own_column_and_value(tmp_path: Path) -> None:
    result = read_sample(tmp_path, SAMPLES[0])
    assert [(p.row, p.code, p.field, p.value) for p in result.first_problems] == [
        (5, "unknown_status", "주문상태", "조리중")
    ]


def test_an_agency_names_the_order_it_delivered_and_a_call_by_telephone_has_none(tmp_path: Path) -> None:
    result = read_sample(tmp_path, next(sample for sample in SAMPLES if sample.platform == "barogo"))
    assert lines(result, "origin_key, delivery_fee, status") == [
        ("yogiyo:260511-0001", 3_500, "completed"),
        ("", 4_000, "completed"),
        ("baemin:T2FP00009AAA", 0, "cancelled"),
    ]
    assert [(p.code, p.value) for p in result.first_problems] == [("bad_origin_key", "당근:77")]


MONEY = [
    ("1,412", 1_412),
    ("1412.0", 1_412),
    ("3,300원", 3_300),
    ("", 0),
    ("-", 0),
    ("1,41", "not_an_integer"),
    ("14.5", "not_an_integer"),
    ("없음", "not_an_integer"),
    ("-100", "negative"),
    ("9" * 25, "out_of_range"),
]


def test_amounts_are_read_as_people_write_them_and_not_guessed(tmp_path: Path) -> None:
    sample = next(sample for sample in SAMPLES if sample.platform == "vroong")
    head, first, *_ = table(sample.name)
    fee, number = head.index("할증료"), head.index("배송번호")
    rows = [[*first] for _ in MONEY]
    for count, (row, (cell, _)) in enumerate(zip(rows, MONEY, strict=True)):
        row[fee], row[number], row[head.index("기본배송료")] = cell, f"V{count}", "0"
    result = read_sample(tmp_path, sample, written([head, *rows], "tsv"))
    good = [amount for _, amount in MONEY if isinstance(amount, int)]
    assert [amount for (amount,) in lines(result, "delivery_fee")] == good
    assert [problem.code for problem in result.first_problems] == [code for _, code in MONEY if isinstance(code, str)]


@pytest.mark.parametrize(
    ("gross", "supply"), [(11, 10), (3_850, 3_500), (1_000, 909), (5, 5), (6, 5), (17, 15), (0, 0)]
)
def test_vat_is_taken_out_to_the_nearest_won(tmp_path: Path, gross: int, supply: int) -> None:
    sample = next(sample for sample in SAMPLES if sample.platform == "zigbang")
    head, first, *_ = table(sample.name)
    first[head.index("광고료(VAT 포함)")] = str(gross)
    result = read_sample(tmp_path, sample, written([head, first], sample.form))
    assert result.outcome.totals["promotion_cost"] == supply == round(Fraction(gross * 10, 11))


def test_every_layout_of_the_catalogue_has_a_sample() -> None:
    known = {(code, layout.code) for code, found in data.platform_catalogue().items() for layout in found.layouts}
    assert {(sample.platform, sample.layout) for sample in SAMPLES} == known
