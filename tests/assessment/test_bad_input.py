"""`flask assess files`: what it writes, and that bad files and cells end with exit 2, every problem, and no output."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.assessment.assessing import decided
from tests.assessment.desk import LARGEST, LINES, Desk, write_parquet
from tests.assessment.files import write_csv
from tests.assessment.town import line


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


TEXTS = ["platform", "store_id", "order_no", "origin_key", "channel", "status", "payment_method"]


@pytest.mark.parametrize("column", TEXTS)
def test_text_that_is_no_utf8_is_refused_wherever_it_stands(column: str, desk: Desk) -> None:
    rows = pa.Table.from_pylist([row | {"ordered_at": datetime.fromisoformat(row["ordered_at"])} for row in LINES])
    broken = pa.array([b"\xff\xfe"] * len(LINES), pa.binary()).view(pa.string())
    pq.write_table(rows.set_column(rows.schema.get_field_index(column), column, broken), desk.lines)
    assert f"{desk.lines}: unreadable" in desk.refused()
