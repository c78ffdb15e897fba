"""What the bank says became of the transfers of one payment run: done, refused, or not known yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.errors import Problem
from portal.domain.money import Won


class BankAnswer(StrEnum):
    """`unknown` is an answer too: asked about again, never sent again. `returned`: paid, then sent back."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class BankResult:
    """One transfer. `payment_id` is our reference in the bank file; `executed_on` the Korean date when it was done."""

    payment_id: str
    result: BankAnswer
    reason_code: str
    bank_reference: str
    executed_on: date | None
    amount: Won


@dataclass(frozen=True, slots=True)
class BankResults:
    """A whole results file: `run_id` is the run's reference, `count` and `total` what its first line states."""

    run_id: str
    count: int
    total: Won
    results: tuple[BankResult, ...]

    def of(self, answer: BankAnswer) -> tuple[BankResult, ...]:
        return tuple(result for result in self.results if result.result is answer)


@dataclass(frozen=True, slots=True)
class ImportBankResults:
    """The checked results with the bytes they came in, which are kept."""

    filename: str
    content: bytes
    results: BankResults


@dataclass(frozen=True, slots=True)
class Instructed:
    """What the bank was told of one run: on which Korean date, how much for each of our ids, and which it settled.

    `paid`: those of the settled ones that it said were done, which alone can come back.
    """

    reference: str
    on: date
    amounts: Mapping[str, Won]
    answered: Collection[str]
    paid: Collection[str] = ()


def problems_in(file: BankResults) -> Iterator[Problem]:
    """Everything in the file that contradicts itself; what our own records say about it is the service's to check.

    Codes: no_results, count_differs, total_differs (the first line against the rows), repeated_payment, missing_value
    (a done transfer without reference or date, a refused or returned one without reason), not_executed (a date on one
    that was not done).
    """
    if not file.results:
        yield Problem("no_results", field="results")
    if file.count != len(file.results):
        yield Problem("count_differs", field="count", value=f"{file.count} / {len(file.results)}")
    total = sum(result.amount for result in file.results)
    if file.total != total:
        yield Problem("total_differs", field="total", value=f"{file.total} / {total}")
    seen: set[str] = set()
    for row, result in enumerate(file.results, 1):
        if result.payment_id in seen:
            yield Problem("repeated_payment", field="payment_id", value=result.payment_id, row=row)
        seen.add(result.payment_id)
        yield from _row_problems(row, result)


def _row_problems(row: int, result: BankResult) -> Iterator[Problem]:
    done = result.result is BankAnswer.DONE
    if done and not result.bank_reference:
        yield Problem("missing_value", field="bank_reference", row=row)
    if done and result.executed_on is None:
        yield Problem("missing_value", field="executed_on", row=row)
    if result.result in (BankAnswer.REFUSED, BankAnswer.RETURNED) and not result.reason_code:
        yield Problem("missing_value", field="reason_code", row=row)
    if result.result in (BankAnswer.REFUSED, BankAnswer.UNKNOWN) and result.executed_on is not None:
        yield Problem("not_executed", field="executed_on", value=result.executed_on.isoformat(), row=row)


def problems_against(file: BankResults, told: Instructed, *, on: date) -> list[Problem]:
    """Everything in the file that does not fit what the bank was told; `on`: the Korean date of the import.

    Codes: other_run, unknown_payment, amount_differs, already_settled, not_paid (returned without having
    been done), executed_too_early (before the bank had it), date_in_future.
    """
    problems = [Problem("other_run", value=file.run_id)] if file.run_id != told.reference else []
    for row, result in enumerate(file.results, 1):
        problems += _mismatches(row, result, told, on)
    return problems


def _mismatches(row: int, result: BankResult, told: Instructed, on: date) -> Iterator[Problem]:
    name = result.payment_id
    if name not in told.amounts:
        yield Problem("unknown_payment", field="payment_id", value=name, row=row)
        return
    if result.amount != told.amounts[name]:
        yield Problem("amount_differs", field="amount", value=f"{result.amount} / {told.amounts[name]}", row=row)
    if result.result is BankAnswer.RETURNED:
        if name not in told.paid:
            yield Problem("not_paid", field="payment_id", value=name, row=row)
    elif name in told.answered:
        yield Problem("already_settled", field="payment_id", value=name, row=row)
    day = result.executed_on
    if day is not None and not told.on <= day <= on:
        code = "date_in_future" if day > on else "executed_too_early"
        yield Problem(code, field="executed_on", value=day.isoformat(), row=row)
