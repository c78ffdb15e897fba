"""The fast statement calls no row good that the rules refuse, and blocks cut at once are cut as line by line."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.layout_matching import match
from portal.domain.layouts import CANONICAL
from portal.domain.settlements import COLUMNS, STORED_COLUMNS, ColumnKind, LineColumn
from portal.storage import csv_rows, layout_cells, line_checks, line_statement
from portal.storage.csv_rows import Rows, Text
from portal.storage.csv_text import Encoding
from portal.storage.layout_cells import Cells
from tests.storage.settlement_csv import row

PLATFORM, PERIOD = "baemin", "2026-03"
BY_NAME = {column.name: column for column in COLUMNS}

# What casts of the engine take and the rules do not, what the rules take in more than one form, and what is neither.
CELLS = [
    "", " ", "0", "-0", "+5", "007", "1.5", "1e3", "1e2", "1_000", "0x10", "21100", "21,100", "21100원", " 5", "5 ",
    "１２", "-1", "1000000000", "1000000001", "9" * 18, "9" * 19, "9" * 25, "1.0", "1.", ".5", "true", "infinity",
    "2026-03-14 18:05:09", "2026-03-14T18:05:09", "2026-03-14 18:05", "2026-03-14T18:05", "2026-03-14 18:05:09.5",
    "2026-03-14 18:05:09.50", "2026-03-14 18:05:09.1234567", "2026-03-14 18:5", "2026-3-14 18:05:09", "2026-03-14",
    "2026-03-14 24:00:00", "2026-03-14 18:05:09Z", "2026-03-14 18:05:09+09", "2026-03-14 18:05:60", "2026-03-32 10:00",
    "2026-03-14  18:05:0", "2026-02-28 23:59:59", "2026-02-28 23:59:59.999999", "2026-03-01 00:00:00",
    "2026-03-31 23:59:59.999999", "2026-04-01 00:00:00", "2026-04-01", "02026-03-14 18:05", "epoch",
    "2026-03-14 18:05:09 (BC)", "delivery", "Delivery", "completed", "card", "S-1", "가" * 33, "가" * 34, "가" * 100,
    "가" * 101, "x" * 100, "x" * 101, "baemin", "baemin:1", "yogiyo:", "yogiyo:Y1", "y:" + "x" * 98, "y:" + "x" * 99,
    "Y:1", "-y:1", "y:\u3000", "'", "';", "\u3000", "\u00a0x", "''",
]  # fmt: skip
FREE = st.one_of(
    st.sampled_from(CELLS),
    st.text("0123456789-+._eE: T", max_size=20),
    st.from_regex(r"2026-0[234]-[0123]\d[ T][012]\d:[0-6]\d(:[0-6]\d(\.\d{1,7})?)?", fullmatch=True),
    st.text(max_size=12),
)


def asked(column: LineColumn, cells: list[str], certain: str) -> tuple[Any, ...]:
    """The cells of which the fast statement is certain and which the rules refuse; and those it is certain of."""
    seen = "trim(cell)" if column.kind is ColumnKind.TEXT else "cell"  # free texts arrive trimmed
    value = line_checks.value(column, "s", PLATFORM) if column.kind in (ColumnKind.WON, ColumnKind.TIME) else "s"
    fault = line_checks.fault(column, "trim(s)", PLATFORM, PERIOD)
    with duckdb.connect() as engine:
        engine.register("cells", pa.table({"cell": pa.array(cells, pa.string())}))
        return engine.execute(
            f"SELECT list(s) FILTER (sure AND fault IS NOT NULL), list(s) FILTER (sure)"
            f" FROM (SELECT s, {certain} AS sure, {fault} AS fault FROM (SELECT s, {value} AS t"
            f" FROM (SELECT {seen} AS s FROM cells)))"
        ).fetchall()[0]


@pytest.mark.parametrize("name", BY_NAME)
def test_nothing_is_certain_that_the_rules_refuse_and_something_is(name: str) -> None:
    column = BY_NAME[name]
    wrong, sure = asked(column, CELLS, line_checks.certain(column, "s", "t", PLATFORM, PERIOD))
    assert (wrong, bool(sure)) == (None, True)


@pytest.mark.parametrize("name", ["store_id", "origin_key", "channel", "ordered_at", "order_amount", "platform"])
@settings(max_examples=60, deadline=None)
@given(cells=st.lists(FREE, min_size=1, max_size=30))
def test_nothing_random_is_certain_that_the_rules_refuse(name: str, cells: list[str]) -> None:
    column = BY_NAME[name]
    wrong, _ = asked(column, cells, line_checks.certain(column, "s", "t", PLATFORM, PERIOD))
    assert wrong is None


@pytest.mark.parametrize(
    ("name", "lax"),
    [
        ("order_amount", "t BETWEEN 0 AND 1000000000"),
        ("ordered_at", "t >= TIMESTAMP '2026-03-01' AND t < TIMESTAMP '2026-04-01'"),
        ("store_id", "s <> ''"),
        ("channel", "s ILIKE 'delivery'"),
    ],
)
def test_a_condition_that_is_too_lax_shows(name: str, lax: str) -> None:
    wrong, _ = asked(BY_NAME[name], CELLS, lax)
    assert wrong


LINE = st.one_of(
    st.lists(st.text("ab 가\u3000-1", max_size=4), min_size=3, max_size=3).map(",".join),
    st.text('ab,,," \r\t\x00\x1f가', max_size=9),
    st.sampled_from(["", "a,b", "a,b,c,d", '"a",b,"c,d"', '""', "x" * 50 + ",,", ",,", " , , "]),
)


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(LINE, min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
    closed=st.booleans(),
    encoding=st.sampled_from(["utf-8", "cp949"]),
)
def test_a_block_cut_at_once_is_cut_as_line_by_line(lines: list[str], end: str, closed: bool, encoding: str) -> None:
    content = ("h\n" + end.join(lines) + (end if closed else "")).encode(encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(content)
        assert _cut(path, encoding, few=100) == _cut(path, encoding, few=-1)


def test_blocks_are_cut_at_once_where_that_is_possible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the comparison above would compare one way with itself."""
    path = tmp_path / "file.csv"
    path.write_text("h\na,b,c\na,b\n가,나,다\n")
    monkeypatch.setattr(Rows, "_line_by_line", None)
    assert _cut(path, "utf-8", few=100) == [
        (1, "a,b,c", "", ["a", "b", "c"]),
        (2, "a,b", "too_few_fields", []),
        (3, "가,나,다", "", ["가", "나", "다"]),
    ]


def _cut(path: Path, encoding: str, *, few: int) -> list[tuple[int, str, str, list[str]]]:
    """Each row with its line, its fault and, where it has none, its cells."""
    before, csv_rows._FEW = csv_rows._FEW, few
    try:
        rows = Rows(path, Text(Encoding(encoding), ",", 1, 3), line_bytes=40, most=1000, heard=lambda _done, _of: None)
        found = [row for batch in rows.reader() for row in batch.to_pylist()]
    finally:
        csv_rows._FEW = before
    assert rows.count == len(found)
    return sorted(_said(row) for row in found)


def _said(row: dict[str, Any]) -> tuple[int, str, str, list[str]]:
    cells = [] if row["fault"] else [row["c1"], row["c2"], row["c3"]]
    line = row["line"].replace("\x1f", ",") if row["fault"] else ",".join(cells)
    return row["row"], line, row["fault"] or "", cells


HEADER = [column.name for column in COLUMNS if column.required]
OURS = layout_cells.canonical(HEADER)
THEIRS = layout_cells.native(CANONICAL, match(CANONICAL, [(name,) for name in HEADER]), len(HEADER))


@pytest.mark.parametrize("cells", [OURS, THEIRS], ids=["contract", "layout"])
def test_a_certain_row_is_the_line_that_the_rules_make_of_it(cells: Cells) -> None:
    good = row(1).split(",")
    rows = [[*good[:place], cell, *good[place + 1 :]] for place in range(len(HEADER)) for cell in CELLS]
    job = {"platform": PLATFORM, "period": PERIOD, "delivery_number": 1}
    batch = csv_rows.batch_of_lines(range(len(rows)), list(map("\x1f".join, rows)), [""] * len(rows), len(HEADER))
    lines = pa.table({"row": batch["row"], "line": list(map("\x1f".join, rows)), "fault": pa.nulls(len(rows))})
    stored = ", ".join(STORED_COLUMNS)
    with duckdb.connect() as engine:
        engine.register("incoming", pa.Table.from_batches([batch]))
        engine.register("doubtful", lines)
        fast = line_statement.fast(cells, len(HEADER), batch.schema.names, job)
        certain = engine.execute(f"SELECT {stored} FROM ({fast}) WHERE doubt IS NULL").fetchall()
        ruled = line_statement.rules(cells, len(HEADER), job)
        accepted = engine.execute(f"SELECT {stored} FROM ({ruled}) WHERE problems IS NULL").fetchall()
    assert 0 < len(certain) < len(accepted), "some amounts and times are good in other forms than the contract's"
    assert set(certain) <= set(accepted)
