"""The bulk-transfer file for the bank, in the layout of docs/reference/bank-file.md."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from portal.domain.money import Won

VERSION = "1"
COLUMNS = ("payment_id", "bank_code", "account_number", "holder", "amount", "memo")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment; `payment_id` is ours, and the bank's answer names it again."""

    payment_id: str
    bank_code: str
    account_number: str
    holder: str
    amount: Won
    memo: str


@dataclass(frozen=True, slots=True)
class TransferFile:
    """One payment run. The file states count and total twice, first and last, so that a cut file is noticed."""

    reference: str
    created_on: date
    transfers: tuple[Transfer, ...]

    @property
    def total(self) -> Won:
        return sum(transfer.amount for transfer in self.transfers)


def check(file: TransferFile) -> None:
    """ValueError for an empty file, an amount that is not positive, an id twice, or a bank code or account number that
    is not digits: what a bank cannot read is not sent.
    """
    ids = [transfer.payment_id for transfer in file.transfers]
    if not ids or len(set(ids)) != len(ids) or any(transfer.amount <= 0 for transfer in file.transfers):
        raise ValueError("a bank file has transfers, each with an id of its own and a positive amount")
    if not all(_addressed(transfer) for transfer in file.transfers):
        raise ValueError("a transfer goes to a bank code of three digits and an account number of digits")


def render(file: TransferFile) -> bytes:
    """UTF-8 without BOM, CRLF, one header record, the column names, one row per transfer, one trailer record.

    The same file gives the same bytes. ValueError for what `check` refuses.
    """
    check(file)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    count, total = len(file.transfers), file.total
    writer.writerow(("IEUM-TRANSFER", VERSION, file.reference, file.created_on.isoformat(), count, total))
    writer.writerow(COLUMNS)
    for transfer in file.transfers:
        writer.writerow(
            (
                transfer.payment_id,
                transfer.bank_code,
                transfer.account_number,
                _plain(transfer.holder),
                transfer.amount,
                _plain(transfer.memo),
            )
        )
    writer.writerow(("IEUM-END", file.reference, count, total))
    return out.getvalue().encode()


def _addressed(transfer: Transfer) -> bool:
    bank, account = transfer.bank_code, transfer.account_number
    return len(bank) == 3 and (bank + account).isascii() and bank.isdigit() and account.isdigit()


def _plain(text: str) -> str:
    """Text that no spreadsheet runs as a formula and that stays in its row."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] in ("=", "+", "-", "@") else line
