"""Rows that contradict each other, and everything else that is refused before or after the cells: exit 2, no output."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.assessment import outputs
from portal.assessment.duck import DuckDB
from tests.assessment.desk import LINES, LINKS, SEATS, Desk
from tests.assessment.files import write_csv
from tests.assessment.town import line


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def change(rows: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    return {**rows[-1], **values}


CONTRADICTIONS = [
    ("links", [LINKS[0], change(LINKS, valid_from=date(2026, 6, 30))], ["row 2 valid_from: overlapping_links"]),
    ("links", [LINKS[1], LINKS[0] | {"valid_to": date(2026, 7, 1)}], ["row 1 valid_from: overlapping_links"]),
    ("links", [LINKS[0], change(LINKS, valid_to=date(2026, 6, 30))], ["row 2 valid_to: reversed_period"]),
    (
        "links",
        [
            change(LINKS, valid_from=""),
            change(LINKS, valid_from="2026-7-1"),
            change(LINKS, merchant_id=""),
        ],
        [
            "row 1 valid_from: missing_value",
            "row 2 valid_from: not_a_date (2026-7-1)",
            "row 3 merchant_id: missing_value",
        ],
    ),
    (
        "enrolments",
        [change(SEATS, accepted_at=""), change(SEATS, accepted_at="2026-01-01 09:00:00+00")],
        ["row 1 accepted_at: missing_value", "row 2 accepted_at: has_zone (2026-01-01 09:00:00+00)"],
    ),
    ("enrolments", [*SEATS, change(SEATS, programme="q")], ["row 2 programme: unknown_programme (q)"]),
    (
        "enrolments",
        [change(SEATS, enrolled_from="2026-03-02", enrolled_to="2026-03-01")],
        ["row 1 enrolled_to: reversed_period"],
    ),
    ("lines", [*LINES, line("o3", "03-05")], ["row 4 received_seq: repeated_received_seq (baemin:o3 3)"]),
]


@pytest.mark.parametrize(("name", "rows", "problems"), CONTRADICTIONS)
def test_contradictions_are_told_row_by_row(
    name: str, rows: list[dict[str, Any]], problems: list[str], desk: Desk
) -> None:
    write_csv(getattr(desk, name), rows)
    told = desk.refused()
    assert all(problem in told for problem in problems)


def test_the_problems_of_all_files_are_told_together(desk: Desk) -> None:
    write_csv(desk.lines, [change(LINES, delivery_fee="x")])
    write_csv(desk.links, [LINKS[0], change(LINKS, valid_from=date(2026, 6, 30))])
    write_csv(desk.enrolments, [change(SEATS, programme="q")])
    told = desk.refused()
    assert all(code in told for code in ("not_an_integer", "overlapping_links", "unknown_programme"))


def test_a_file_full_of_problems_tells_the_first_thousand(desk: Desk) -> None:
    write_csv(desk.lines, [{**LINES[0], "status": "?"} for _ in range(1_500)])
    told = desk.refused().splitlines()
    assert len(told) == 1_002
    assert told[0] == f"{desk.lines} row 1 status: unknown_status (?)"
    assert "further_problems" in told[-2]


def test_terms_and_missing_files_are_refused_too(desk: Desk) -> None:
    assert "not_found" in desk.refused(f"--lines={desk.folder}/*.nothing")
    assert "repeated_programme" in desk.refused(f"--terms={desk.terms}")
    assert "bad_setting (much)" in desk.refused("--memory=much")
    desk.terms.write_text("code = 1", encoding="utf-8")
    assert f"{desk.terms} priority: missing_key" in desk.refused()


def test_a_failure_while_writing_leaves_no_output(tmp_path: Path) -> None:
    def failing(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        outputs.publish({tmp_path / "whole": lambda path: path.touch(), tmp_path / "half": failing})
    assert list(tmp_path.iterdir()) == []


def test_an_engine_leaves_no_folder_behind(tmp_path: Path) -> None:
    engine = DuckDB(work=tmp_path, threads=1)
    assert list(tmp_path.iterdir())
    engine.close()
    assert not list(tmp_path.iterdir())
