"""Reads an association's list of members from the cells of a table: one member a row, under headings in Korean."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from portal.domain import identifiers
from portal.domain.errors import FileRefused, Problem
from portal.domain.rosters import MOST_MEMBERS, Entry

# heading -> what of the entry stands under it, in the order of the form
COLUMNS: dict[str, str] = {
    "사업자등록번호": "business_number",
    "상호": "trade_name",
    "대표자": "representative",
    "대표자 생년월일": "born_on",
    "전화번호": "phone",
    "사업장 주소": "address",
    "업종": "industry_code",
    "개업일": "opened_on",
    "상시 근로자 수": "regular_workers",
    "은행": "bank_code",
    "계좌번호": "account_number",
    "예금주": "account_holder",
    "매장 번호": "store_id",
}
# What a heading was called before, and is in lists that associations already keep.
EARLIER: dict[str, str] = {"점포번호": "store_id"}
NEEDED = ("사업자등록번호", "상호")
HEADER_WITHIN = 10  # rows in which the headings are looked for
_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D*(?:0{1,2}:0{2}(?::0{2})?)?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Names:
    """What people write instead of codes: trades of one edition and banks, by code, as they are called."""

    edition: int
    industries: Mapping[str, str]
    banks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row, counted from 1 as a spreadsheet does: the entry that was read, or what is wrong with its cells."""

    number: int
    name: str
    entry: Entry | None
    problems: tuple[Problem, ...] = ()


def read(table: Sequence[Sequence[str]], names: Names, numbers: Collection[tuple[int, int]] = frozenset()) -> list[Row]:
    """The rows under the headings; empty ones are none. Raises FileRefused where no headings are found, or too many.

    `numbers`: cells (row, column) that a workbook kept as numbers: an account number there has lost its zeros.
    """
    head = next((at for at, row in enumerate(table[:HEADER_WITHIN]) if _is_header(row)), None)
    if head is None:
        raise FileRefused(problems=[Problem("roster_no_header", value=", ".join(NEEDED))])
    headings = [_plain(cell) for cell in table[head]]
    known = {_plain(heading): name for heading, name in (COLUMNS | EARLIER).items()}
    there = [known[heading] for heading in headings if heading in known]
    if twice := [heading for heading, name in COLUMNS.items() if there.count(name) > 1]:
        raise FileRefused(problems=[Problem("repeated_column", value=name) for name in twice])
    account = headings.index("계좌번호") if "계좌번호" in headings else -1
    found = []
    for number, row in enumerate(table[head + 1 :], head + 2):
        cells = {known[heading]: cell.strip() for heading, cell in zip(headings, row, strict=False) if heading in known}
        if any(cells.values()):
            found.append(_row(number, cells, names, as_number=(number - 1, account) in numbers))
    if not found:
        raise FileRefused(problems=[Problem("no_rows")])
    if len(found) > MOST_MEMBERS:
        raise FileRefused(problems=[Problem("too_many_rows", value=str(MOST_MEMBERS))])
    return found


def _row(number: int, cells: Mapping[str, str], names: Names, *, as_number: bool) -> Row:
    values: dict[str, Any] = {}
    wrong = [Problem("account_as_number", "account_number", row=number)] if as_number else []
    for name, cell in cells.items():
        if not cell:
            continue
        try:
            values[name] = _READERS.get(name, str)(cell)
        except ValueError as fault:
            wrong.append(Problem(str(fault), name, cell[:60], row=number))
    for name, known in (("industry_code", names.industries), ("bank_code", names.banks)):
        if name in values:
            values[name] = _code(values[name], known)
            if not values[name]:
                wrong.append(Problem("unknown_choice", name, cells[name][:60], row=number))
    shown = cells.get("trade_name") or cells.get("business_number", "")
    if wrong:
        return Row(number, shown, None, tuple(wrong))
    whole: dict[str, Any] = {"business_number": "", "trade_name": "", "industry_edition": names.edition, **values}
    return Row(number, shown, Entry(**whole))


def _is_header(row: Sequence[str]) -> bool:
    return {_plain(name) for name in NEEDED} <= {_plain(cell) for cell in row}


def _plain(text: str) -> str:
    return "".join(text.split())


def _code(text: str, known: Mapping[str, str]) -> str:
    """The code written, or that of the name written; empty where it is neither, or several are called so."""
    if text in known:
        return text
    same = [code for code, name in known.items() if _plain(name) == _plain(text)]
    return same[0] if len(same) == 1 else ""


def _day(text: str) -> date:
    """`2019-03-02`, `2019. 3. 2.`, `20190302`, or a spreadsheet's `2019-03-02 00:00:00`."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError("date_not_a_date")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("date_not_a_date") from None


def _workers(text: str) -> Decimal:
    try:
        return Decimal(text.removesuffix("명").strip())
    except InvalidOperation:
        raise ValueError("workers_not_halves") from None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "business_number": identifiers.normalise_business_number,
    "born_on": _day,
    "opened_on": _day,
    "phone": identifiers.normalise_phone,
    "regular_workers": _workers,
    "account_number": identifiers.normalise_account_number,
}
