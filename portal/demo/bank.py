"""The demo's bank: answers a released run with a results file, as described in docs/reference/bank-file.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from forms.bank_results import parse_bank_results
from portal.domain.bank_results import ImportBankResults
from portal.models.payments import PaymentRun

COLUMNS = "payment_id,result,reason_code,bank_reference,executed_on,amount"
REASONS = {"done": "", "refused": "ACCOUNT_CLOSED", "unknown": "TIMEOUT"}


def answer(run: PaymentRun, mishaps: Mapping[int, str], *, executed_on: date) -> ImportBankResults:
    """All transfers done, but for `mishaps`: place in the run -> refused or unknown."""
    rows = [
        _row(payment.reference, mishaps.get(place, "done"), payment.amount, executed_on)
        for place, payment in enumerate(run.payments)
    ]
    head = f"IEUM-RESULT,1,{run.reference},{run.payment_count},{run.total}"
    content = "\r\n".join([head, COLUMNS, *rows, ""]).encode()
    filename = f"{run.reference}-results.csv"
    return ImportBankResults(filename, content, parse_bank_results(content, filename))


def _row(reference: str, result: str, amount: int, executed_on: date) -> str:
    done = result == "done"
    cells = (
        reference,
        result,
        REASONS[result],
        f"BK{reference[-12:]}" if done else "",
        executed_on.isoformat() if done else "",
        str(amount),
    )
    return ",".join(cells)
