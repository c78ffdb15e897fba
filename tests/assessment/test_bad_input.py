"""`flask assess files`: what it writes, and that bad input ends with exit 2, every problem, and no output at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from flask import Flask

from portal.assessment import engines, outputs
from portal.cli.assess import group
from tests.assessment.assessing import decided
from tests.assessment.town import WINDOW, delivery, line
from tests.assessment.worlds import toml, write_csv

LINKS = [
    {
        "platform": "baemin",
        "store_id": "s1",
        "merchant_id": "m1",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 6, 30),
    },
    {"platform": "baemin", "store_id": "s1", "merchant_id": "m1", "valid_from": date(2026, 7, 1), "valid_to": None},
]
SEATS = [
    {
        "programme": "p",
        "merchant_id": "m1",
        "owner_id": "w1",
        "enrolled_from": None,
        "enrolled_to": None,
        "accepted_at": "2026-01-01 09:00:00",
    }
]
LINES = [line("o1", "03-02"), line("o2", "03-03"), line("o3", "03-04")]
LARGEST = 922_337_203_685_477


class Desk:
    """A folder with good inputs, and the command to assess them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terms = folder / "county.toml"
        self.terms.write_text(
            toml({"code": "p", "priority": 1, "cost_window": WINDOW, "item": [delivery()]}), encoding="utf-8"
        )
        self.lines = write_csv(folder / "lines.csv", LINES)
        self.links = write_csv(folder / "links.csv", LINKS)
        self.enrolments = write_csv(folder / "enrolments.csv", SEATS)
        self.app = Flask("desk")
        self.app.cli.add_command(group)

    def run(self, *more: str) -> Result:
        named = [f"--{name}={getattr(self, name)}" for name in ("terms", "lines", "links", "enrolments")]
        out = [f"--claims-out={self.folder / 'claims.csv'}", f"--lines-out={self.folder / 'decided.parquet'}"]
        return self.app.test_cli_runner().invoke(args=["assess", "files", *named, *out, *more])

    def refused(self, *more: str) -> str:
        """The problems told; nothing may have been written, not even aside."""
        before = sorted(self.folder.rglob("*"))
        result = self.run(*more)
        assert result.exit_code == 2, result.output
        assert sorted(self.folder.rglob("*")) == before
        return result.stderr

    def clear(self) -> None:
        for name in ("claims.csv", "decided.parquet"):
            (self.folder / name).unlink()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_good_input_gives_claims_and_decisions_and_leaves_nothing_else(desk: Desk) -> None:
    before = set(desk.folder.iterdir())
    result = desk.run("--memory=200MB", "--threads=1")
    assert (result.exit_code, result.stderr) == (0, "paid: 3\n")
    assert set(desk.folder.iterdir()) - before == {desk.folder / "claims.csv", desk.folder / "decided.parquet"}
    assert (desk.folder / "claims.csv").read_text(encoding="utf-8").splitlines()[1] == "p,m1,2026-03,3,49995000,4990"
    assert len(decided(desk.folder / "decided.parquet")) == 3


def test_no_lines_at_all_give_no_claims(desk: Desk) -> None:
    write_csv(desk.lines, [], list(LINES[0]))
    assert desk.run().exit_code == 0
    assert (desk.folder / "claims.csv").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize("text", ["\ufeff{text}", "{text}\n\n"], ids=["byte order mark", "empty lines at the end"])
def test_csv_is_read_as_spreadsheets_write_it(text: str, desk: Desk) -> None:
    desk.lines.write_text(text.format(text=desk.lines.read_text(encoding="utf-8")), encoding="utf-8")
    assert desk.run().stderr == "paid: 3\n"


def test_a_quoted_cell_may_go_over_several_lines(desk: Desk) -> None:
    write_csv(desk.lines, [line("o\n1", "03-02"), line('o"2', "03-02")])
    assert desk.run().stderr == "paid: 2\n"
    assert {order_no for _, order_no, _, _ in decided(desk.folder / "decided.parquet")} == {"o\n1", 'o"2'}
    desk.clear()
    write_csv(desk.lines, [line("o\n1", "03-02"), line("o2", "03-02", status="?")])
    assert "row 2 status: unknown_status (?)" in desk.refused()


CELLS = [
    ("received_seq", "", "missing_value"),
    ("received_seq", "1.0", "not_an_integer"),
    ("received_seq", "1e3", "not_an_integer"),
    ("received_seq", "NaN", "not_an_integer"),
    ("received_seq", " 7", "not_an_integer"),
    ("received_seq", "9223372036854775808", "out_of_range"),
    ("platform", "", "missing_value"),
    ("order_no", "", "missing_value"),
    ("channel", "deliveries", "unknown_channel"),
    ("status", "done", "unknown_status"),
    ("payment_method", "bitcoin", "unknown_payment_method"),
    ("ordered_at", "2026-03-02 12:00:00+09:00", "has_zone"),
    ("ordered_at", "2026-03-02T12:00:00Z", "has_zone"),
    ("ordered_at", "2026-02-30 12:00:00", "not_a_timestamp"),
    ("ordered_at", "2026-03-02", "not_a_timestamp"),
    ("ordered_at", "02.03.2026 12:00", "not_a_timestamp"),
    ("delivery_fee", "nan", "not_an_integer"),
    ("delivery_fee", "inf", "not_an_integer"),
    ("delivery_fee", "3333.5", "not_an_integer"),
    ("delivery_fee", str(LARGEST + 1), "out_of_range"),
    ("brokerage_fee", "x", "not_an_integer"),
]


def test_every_wrong_cell_is_told_with_its_place(desk: Desk) -> None:
    rows = [{**line(f"x{number}", "03-02"), column: value} for number, (column, value, _) in enumerate(CELLS, 1)]
    write_csv(desk.lines, rows)
    told = desk.refused().splitlines()
    assert told[:-1] == [
        f"{desk.lines} row {number} {column}: {code}" + (f" ({value})" if value else "")
        for number, (column, value, code) in enumerate(CELLS, 1)
    ]


def test_the_largest_amount_that_fits_is_taken(desk: Desk) -> None:
    write_csv(desk.lines, [line("o1", "03-02", delivery_fee=LARGEST)])
    assert desk.run().exit_code == 0
    assert f",{LARGEST * 5_000}," in (desk.folder / "claims.csv").read_text(encoding="utf-8")
    desk.clear()
    write_csv(desk.lines, [line("o1", "03-02", delivery_fee=LARGEST, delivery_support=-1)])
    assert "out_of_range" in desk.refused()
    write_csv(desk.lines, [line(f"o{number}", "03-02", delivery_fee=LARGEST) for number in (1, 2, 3)])
    assert "out_of_range" in desk.refused()


TEXTS = [
    ("", "empty_file"),
    ("platform,store_id\n", "received_seq: missing_column"),
    ("{header},surprise\n", "surprise: unknown_column"),
    ("{header},platform\n", "platform: repeated_column"),
    ("{header}\n{row},\n", "row 1: too_many_fields"),
    ("{header}\n{row}\n{row},,\n", "row 2: too_many_fields"),
    ("{header}\n{short}\n", "row 1: too_few_fields"),
    ('{header}\n{row}\n"never closed\n', "bad_quotes"),
    ("{header}\n{row}\n\udcff\udcfe{row}\n", "bad_encoding"),
]


@pytest.mark.parametrize(("text", "told"), TEXTS)
def test_a_file_that_is_no_table_of_lines_is_refused(text: str, told: str, desk: Desk) -> None:
    header = ",".join(LINES[0])
    row = ",".join(map(str, LINES[0].values()))
    filled = text.format(header=header, row=row, short=row.rpartition(",")[0])
    desk.lines.write_bytes(filled.encode("utf-8", "surrogateescape"))
    assert told in desk.refused()


def test_parquet_columns_are_checked_by_their_type(desk: Desk) -> None:
    desk.lines = desk.folder / "lines.parquet"
    wrong = {
        "delivery_fee": pa.array([1.0, float("nan"), 2.0]),
        "ordered_at": pa.array([0, 1, 2], pa.timestamp("us", "Asia/Seoul")),
        "platform": pa.array([1, 2, 3]),
        "more": pa.array([1, 2, 3]),
    }
    write_parquet(desk.lines, wrong)
    told = desk.refused()
    for problem in (
        "delivery_fee: wrong_type (double)",
        "ordered_at: has_zone",
        "platform: wrong_type (int64)",
        "more: unknown_column",
    ):
        assert problem in told


def test_parquet_cells_are_checked_like_those_of_csv(desk: Desk) -> None:
    desk.lines = desk.folder / "lines.parquet"
    write_parquet(desk.lines, {"order_amount": pa.array([1, 2, 3], pa.int16())})
    assert desk.run().exit_code == 0
    desk.clear()
    wrong = {
        "delivery_fee": pa.array([1, None, 2]),
        "delivery_support": pa.array(["1", "2", "three"]),
        "received_seq": pa.array([1, 2, 2**63], pa.uint64()),
    }
    write_parquet(desk.lines, wrong)
    assert [line.partition("parquet ")[2] for line in desk.refused().splitlines()[:-1]] == [
        "row 2 delivery_fee: missing_value",
        "row 3 delivery_support: not_an_integer (three)",
        "row 3 received_seq: out_of_range (9223372036854775808)",
    ]


def write_parquet(path: Path, columns: dict[str, pa.Array]) -> None:
    table = pa.Table.from_pylist(LINES)
    for name, values in columns.items():
        table = table.drop_columns([name]) if name in table.column_names else table
        table = table.append_column(name, values)
    pq.write_table(table, path)


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


def test_terms_engines_and_missing_files_are_refused_too(desk: Desk) -> None:
    assert "not_found" in desk.refused(f"--lines={desk.folder}/*.nothing")
    assert "engine_missing (spark)" in desk.refused("--engine=spark")
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
    engine = engines.Engine(work=tmp_path, threads=1)
    assert list(tmp_path.iterdir())
    engine.close()
    assert not list(tmp_path.iterdir())
