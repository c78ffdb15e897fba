"""What is wrong in terms, links, enrolments and lines is told in one go: exit 2, every problem, nothing written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.assessment.desk import LARGEST, LINES, LINKS, SEATS, Desk
from tests.assessment.files import write_csv, write_parquet
from tests.assessment.town import line

TERMS = """
code = "p"
priority = 1
cost_window = { from = 2026-03-01, to = 2026-11-30 }
surprise = 1
[[item]]
code = "delivery"
basis = "merchant_delivery_cost"
amount = { kind = "cost_share", rate = "0.12345" }
caps = [{ per = "order", amount = -1 }, { per = "week", amount = 1 }, { per = "day", amount = nan }]
[[item]]
code = "promotion"
basis = "merchant_cost"
amount = { kind = "lottery", amount = 1 }
[[pool]]
per = "half_year"
amount = 922337203685478
order_by = "luck"
"""
TOLD = {
    "terms": [
        "item[1].amount.rate: too_many_decimals (0.12345)",
        "item[1].caps[1].amount: negative (-1)",
        "item[1].caps[2].per: unknown_per (week)",
        "item[1].caps[3].amount: not_an_integer (nan)",
        "item[2].basis: unknown_basis (merchant_cost)",
        "item[2].amount.kind: unknown_kind (lottery)",
        "pool[1].per: unknown_per (half_year)",
        "pool[1].amount: out_of_range (922337203685478)",
        "pool[1].order_by: unknown_order_by (luck)",
        "surprise: unknown_key",
    ],
    "lines": [
        "row 1 received_seq: repeated_received_seq (baemin:o1 1)",
        "row 2 delivery_fee: not_an_integer (nan)",
        "row 3 ordered_at: has_zone (2026-03-02 12:00:00+09:00)",
        f"row 4 delivery_support: out_of_range ({LARGEST + 1})",
        f"row 5 promotion_cost: out_of_range ({LARGEST + 1})",
        "row 6 received_seq: repeated_received_seq (baemin:o1 1)",
    ],
    "links": [
        "more: unknown_column",
        "row 2 valid_from: overlapping_links (2026-06-30)",
        "row 3 valid_to: reversed_period (2026-06-30)",
        "row 4 merchant_id: missing_value",
        "row 4 valid_to: not_a_date (2026-02-29)",
    ],
    "enrolments": [
        "row 1 programme: unknown_programme (q)",
        "row 2 enrolled_to: reversed_period (2026-03-01)",
        "row 3 accepted_at: has_zone (2026-01-01T09:00Z)",
    ],
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def spoil(desk: Desk, *, terms: bool) -> None:
    """Every input wrong in every way."""
    if terms:
        desk.terms.write_text(TERMS, encoding="utf-8")
    write_csv(
        desk.lines,
        [
            line("o1", "03-02"),
            line("o2", "03-02", delivery_fee="nan"),
            line("o3", "03-02", ordered_at="2026-03-02 12:00:00+09:00"),
            line("o4", "03-02", delivery_fee=LARGEST, delivery_support=-1),
            line("o5", "03-02", promotion_cost=LARGEST + 1),
            line("o1", "03-03"),
        ],
    )
    store = LINKS[0] | {"store_id": "s2", "more": 1}
    write_csv(
        desk.links,
        [
            LINKS[0] | {"more": 1},
            LINKS[1] | {"valid_from": date(2026, 6, 30), "more": 1},
            store | {"valid_from": date(2026, 7, 1)},
            store | {"merchant_id": "", "valid_to": "2026-02-29"},
        ],
    )
    seat = SEATS[0]
    write_csv(
        desk.enrolments,
        [
            seat | {"programme": "q"},
            seat | {"enrolled_from": "2026-03-02", "enrolled_to": "2026-03-01"},
            seat | {"accepted_at": "2026-01-01T09:00Z"},
        ],
    )


@pytest.mark.parametrize("terms", [True, False])
def test_all_problems_of_all_inputs_are_told_at_once(terms: bool, desk: Desk) -> None:
    spoil(desk, terms=terms)
    told = desk.refused().splitlines()
    expected = [
        f"{getattr(desk, name)} {problem}"
        for name in ("terms", "lines", "links", "enrolments")
        for problem in TOLD[name]
        if terms or name != "terms"
    ]
    assert sorted(told[:-1]) == sorted(expected)
    assert told[-1] == "file_refused: nothing was written"


def test_a_file_that_cannot_be_read_hides_nothing_in_the_others(desk: Desk) -> None:
    spoil(desk, terms=False)
    bad = desk.folder / "more lines.csv"
    bad.write_text("platform,platform\n", encoding="utf-8")
    told = desk.refused(f"--lines={bad}", f"--lines={desk.lines}", f"--terms={desk.folder / 'no.toml'}")
    for name in ("lines", "links"):
        assert all(f"{getattr(desk, name)} {problem}" in told for problem in TOLD[name])
    for problem in ("received_seq: missing_column", "platform: repeated_column"):
        assert f"{bad} {problem}" in told
    assert f"{desk.lines}: repeated_file" in told
    assert "no.toml: unreadable" in told
    assert "unknown_programme" not in told  # as long as the codes are not all known, none is unknown


def test_the_same_order_told_in_two_files_with_one_number_is_told_in_both(desk: Desk) -> None:
    other = write_parquet(desk.folder / "other.parquet", LINES[:1])
    write_csv(desk.lines, [*LINES, line("o9", "03-05", status="?")])
    told = desk.refused(f"--lines={other}").splitlines()
    assert told[:-1] == [
        f"{desk.lines} row 1 received_seq: repeated_received_seq (baemin:o1 1)",
        f"{desk.lines} row 4 status: unknown_status (?)",
        f"{other} row 1 received_seq: repeated_received_seq (baemin:o1 1)",
    ]


NUMBERS = ["nan", "NaN", "-nan", "inf", "-inf", "Infinity", "1e3", "1_000", "1,000", "1.0", " 5", "5 ", "\t5", "+5"]
NUMBERS += ["05", "-0", "--5", "-", "５", "٣", "0x10", "0b1", "null", "NULL", "true", "5원", "\u00a05", "5\u200b"]
COLUMNS = [name for name, value in LINES[0].items() if isinstance(value, int)]


def test_what_only_looks_like_a_number_is_none(desk: Desk) -> None:
    spots = [(column, text) for column in COLUMNS for text in NUMBERS]
    write_csv(desk.lines, [line(f"o{number}", "03-02") | {column: text} for number, (column, text) in enumerate(spots)])
    assert desk.refused().splitlines()[:-1] == [
        f"{desk.lines} row {row} {column}: not_an_integer ({text})" for row, (column, text) in enumerate(spots, 1)
    ]
    write_csv(desk.lines, [line(f"o{number}", "03-02") | {name: ""} for number, name in enumerate(COLUMNS)])
    assert desk.refused().splitlines()[:-1] == [
        f"{desk.lines} row {row} {column}: missing_value" for row, column in enumerate(COLUMNS, 1)
    ]


AMOUNTS = ["nan", "inf", "-inf", "1e3", "1.0", "true", '"5"', '" 5"', '"５"', '""', "[]", "2026-03-01"]
RATES = ["0.5", "1", "nan", '"nan"', '"inf"', '"5e-1"', '" 0.5"', '"0.5 "', '"+0.5"', '".5"', '"5."', '"０.5"', '"1_0"']
RATES += ['"-0.1"', '"0x1"', '""', '"0,5"']


def test_terms_take_whole_won_and_decimal_text_only(desk: Desk) -> None:
    item = '[[item]]\ncode = "i{}"\nbasis = "merchant_delivery_cost"\namount = {{ kind = "{}", {} = {} }}\n'
    items = [("flat", "amount", text) for text in AMOUNTS] + [("cost_share", "rate", text) for text in RATES]
    head = 'code = "p"\npriority = 1\ncost_window = { from = 2026-03-01, to = 2026-11-30 }\n'
    desk.terms.write_text(
        head + "".join(item.format(number, *one) for number, one in enumerate(items)), encoding="utf-8"
    )
    told = desk.refused().splitlines()[:-1]
    assert [problem.partition(" (")[0] for problem in told] == [
        f"{desk.terms} item[{number}].amount.{key}: " + ("not_an_integer" if key == "amount" else "not_a_decimal_text")
        for number, (_, key, _) in enumerate(items, 1)
    ]


ZONED = ["2026-03-02 12:00:00+09:00", "2026-03-02T12:00:00Z", "2026-03-02T12:00:00.123456Z", "2026-03-02 12:00+0900"]
ZONED += ["2026-03-02 12:00:00 +09", "2026-03-02 12:00:00-00:00", "2026-03-02 12:00:00 UTC", "2026-03-02 12:00:00 KST"]
MOMENTS = ["2026-03-02", "12:00:00", "2026-3-2 12:00:00", "2026-03-02 24:00:00", "2026-03-02 12:60:00", "now", "NaT"]
MOMENTS += ["2026-02-29 12:00:00", "2026-03-02  12:00:00", "20260302 120000", "1772420400"]
MOMENTS += ["2026-03-02 12:00:00.1234567", "２０２６-03-02 12:00:00", "2026-03-02 오후 1:00", "infinity", "epoch"]
MOMENTS += ["2026-03-02 12:00:00 Asia/Seoul"]


def test_moments_have_no_zone_and_one_form(desk: Desk) -> None:
    texts = [(text, "has_zone") for text in ZONED] + [(text, "not_a_timestamp") for text in MOMENTS]
    write_csv(desk.lines, [line(f"o{number}", "03-02", ordered_at=text) for number, (text, _) in enumerate(texts)])
    write_csv(desk.enrolments, [SEATS[0] | {"accepted_at": text} for text, _ in texts])
    told = desk.refused().splitlines()[:-1]
    assert told == [
        f"{file} row {row} {column}: {code} ({text})"
        for file, column in ((desk.lines, "ordered_at"), (desk.enrolments, "accepted_at"))
        for row, (text, code) in enumerate(texts, 1)
    ]


def test_days_have_one_form(desk: Desk) -> None:
    texts = ["2026-3-1", "20260301", "2026-02-29", "2026-03-01 00:00:00", "01.03.2026", "today", "2026-03-01Z", " "]
    write_csv(desk.links, [LINKS[0] | {"store_id": text, "valid_from": text} for text in texts])
    write_csv(desk.enrolments, [SEATS[0] | {"enrolled_to": text} for text in texts])
    told = desk.refused().splitlines()[:-1]
    assert told == [
        f"{file} row {row} {column}: not_a_date ({text})"
        for file, column in ((desk.links, "valid_from"), (desk.enrolments, "enrolled_to"))
        for row, text in enumerate(texts, 1)
    ]


SUMS = {
    "a merchant's month": [line(f"o{number}", "03-02", delivery_fee=LARGEST) for number in (1, 2, 3)],
    "several months of a merchant": [line(f"o{number}", f"0{number}-02", delivery_fee=LARGEST) for number in (3, 4, 5)],
}


@pytest.mark.parametrize("pool", [True, False])
@pytest.mark.parametrize("lines", SUMS.values(), ids=SUMS.keys())
def test_sums_that_do_not_fit_are_refused_or_exact(lines: list[dict], pool: bool, desk: Desk) -> None:
    """A sum beyond int64 is never wrapped around: the run is refused, or no such sum was needed."""
    if pool:
        with desk.terms.open("a", encoding="utf-8") as out:
            out.write('[[pool]]\nper = "programme"\namount = 900000000000000\norder_by = "ordered_at"\n')
    write_csv(desk.lines, lines)
    result = desk.run()
    if result.exit_code == 2:
        assert "out_of_range" in result.stderr
        assert not (desk.folder / "claims.csv").exists()
    else:
        assert result.exit_code == 0
        total = 900_000_000_000_000 * 10_000 if pool else 3 * LARGEST * 5_000
        rows = (desk.folder / "claims.csv").read_text(encoding="utf-8").splitlines()[1:]
        assert sum(int(row.split(",")[4]) for row in rows) == total


def test_outputs_that_cannot_stand_where_they_shall_are_told_plainly(desk: Desk) -> None:
    (desk.folder / "folder").mkdir()
    before = sorted(desk.folder.rglob("*"))
    for told, more in {
        "a folder stands": [f"--lines-out={desk.folder / 'folder'}"],
        "No such file": [f"--claims-out={desk.folder / 'nowhere' / 'claims.csv'}"],
    }.items():
        result = desk.run(*more)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
        assert told in result.stderr
        assert "nothing was written" in result.stderr
        assert sorted(desk.folder.rglob("*")) == before
    assert "repeated_file" in desk.refused(f"--lines-out={desk.folder / 'claims.csv'}")
