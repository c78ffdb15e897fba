"""Rows that came cut are the lines that a file of them would hold, fault by fault, however odd their cells."""

from __future__ import annotations

import csv
import io
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.domain.errors import FileRefused
from portal.domain.settlements import LineFault
from portal.storage import row_reading
from portal.storage.csv_cells import columns_of
from portal.storage.csv_rows import SCHEMA, Rows, Text
from portal.storage.csv_text import BOM, SEPARATOR, Encoding
from portal.storage.payload_rows import PayloadRows
from portal.storage.readers import Limits, ReadResult
from portal.storage.row_reading import read_rows
from portal.storage.sandbox import unheard
from tests.settled import line

LINE_BYTES = 3_000
WIDTH = 4
MISCOUNTED = (LineFault.TOO_FEW_FIELDS, LineFault.TOO_MANY_FIELDS)
Cells = Sequence[tuple[str, ...]]


def in_a_file(rows: Cells, path: Path) -> pa.Table:
    """The rows out of a file that another program wrote; a line break inside a cell is written as a lone \\r."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["x"])
    writer.writerows([[text.replace("\n", "\r") for text in cells] for cells in rows])
    path.write_bytes(BOM + out.getvalue().encode("utf-8", "surrogatepass"))
    text = Text(Encoding("utf-8"), ",", head=1, width=WIDTH)
    told = Rows(path, text, line_bytes=LINE_BYTES, most=1_000, heard=unheard).reader().read_all()
    in_order = sorted(told.to_pylist(), key=lambda row: row["row"])
    return pa.Table.from_pylist([_as_line(row) for row in in_order], schema=SCHEMA)


def _as_line(row: dict[str, Any]) -> dict[str, Any]:
    """As it came, before it was cut: how many cells it should have is not asked of a line."""
    line = row["line"] if row["fault"] else SEPARATOR.join(row[name] for name in columns_of(WIDTH))
    fault = None if row["fault"] in ("", *MISCOUNTED) else row["fault"]
    return {"row": row["row"], "line": line, "fault": fault}


def as_payload(rows: Cells) -> pa.Table:
    return PayloadRows(rows, line_bytes=LINE_BYTES, most=1_000).reader().read_all()


ODD = ["\x00", "\x1f", "\n", "\r", '"', ",", "\ud800", "\x7f", "\x85", "가", "😀", "가" * 900, "x" * 2_999, '"' * 1_100]
_cells = st.lists(st.one_of(st.text(max_size=5), st.sampled_from(ODD)), min_size=2, max_size=4).map(tuple)


@given(st.lists(_cells, max_size=8))
@example([("a", each) for each in ODD])
def test_each_row_is_the_line_of_a_file_with_the_same_fault(tmp_path_factory, rows: Cells) -> None:
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    expected = in_a_file(rows, path).combine_chunks()
    assert as_payload(rows).combine_chunks().to_pylist() == expected.to_pylist()


def test_the_odd_cells_have_every_fault_and_none() -> None:
    faults = set(as_payload([("a", each) for each in ODD]).column("fault").to_pylist())
    assert faults == {None, "control_character", "bad_encoding", "line_too_long"}


def test_rows_are_counted_as_they_are_read() -> None:
    source = PayloadRows([("a", "b")] * 3, line_bytes=LINE_BYTES, most=3)
    assert source.reader().read_all().schema == SCHEMA
    assert (source.count, source.too_many) == (3, False)


def test_more_rows_than_the_bound_are_refused_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_reading, "LIMITS", Limits(rows=2))
    with pytest.raises(FileRefused) as refusal:
        read([("a",)] * 3, tmp_path)
    assert refusal.value.problems[0].code == "too_many_rows"


GOOD = tuple(map(str, line("S1", "2026-05-03 12:00", order_no="A1")))


def read(rows: Cells, within: Path, number: int = 1) -> ReadResult:
    into = within / str(number)
    into.mkdir()
    return read_rows(rows, platform="baemin", period="2026-05", delivery_number=number, into=into)


def test_deliveries_judged_after_each_other_see_nothing_of_each_other(tmp_path: Path) -> None:
    for number in (1, 2):
        result = read([GOOD], tmp_path, number)
        assert (result.accepted, result.refused, result.first_problems) == (1, 0, ())


def test_rows_are_judged_one_delivery_at_a_time_by_a_thread_that_gives_way(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as at_once:
        results = list(at_once.map(lambda number: read([GOOD] * number, tmp_path, number), range(1, 9)))
    assert [result.rows for result in results] == list(range(1, 9))
    (judge,) = [thread for thread in threading.enumerate() if thread.name.startswith("judge")]
    assert os.getpriority(os.PRIO_PROCESS, judge.native_id or 0) > os.getpriority(os.PRIO_PROCESS, os.getpid())
