"""Refused rows are read back as they were refused: every problem, the line as delivered, in the order of the file."""

from __future__ import annotations

from pathlib import Path

from portal.domain.errors import Problem
from portal.storage import refusals
from tests.storage.settlement_csv import read_here, row, text


def test_every_refused_row_comes_back_with_its_problems_and_its_line(tmp_path: Path) -> None:
    bad = row(2, channel="quick", order_amount="=1+1")
    result = read_here(tmp_path, text(row(1), bad, row(3), row(1)))
    first, second = refusals.rows(result.refusals)
    assert (first.row, first.raw) == (2, bad)
    assert first.problems == (
        Problem("unknown_channel", "channel", "quick", row=2),
        Problem("not_an_integer", "order_amount", "=1+1", row=2),
    )
    assert [problem.code for problem in second.problems] == ["duplicate_in_file"]
    assert "T2FP00000001" in second.raw


def test_a_delivery_without_refused_rows_has_none(tmp_path: Path) -> None:
    assert list(refusals.rows(read_here(tmp_path, text(row(1))).refusals)) == []


def test_a_long_line_comes_back_shortened(tmp_path: Path) -> None:
    (refused,) = refusals.rows(read_here(tmp_path, text(row(1, store_id="가" * 4_000))).refusals)
    assert len(refused.raw) == 500
