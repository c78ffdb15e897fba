"""The bank's results are taken whole or not at all, and every problem of a file is listed."""

from __future__ import annotations

from datetime import date

import pytest

from forms.bank_results import parse_bank_results
from portal.domain.bank_results import BankAnswer, BankResult
from portal.domain.errors import FileRefused

NAMES = "payment_id,result,reason_code,bank_reference,executed_on,amount"
DONE = "P-1,done,,KB20260715-1,2026-07-15,49990"
REFUSED = "P-2,refused,R03,,,30000"
UNKNOWN = "P-3,unknown,,,,10"


def file(*rows: str, first: str = "", names: str = NAMES) -> bytes:
    total = sum(int(row.rsplit(",", 1)[1]) for row in rows if row.rsplit(",", 1)[1].isdigit())
    first = first or f"IEUM-RESULT,1,RUN-2026-07-1,{len(rows)},{total}"
    return "\n".join([first, names, *rows, ""]).encode()


def codes(content: bytes) -> list[tuple[str, str, int | None]]:
    with pytest.raises(FileRefused) as refusal:
        parse_bank_results(content, "results.csv")
    assert all(problem.file in ("results.csv", "") for problem in refusal.value.problems)
    return [(problem.code, problem.field, problem.row) for problem in refusal.value.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_a_good_file_becomes_results(encoding: str, end: str) -> None:
    content = file(DONE, REFUSED, UNKNOWN).decode().replace("\n", end).encode(encoding)
    results = parse_bank_results(content)
    assert (results.run_id, results.count, results.total) == ("RUN-2026-07-1", 3, 80_000)
    assert results.of(BankAnswer.DONE) == (
        BankResult("P-1", BankAnswer.DONE, "", "KB20260715-1", date(2026, 7, 15), 49_990),
    )
    assert [result.result for result in results.results] == [BankAnswer.DONE, BankAnswer.REFUSED, BankAnswer.UNKNOWN]


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ("P-1,paid,,B-1,2026-07-15,1", "unknown_result", "result"),
        ("P-1,DONE,,B-1,2026-07-15,1", "unknown_result", "result"),
        (",done,,B-1,2026-07-15,1", "missing_value", "payment_id"),
        ("=1+1,done,,B-1,2026-07-15,1", "bad_reference", "payment_id"),
        ("P-1,done,,,2026-07-15,1", "missing_value", "bank_reference"),
        ("P-1,done,,B-1,,1", "missing_value", "executed_on"),
        ("P-1,done,,B-1,2026-02-30,1", "not_a_date", "executed_on"),
        ("P-1,done,,B-1,20260715,1", "not_a_date", "executed_on"),
        ("P-1,done,,B-1,2026-07-15,1.0", "not_an_integer", "amount"),
        ("P-1,done,,B-1,2026-07-15,-1", "not_an_integer", "amount"),
        ("P-1,done,,B-1,2026-07-15,", "missing_value", "amount"),
        ("P-1,refused,,,,1", "missing_value", "reason_code"),
        ("P-1,refused,R01,,2026-07-15,1", "not_executed", "executed_on"),
        ("P-1,unknown,,,2026-07-15,1", "not_executed", "executed_on"),
        ("P-1,done,,B-1,1", "too_few_fields", ""),
        ("P-1,done,,B-1,2026-07-15,1,1", "too_many_fields", ""),
    ],
)
def test_a_bad_row_is_named_with_its_column(row: str, code: str, field: str) -> None:
    assert codes(file(DONE.replace("P-1", "P-0"), row)) == [(code, field, 2)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf\n ,\n", "empty_file"),
        (file(DONE, first="IEUM-RESULT,2,RUN-1,1,49990"), "not_a_results_file"),
        (file(DONE, first="IEUM-PAYMENT,1,RUN-1,1,49990"), "not_a_results_file"),
        (file(first="IEUM-RESULT,1,RUN-1,0,0"), "no_results"),
        (file(DONE, first="IEUM-RESULT,1,RUN-1,2,49990"), "count_differs"),
        (file(DONE, first="IEUM-RESULT,1,RUN-1,1,49991"), "total_differs"),
        (file(DONE, first="IEUM-RESULT,1,../1,1,49990"), "bad_reference"),
        (file(DONE, first="IEUM-RESULT,1,RUN-1,one,49990"), "not_an_integer"),
        (file(DONE, names=NAMES.replace("amount", "won")), "missing_column"),
        (file(DONE, DONE), "repeated_payment"),
        (file(DONE) + b"\x00", "wrong_type"),
        (file(DONE) + b'P-2,"', "bad_quotes"),
        (file(DONE) + b"P-2,\xff\xff", "bad_encoding"),
        (b"x" * (11 << 20), "too_large"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(content: bytes, code: str) -> None:
    assert code in [found for found, _, _ in codes(content)]


def test_all_bad_rows_are_listed_at_once() -> None:
    assert codes(file("P-1,x,,,,1", DONE, "P-3,y,,,,z")) == [
        ("unknown_result", "result", 1),
        ("unknown_result", "result", 3),
        ("not_an_integer", "amount", 3),
    ]
