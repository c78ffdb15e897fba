"""Rows of programs become lines of a file: each row one line, whatever it holds, judged by the reader alone."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.settlement_payloads import LINE_BYTES, NAMES, cells_of, ndjson_as_csv
from portal.storage.readers import ReadResult, read_delivery
from portal.storage.refusals import rows as refused_rows
from portal.storage.row_reading import read_rows
from tests.settled import HEADER, line

GOOD: dict[str, Any] = dict(zip(HEADER, line("S1", "2026-05-03 12:00", order_no="A1"), strict=True))


OF: dict[str, Any] = {"platform": "baemin", "period": "2026-05", "delivery_number": 1}


def as_csv(rows: list[Any]) -> bytes:
    """The rows as a stream of NDJSON brings them to the child."""
    return ndjson_as_csv(io.BytesIO(b"\n".join(json.dumps(row).encode() for row in rows))).read()


def in_a_child(rows: list[Any], into: Path) -> ReadResult:
    source = into / "source.csv"
    source.write_bytes(as_csv(rows))
    (into / "child").mkdir()
    return read_delivery(source, into=into / "child", **OF)


def in_process(rows: list[Any], into: Path) -> ReadResult:
    (into / "here").mkdir()
    return read_rows(cells_of(rows), into=into / "here", **OF)


def test_a_row_is_written_under_the_columns_whatever_its_order() -> None:
    backwards = dict(reversed(GOOD.items()))
    text = as_csv([backwards]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [list(NAMES), [str(value) for value in GOOD.values()]]
    assert cells_of([backwards]) == cells_of([GOOD]) == [tuple(map(str, GOOD.values()))]


BAD: dict[str, tuple[Any, str]] = {
    "no object": ("a row", "too_few_fields"),
    "nothing": (None, "too_few_fields"),
    "a list": ([1, 2, 3], "too_few_fields"),
    "an unknown column": ({**GOOD, "shop": "S1"}, "too_few_fields"),
    "a value inside a value": ({**GOOD, "order_no": {"no": "A1"}}, "too_few_fields"),
    "half a won": ({**GOOD, "delivery_fee": 1.5}, "not_an_integer"),
    "a truth for a number": ({**GOOD, "delivery_fee": True}, "not_an_integer"),
    "not a number": ({**GOOD, "delivery_fee": float("nan")}, "not_an_integer"),
    "a column left out": ({name: value for name, value in GOOD.items() if name != "store_id"}, "missing_value"),
    "a line break inside": ({**GOOD, "order_no": "A1\nA2"}, "control_character"),
    "a line break at the end": ({**GOOD, "payment_fee": "500\n"}, "control_character"),
    "half a character": ({**GOOD, "order_no": "\ud800"}, "bad_encoding"),
    "a very long value": ({**GOOD, "order_no": "x" * 20_000}, "line_too_long"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_refused_with_its_reason_and_its_neighbours_are_not(name: str, tmp_path: Path) -> None:
    row, code = BAD[name]
    result = in_process([GOOD, row, {**GOOD, "order_no": "B1"}], tmp_path)
    assert (result.rows, result.accepted, result.refused) == (3, 2, 1)
    (refused,) = refused_rows(result.refusals)
    assert (refused.row, refused.problems[0].code) == (2, code)


def test_both_doors_accept_and_refuse_the_same_rows_in_the_same_words(tmp_path: Path) -> None:
    rows = [GOOD, *(row for row, _ in BAD.values()), GOOD, {**GOOD, "store_id": '가게, "본점"', "order_no": "C1"}]
    here, child = in_process(rows, tmp_path), in_a_child(rows, tmp_path)
    assert (here.rows, here.accepted, here.refused) == (len(rows), 2, len(rows) - 2)
    assert here.outcome == child.outcome
    assert list(refused_rows(here.refusals)) == list(refused_rows(child.refusals))
    assert pq.read_table(here.parquet).equals(pq.read_table(child.parquet))


def test_lines_of_ndjson_that_are_no_json_are_rows_too_and_blank_ones_are_not() -> None:
    text = "\n".join([json.dumps(GOOD), "{broken", "", '{"order_no": ' + "1" * 5_000 + "}", "[" * 100_000])
    lines = ndjson_as_csv(io.BytesIO(text.encode())).read().decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 4
    assert lines[2] == "{broken"
    assert len(lines[4]) <= LINE_BYTES


_values = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers(), max_size=2)
)
_rows = st.one_of(_values, st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text(max_size=3)), _values))


@given(st.lists(_rows, max_size=20))
def test_every_row_is_exactly_one_line(rows: list[Any]) -> None:
    lines = as_csv(rows).split(b"\n")
    assert len(lines) == 1 + len(rows) + 1
    assert lines[-1] == b""
    assert all(line.strip() for line in lines[1:-1])
    assert len(cells_of(rows)) == len(rows)


def test_a_row_with_a_zone_is_the_readers_to_refuse(tmp_path: Path) -> None:
    result = in_process([{**GOOD, "ordered_at": datetime(2026, 5, 3).isoformat() + "+09:00"}], tmp_path)  # noqa: DTZ001
    assert result.first_problems[0].code == "has_zone"
