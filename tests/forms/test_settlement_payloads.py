"""Rows of programs become lines of a file: each row one line, whatever it holds, judged by the reader alone."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.settlement_payloads import LINE_BYTES, NAMES, ndjson_as_csv, rows_as_csv
from portal.storage.readers import read_delivery
from portal.storage.refusals import rows as refused_rows
from tests.settled import HEADER, line

GOOD: dict[str, Any] = dict(zip(HEADER, line("S1", "2026-05-03 12:00", order_no="A1"), strict=True))


def read(rows: list[Any], into: Path):
    source = into / "source.csv"
    source.write_bytes(rows_as_csv(rows).read())
    (into / "read").mkdir()
    return read_delivery(source, platform="baemin", period="2026-05", delivery_number=1, into=into / "read")


def test_a_row_is_written_under_the_columns_whatever_its_order() -> None:
    backwards = dict(reversed(GOOD.items()))
    text = rows_as_csv([backwards]).read().decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [list(NAMES), [str(value) for value in GOOD.values()]]


def test_the_same_rows_are_the_same_bytes() -> None:
    assert rows_as_csv([GOOD]).read() == rows_as_csv([dict(reversed(GOOD.items()))]).read()
    assert rows_as_csv([GOOD]).read() == ndjson_as_csv(io.BytesIO(json.dumps(GOOD).encode())).read()


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
    other = {**GOOD, "order_no": "B1"}
    result = read([GOOD, row, other], tmp_path)
    assert (result.rows, result.accepted, result.refused) == (3, 2, 1)
    (refused,) = refused_rows(result.refusals)
    assert (refused.row, refused.problems[0].code) == (2, code)


def test_cells_with_commas_quotes_and_hangul_arrive_as_they_were(tmp_path: Path) -> None:
    result = read([{**GOOD, "store_id": '가게, "본점"'}], tmp_path)
    assert (result.accepted, result.refused) == (1, 0)


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
    lines = rows_as_csv(rows).read().split(b"\n")
    assert len(lines) == 1 + len(rows) + 1
    assert lines[-1] == b""
    assert all(line.strip() for line in lines[1:-1])


def test_a_row_with_a_zone_is_the_readers_to_refuse(tmp_path: Path) -> None:
    result = read([{**GOOD, "ordered_at": datetime(2026, 5, 3).isoformat() + "+09:00"}], tmp_path)  # noqa: DTZ001
    assert result.first_problems[0].code == "has_zone"
