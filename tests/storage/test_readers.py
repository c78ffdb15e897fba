"""Every row of a partner's file is accepted or refused with a reason; what cannot be read is refused as a whole."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from portal.domain.errors import FileRefused
from portal.domain.settlements import DeliveryOutcome, received_seq
from portal.storage import sandbox
from portal.storage.readers import Limits, ReadResult, read_delivery
from tests.storage.settlement_csv import HEADER, read, read_here, row, text

WON = "order_amount"

# One bad row each: (what is wrong, cells, the code, the column it is pinned on)
BAD_CELLS = [
    ("no order number", {"order_no": ""}, "missing_value", "order_no"),
    ("a blank store", {"store_id": "  "}, "missing_value", "store_id"),
    ("an amount left out", {WON: ""}, "missing_value", WON),
    ("a very long store id", {"store_id": "S" * 101}, "too_long", "store_id"),
    ("an origin without a platform", {"origin_key": "T2FP1"}, "bad_origin_key", "origin_key"),
    ("a channel in capitals", {"channel": "Delivery"}, "unknown_channel", "channel"),
    ("a status of the platform's own", {"status": "CLOSED"}, "unknown_status", "status"),
    ("a payment method of its own", {"payment_method": "BARO"}, "unknown_payment_method", "payment_method"),
    ("a date without a time", {"ordered_at": "2026-03-14"}, "not_a_timestamp", "ordered_at"),
    ("a date that is none", {"ordered_at": "2026-03-32 10:00"}, "not_a_timestamp", "ordered_at"),
    ("hour 24", {"ordered_at": "2026-03-14 24:00:00"}, "not_a_timestamp", "ordered_at"),
    ("infinity", {"ordered_at": "infinity"}, "not_a_timestamp", "ordered_at"),
    ("a time in UTC", {"ordered_at": "2026-03-14T10:00:00Z"}, "has_zone", "ordered_at"),
    ("a time with an offset", {"ordered_at": "2026-03-14 10:00+09"}, "has_zone", "ordered_at"),
    ("the second before the month", {"ordered_at": "2026-02-28 23:59:59"}, "outside_month", "ordered_at"),
    ("the first second after the month", {"ordered_at": "2026-04-01 00:00:00"}, "outside_month", "ordered_at"),
    ("half a won", {WON: "1.5"}, "not_an_integer", WON),
    ("an exponent", {WON: "1e3"}, "not_an_integer", WON),
    ("an underscore", {WON: "1_000"}, "not_an_integer", WON),
    ("a hexadecimal", {WON: "0x10"}, "not_an_integer", WON),
    ("a plus sign", {WON: "+5"}, "not_an_integer", WON),
    ("full-width digits", {WON: "１２"}, "not_an_integer", WON),
    ("a separator for thousands", {WON: '"21,100"'}, "not_an_integer", WON),
    ("won in letters", {WON: "21100원"}, "not_an_integer", WON),
    ("a negative amount", {"delivery_fee": "-1"}, "negative", "delivery_fee"),
    ("more than any order", {WON: 1_000_000_001}, "out_of_range", WON),
    ("more than 64 bits", {WON: "9" * 25}, "out_of_range", WON),
]

# A line between two good ones: (what is wrong, the line's bytes, the code)
BAD_LINES = [
    ("one cell missing", row(2).rpartition(",")[0].encode(), "too_few_fields"),
    ("one empty cell too many", row(2).encode() + b",", "too_many_fields"),
    ("a quote that never closes", row(2, store_id='"S-1').encode(), "bad_quotes"),
    ("a quote in the middle of a quoted cell", row(2, store_id='"S"1"').encode(), "bad_quotes"),
    ("CP949 in a UTF-8 file", row(2, store_id="가게").encode("cp949"), "bad_encoding"),
    ("half a syllable", row(2, store_id="가게").encode().replace("게".encode(), b"\xea\xb2"), "bad_encoding"),
    ("a NUL", row(2, store_id="S\x001").encode(), "control_character"),
    ("a tab", row(2, store_id="S\t1").encode(), "control_character"),
    ("our own separator", row(2, store_id="S\x1f1").encode(), "control_character"),
    ("a very long line", row(2, store_id="S" * 20_000).encode(), "line_too_long"),
    ("nothing but commas", b"," * (len(HEADER) - 1), "missing_value"),
]

# (what is wrong, the file, the codes)
BAD_FILES = [
    ("0 bytes", b"", ["empty_file"]),
    ("a header alone", text().encode(), ["no_rows"]),
    ("blank lines alone", text("", "").encode(), ["no_rows"]),
    ("a workbook in name only", b"PK\x03\x04" + bytes(200), ["broken_file"]),
    ("an old workbook in name only", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(200), ["broken_file"]),
    ("a PDF", b"%PDF-1.7\n1 0 obj\n", ["wrong_type"]),
    ("gzip cut off", gzip.compress(text(row()).encode())[:-12], ["broken_file"]),
    ("gzip in gzip", gzip.compress(gzip.compress(text(row()).encode())), ["wrong_type"]),
    ("gzip of nothing", gzip.compress(b""), ["empty_file"]),
    ("a web page", b"<html><body>login</body></html>", ["wrong_type"]),
    ("JSON", b'[{"order_no": 1}]', ["wrong_type"]),
    ("UTF-16", text(row()).encode("utf-16"), ["wrong_type"]),
    ("bytes without meaning", bytes(range(256)), ["wrong_type"]),
    ("semicolons", text(row()).replace(",", ";").encode(), ["wrong_delimiter"]),
    ("no header", (row() + "\n").encode(), ["missing_column"]),
    ("a column missing", text(row(), header=",".join(HEADER[1:])).encode(), ["missing_column"]),
    ("a column nobody knows", text(row() + ",1", header=",".join([*HEADER, "memo"])).encode(), ["unknown_column"]),
    ("a column twice", text(row() + ",1", header=",".join([*HEADER, HEADER[0]])).encode(), ["repeated_column"]),
    ("our own number", text(row() + ",1", header=",".join([*HEADER, "received_seq"])).encode(), ["unknown_column"]),
    ("thousands of columns", text(row(), header=",".join(map(str, range(500)))).encode(), ["too_many_columns"]),
    ("a header without end", b"store_id," * 100_000, ["line_too_long"]),
    ("a quote open in the header", b'"' + text(row()).encode(), ["bad_quotes"]),
]


@pytest.fixture(scope="module")
def cells_read(tmp_path_factory: pytest.TempPathFactory) -> ReadResult:
    """All bad cells in one file: reading starts a process, so the table shares one."""
    rows = [row(number, **cells) for number, (_, cells, _, _) in enumerate(BAD_CELLS, 1)]
    return read(tmp_path_factory.mktemp("cells"), text(*rows, row(999)))


def refused(result: ReadResult) -> dict[int, tuple[str, str]]:
    found = duckdb.execute("SELECT row, code, field FROM read_parquet($1) ORDER BY row", [str(result.refusals)])
    return {number: (code, field) for number, code, field in found.fetchall()}


def accepted(result: ReadResult, columns: str) -> list[tuple[Any, ...]]:
    if result.parquet is None:
        return []
    return duckdb.execute(
        f"SELECT {columns} FROM read_parquet($1) ORDER BY received_seq", [str(result.parquet)]
    ).fetchall()


@pytest.mark.parametrize("number", range(1, len(BAD_CELLS) + 1), ids=[what for what, *_ in BAD_CELLS])
def test_a_row_with_a_bad_cell_is_refused_with_its_code_and_column(cells_read: ReadResult, number: int) -> None:
    _, _, code, field = BAD_CELLS[number - 1]
    assert refused(cells_read)[number] == (code, field)


def test_the_good_row_among_bad_ones_is_accepted(cells_read: ReadResult) -> None:
    assert (cells_read.rows, cells_read.accepted, cells_read.refused) == (len(BAD_CELLS) + 1, 1, len(BAD_CELLS))
    assert accepted(cells_read, "order_no") == [("T2FP00000999",)]
    assert cells_read.outcome.total_order_amount == 21_100


@pytest.mark.parametrize(("line", "code"), [case[1:] for case in BAD_LINES], ids=[what for what, *_ in BAD_LINES])
def test_a_broken_line_costs_only_itself(tmp_path: Path, line: bytes, code: str) -> None:
    good = row(1, store_id="홍길동네").encode()
    result = read_here(tmp_path, b"\n".join([text().encode().strip(), good, line, row(3).encode()]))
    assert (result.rows, result.accepted) == (3, 2)
    assert refused(result)[2][0] == code
    assert accepted(result, "received_seq") == [(received_seq(7, 1),), (received_seq(7, 3),)]


@pytest.mark.parametrize(("content", "codes"), [case[1:] for case in BAD_FILES], ids=[what for what, *_ in BAD_FILES])
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(tmp_path: Path, content: bytes, codes: list[str]) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_here(tmp_path, content)
    assert sorted({problem.code for problem in refusal.value.problems} & set(codes)) == codes
    assert not list(tmp_path.glob("into-7/*.parquet"))


def test_all_problems_of_a_row_are_counted_and_the_first_is_shown(tmp_path: Path) -> None:
    result = read_here(tmp_path, text(row(1, store_id="", channel="x", order_amount="-2")))
    assert result.outcome.problems_by_code == {"missing_value": 1, "negative": 1, "unknown_channel": 1}
    assert [(p.row, p.field, p.code) for p in result.first_problems] == [(1, "store_id", "missing_value")]
    assert result.parquet is None


@pytest.mark.parametrize(
    ("encoding", "end", "named"),
    [
        ("utf-8", "\n", "utf-8"),
        ("utf-8-sig", "\n", "utf-8"),
        ("utf-8", "\r\n", "utf-8"),
        ("cp949", "\n", "cp949"),
        ("cp949", "\r\n", "cp949"),
    ],
)
def test_hangul_is_read_in_every_encoding_partners_use(tmp_path: Path, encoding: str, end: str, named: str) -> None:
    # 철 alone is also a Latin letter in UTF-8, 똠 only exists in CP949's extension.
    names = ["구례읍 수라간", "철", "똠양꿍", "S-1"]
    rows = [row(number, store_id=name) for number, name in enumerate(names, 1)]
    result = read_here(tmp_path, text(*rows, end=end).encode(encoding))
    assert (result.encoding, result.refused) == (named, 0)
    assert accepted(result, "store_id") == [(name,) for name in names]


def test_in_a_file_of_two_encodings_the_lesser_one_is_refused_never_misread_here(tmp_path: Path) -> None:
    rows = [row(n, store_id=f"가게 {n}").encode("cp949") for n in range(1, 5)] + [row(5, store_id="수라").encode()]
    result = read_here(tmp_path, b"\n".join([text().encode().strip(), *rows]))
    assert (result.encoding, result.accepted) == ("cp949", 4)
    assert refused(result) == {5: ("bad_encoding", "")}


def test_quotes_header_order_capitals_and_blank_lines_are_no_obstacle(tmp_path: Path) -> None:
    order = list(reversed(HEADER))
    cells = dict(zip(HEADER, row(1, store_id="S-1").split(","), strict=True))
    line = ",".join(f'"{cells[name]}"' for name in order)
    result = read_here(tmp_path, ", ".join(order).upper() + "\n\n" + line + "\n\n\n")
    assert (result.rows, result.accepted) == (1, 1)
    assert accepted(result, "store_id, order_amount, received_seq") == [("S-1", 21_100, received_seq(7, 2))]


def test_a_quoted_comma_stays_in_its_cell(tmp_path: Path) -> None:
    result = read_here(tmp_path, text(row(1, store_id='"수라간, ""본점"""')))
    assert accepted(result, "store_id") == [('수라간, "본점"',)]


def test_a_platform_column_has_to_name_the_platform_that_delivers(tmp_path: Path) -> None:
    lines = [row(1) + ",baemin", row(2) + ",yogiyo", row(3) + ","]
    result = read_here(tmp_path, text(*lines, header=",".join([*HEADER, "platform"])))
    assert refused(result) == {2: ("wrong_platform", "platform")}
    assert accepted(result, "platform") == [("baemin",), ("baemin",)]


def test_an_order_told_twice_alike_counts_once_and_told_differently_not_at_all(tmp_path: Path) -> None:
    result = read_here(tmp_path, text(row(1), row(2), row(1), row(2, order_amount=1), row(3), row(1)))
    assert refused(result) == {
        2: ("same_key_other_content", "order_no"),
        3: ("duplicate_in_file", "order_no"),
        4: ("same_key_other_content", "order_no"),
        6: ("duplicate_in_file", "order_no"),
    }
    assert accepted(result, "order_no") == [("T2FP00000001",), ("T2FP00000003",)]


def test_the_outcome_counts_stores_cancellations_dates_and_totals(tmp_path: Path) -> None:
    lines = [
        row(1, ordered_at="2026-03-01 00:00"),
        row(2, store_id="S-2", status="cancelled"),
        row(3, order_amount="x"),
    ]
    outcome = read_here(tmp_path, text(*lines)).outcome
    assert (outcome.stores, outcome.cancelled) == (2, 1)
    assert (str(outcome.period_from), str(outcome.period_to)) == ("2026-03-01", "2026-03-14")
    assert outcome.totals["delivery_fee"] == 6_600


def test_the_same_bytes_read_twice_give_the_same_lines(tmp_path: Path) -> None:
    lines = text(*[row(n) for n in range(1, 50)], row(3, order_amount="?"))
    (tmp_path / "again").mkdir()
    first, second = read_here(tmp_path, lines), read_here(tmp_path / "again", lines)
    assert first.parquet is not None
    assert second.parquet is not None
    assert first.parquet.read_bytes() == second.parquet.read_bytes()
    assert first.refusals.read_bytes() == second.refusals.read_bytes()


BOUNDED = [
    ("bytes", Limits(bytes=1_000), "too_large"),
    ("rows", Limits(rows=49), "too_many_rows"),
    ("memory", Limits(memory=768 << 20, engine_memory=1 << 20), "too_costly"),
    ("time", Limits(seconds=0.05), "too_costly"),
    ("output", Limits(output=1_000), "too_costly"),
]


@pytest.mark.parametrize(("limits", "code"), [case[1:] for case in BOUNDED], ids=[what for what, *_ in BOUNDED])
def test_a_file_that_goes_beyond_a_limit_is_refused_and_is_read_without_it(
    tmp_path: Path, limits: Limits, code: str
) -> None:
    content = text(*[row(n, store_id=f"{n:0100d}") for n in range(1, 51)])
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, content, limits=limits)
    assert [problem.code for problem in refusal.value.problems] == [code]
    assert read(tmp_path, content, number=8).accepted == 50


def test_one_endless_line_is_refused_without_being_held_in_memory(tmp_path: Path) -> None:
    small = Limits(memory=640 << 20)
    with pytest.raises(FileRefused) as refusal:
        read(tmp_path, b"x" * (64 << 20), limits=small)
    assert [problem.code for problem in refusal.value.problems] == ["line_too_long"]
    endless = text(row(1)).encode() + b"x" * (64 << 20) + b"\n" + row(2).encode()
    result = read(tmp_path, endless, limits=small, number=8)
    assert (result.rows, result.accepted, refused(result)) == (3, 2, {2: ("line_too_long", "")})


@pytest.mark.parametrize(("platform", "period"), [("../x", "2026-03"), ("baemin", "2026-13"), ("", "2026-03")])
def test_a_delivery_is_of_a_platform_and_a_month(tmp_path: Path, platform: str, period: str) -> None:
    with pytest.raises(ValueError, match="platform and month"):
        read_delivery(tmp_path / "x.csv", platform=platform, period=period, delivery_number=1, into=tmp_path)


def test_an_outcome_with_a_third_kind_of_row_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="add up"):
        DeliveryOutcome(rows=3, accepted=1, refused=1)


def test_a_long_delivery_says_how_far_it_has_come_and_who_listens_may_end_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_LOOK", 0.002)  # a fast machine has read this delivery before half a second is over
    content = text(*[row(n) for n in range(1, 150_001)])
    source, heard = tmp_path / "delivery.csv", []
    source.write_text(content)
    (tmp_path / "into").mkdir()

    def reading(listen: Callable[[int, int], None]) -> ReadResult:
        into = tmp_path / "into"
        return read_delivery(source, platform="baemin", period="2026-03", delivery_number=7, into=into, heard=listen)

    result = reading(lambda done, of: heard.append((done, of)))
    assert result.accepted == 150_000
    said = [pair for pair in heard if pair != (0, 0)]
    assert said
    assert said == sorted(said)
    assert {of for _, of in said} == {len(content)}
    assert all(0 < done <= of for done, of in said)

    def enough(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reading(enough)
