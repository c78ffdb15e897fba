"""The law of deliveries for any file: each row accepted or refused, exactly once, and stored as it was sent."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.errors import FileRefused
from portal.storage import csv_text
from tests.storage.settlement_csv import read_here, row, text

GOOD = st.builds(
    lambda number, amount, store: row(number, order_amount=amount, store_id=store).encode(),
    st.integers(1, 30),
    st.integers(0, 2),
    st.sampled_from(["S-1", "수라간", "철"]),
)
ODD = st.one_of(
    st.binary(max_size=60).map(lambda data: data.replace(b"\n", b"")),
    st.text("0123456789,\"' -:T=\r\t\x00가철", max_size=40).map(str.encode),
    GOOD.map(lambda line: line + b","),
    GOOD.map(lambda line: line.decode().encode("cp949")),
    GOOD.map(lambda line: line[:-3]),
    st.sampled_from([b"", b"\r", b'"', b"," * 13, b"x" * 20_000]),
)
FILES = st.lists(st.one_of(GOOD, GOOD, ODD), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(lines=FILES, end=st.sampled_from([b"\n", b"\r\n"]), closed=st.booleans(), block=st.sampled_from([64, 1 << 20]))
def test_accepted_and_refused_rows_are_the_rows_of_the_file(
    lines: list[bytes], end: bytes, closed: bool, block: int
) -> None:
    content = text().encode().strip() + b"\n" + end.join(lines) + (end if closed else b"")
    sent = content.split(b"\n")[1:]
    numbered = {number: line for number, line in enumerate(sent, 1) if line not in (b"", b"\r")}
    with tempfile.TemporaryDirectory() as folder:
        before, csv_text.BLOCK = csv_text.BLOCK, block  # small blocks, so that lines fall across their ends
        try:
            result = read_here(Path(folder), content)
        except FileRefused:
            result = None
        finally:
            csv_text.BLOCK = before
        if result is None:
            assert not numbered, "only a file without rows is refused as a whole here"
            return
        assert result.rows == result.accepted + result.refused == len(numbered)
        refused = _column(f"SELECT row FROM '{result.refusals}'")
        stored = _rows(f"SELECT received_seq & 16777215, * FROM '{result.parquet}'") if result.parquet else []
        accepted = [line[0] for line in stored]
        assert sorted([*accepted, *refused]) == sorted(numbered)
        for number, _, _, store_id, order_no, _, _, _, _, _, order_amount, *_ in stored:
            again = row(int(order_no[4:]), store_id=store_id, order_amount=order_amount)
            assert numbered[number].removesuffix(b"\r") in (again.encode(result.encoding), again.encode())
        assert len({line[4] for line in stored}) == len(stored), "an order stands once"


def _rows(statement: str) -> list[tuple[Any, ...]]:
    return duckdb.execute(statement).fetchall()


def _column(statement: str) -> list[Any]:
    return [first for first, *_ in _rows(statement)]
