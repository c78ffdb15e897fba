"""The bulk-transfer file: its layout to the byte, its two totals, and what it refuses to say to a bank."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from reports.bank_file import COLUMNS, Transfer, TransferFile, render

FIRST = Transfer("PAY-1", "011", "0012345678901", "홍길동", 113_560, "2026-10")
SECOND = Transfer("PAY-2", "004", "98765432101", "똠뷁 식당", 10_010, "2026-10")
FILE = TransferFile("RUN-7", date(2026, 11, 22), (FIRST, SECOND))

LAYOUT = """IEUM-TRANSFER,1,RUN-7,2026-11-22,2,123570\r
payment_id,bank_code,account_number,holder,amount,memo\r
PAY-1,011,0012345678901,홍길동,113560,2026-10\r
PAY-2,004,98765432101,똠뷁 식당,10010,2026-10\r
IEUM-END,RUN-7,2,123570\r
"""


def cells(holder: str) -> list[list[str]]:
    content = render(replace(FILE, transfers=(replace(FIRST, holder=holder),)))
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_the_file_is_the_documented_layout_to_the_byte_and_the_same_again() -> None:
    assert render(FILE) == render(FILE) == LAYOUT.encode()


@pytest.mark.parametrize("holder", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1"])
def test_a_holder_is_never_a_formula(holder: str) -> None:
    assert cells(holder)[2][3] == f"'{holder.strip()}"


@pytest.mark.parametrize("holder", ["a,b", 'the "shop"', "line\r\nIEUM-END,RUN-7,1,1", "\u2028"])
def test_a_holder_never_makes_a_record_of_its_own(holder: str) -> None:
    rows = cells(holder)
    assert [len(row) for row in rows] == [6, len(COLUMNS), len(COLUMNS), 4]
    assert rows[2][4] == "113560"


@pytest.mark.parametrize(
    "transfers",
    [
        (),
        (FIRST, FIRST),
        (replace(FIRST, amount=0),),
        (replace(FIRST, amount=-1),),
        (replace(FIRST, account_number="001-2345-678901"),),
        (replace(FIRST, account_number="*********8901"),),
        (replace(FIRST, account_number=""),),
        (replace(FIRST, account_number="１２３４５６７８９０"),),
        (replace(FIRST, bank_code="11"),),
        (replace(FIRST, bank_code="농협은"),),
    ],
)
def test_what_a_bank_could_misread_is_refused(transfers: tuple[Transfer, ...]) -> None:
    with pytest.raises(ValueError, match="transfer"):
        render(replace(FILE, transfers=transfers))
