"""How a year's budget was carried out by the end of a month (예산집행현황), and when it is accounted for.

Made of ledger movements alone; it refuses to exist where these do not add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.domain.deadlines import Holidays, next_working_day
from portal.domain.errors import Problem
from portal.domain.ledger import Account, PostingKind
from portal.domain.money import Won
from portal.domain.periods import Month, korean_date, last_day
from portal.domain.statistics import Rate, TotalsDiffer

_OPENING = (PostingKind.APPROPRIATE,)
_BACK = (PostingKind.RECOVER, PostingKind.RECOVER_LATE)
_CLOSES = (PostingKind.TRANSFER_IN, PostingKind.TRANSFER_OUT, PostingKind.REDUCE)  # brought, carried, lapsed


@dataclass(frozen=True, slots=True)
class Movement:
    """Won of one kind on one line, posted in `this_month` or before.

    `opening`: the year's first appropriation; `closing`: made by closing a year, this one or the one before.
    """

    line_id: int
    kind: PostingKind
    debit: Account
    credit: Account
    opening: bool
    closing: bool
    this_month: bool
    won: Won


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line that a report is about."""

    line_id: int
    programme_code: str
    programme: str
    fiscal_year: int
    source: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One source of a programme in won, up to the end of the month.

    `original` 당초예산, `changed` 추경·이체 (below 0 where lowered), `brought` 전년도 이월액, `granted` 교부결정액
    (promised, paid or not), `paid_before` and `paid_now` what reached merchants before and in the month, less what came
    back; `returned` of it was recovered (환수), whenever. What the bank could not deliver (반송) was never paid.
    Closing the year made `carried` 다음 연도 이월액 and `lapsed` 불용액.
    """

    programme_code: str
    programme: str
    fiscal_year: int
    source: str
    label: str
    original: Won
    changed: Won
    brought: Won
    granted: Won
    paid_before: Won
    paid_now: Won
    returned: Won
    carried: Won
    lapsed: Won

    @property
    def appropriated(self) -> Won:
        """예산현액; closing the year does not lower it."""
        return self.original + self.changed + self.brought

    @property
    def closed_out(self) -> Won:
        """이월·불용액."""
        return self.carried + self.lapsed

    @property
    def paid(self) -> Won:
        """실집행 누계."""
        return self.paid_before + self.paid_now

    @property
    def left(self) -> Won:
        """집행잔액: 예산현액 less what was paid and what the year's closing gave away."""
        return self.appropriated - self.paid - self.closed_out

    @property
    def grant_rate(self) -> Rate:
        return Rate(self.granted, self.appropriated)

    @property
    def paid_rate(self) -> Rate:
        return Rate(self.paid, self.appropriated)


@dataclass(frozen=True, slots=True)
class Execution:
    """예산집행현황 of an organisation's budget year at the end of a month. `cut_off`: the last ledger entry counted."""

    organisation: str
    organisation_code: str
    fiscal_year: int
    month: Month
    as_of: datetime
    cut_off: int
    rows: tuple[Row, ...]

    @property
    def upto(self) -> date:
        """The month's end, or the day of the report where the month still runs."""
        return min(last_day(self.month), korean_date(self.as_of))

    @property
    def total(self) -> Row:
        return together(self.rows)

    def by_programme(self) -> list[tuple[str, tuple[Row, ...]]]:
        """The rows of each programme, in order."""
        codes = dict.fromkeys((row.programme_code, row.programme) for row in self.rows)
        return [(name, tuple(row for row in self.rows if row.programme_code == code)) for code, name in codes]


def rows(lines: Sequence[Line], movements: Iterable[Movement]) -> tuple[Row, ...]:
    """A row for each line. Raises TotalsDiffer where a line's accounts do not add up to its appropriation."""
    found: dict[int, list[Movement]] = {line.line_id: [] for line in lines}
    for movement in movements:
        found[movement.line_id].append(movement)
    return tuple(_row(line, found[line.line_id]) for line in lines)


def together(rows: Sequence[Row]) -> Row:
    """Their sum, as a row named 합계; zeros where there are none."""
    names = ("original", "changed", "brought", "granted", "paid_before", "paid_now", "returned", "carried", "lapsed")
    return Row("", "", 0, "", "합계", *(sum(getattr(row, name) for row in rows) for name in names))


def report_due_on(ended_on: date, months: int, holidays: Holidays) -> date:
    """By when an Act wants the report: so many months after the end, the first day not counted.

    The day before the one with the same number, or the month's last where it has none (민법 제160조), moved to a
    working day (제161조).
    """
    starts = ended_on + timedelta(days=1)
    year, month = divmod(starts.year * 12 + starts.month - 1 + months, 12)
    last = last_day(f"{year:04d}-{month + 1:02d}")
    due = last if starts.day > last.day else last.replace(day=starts.day) - timedelta(days=1)
    return next_working_day(due, holidays)


def _row(line: Line, movements: Sequence[Movement]) -> Row:
    accounts = _accounts(movements)
    before = _accounts([each for each in movements if not each.this_month])
    original = sum(each.won for each in movements if each.opening and each.kind in _OPENING)
    closed = {kind: sum(each.won for each in movements if each.closing and each.kind is kind) for kind in _CLOSES}
    standing = -accounts[Account.SOURCE]
    held = sum(accounts[each] for each in (Account.AVAILABLE, Account.COMMITTED, Account.PAID, Account.REVENUE))
    if held != standing:
        raise TotalsDiffer(problems=[Problem("paid_differ", line.label, f"{held} != {standing}")])
    brought, carried, lapsed = (closed[kind] for kind in _CLOSES)
    return Row(
        line.programme_code,
        line.programme,
        line.fiscal_year,
        line.source,
        line.label,
        original=original,
        changed=standing + carried + lapsed - original - brought,
        brought=brought,
        granted=accounts[Account.COMMITTED] + accounts[Account.PAID],
        paid_before=before[Account.PAID],
        paid_now=accounts[Account.PAID] - before[Account.PAID],
        returned=sum(each.won for each in movements if each.kind in _BACK),
        carried=carried,
        lapsed=lapsed,
    )


def _accounts(movements: Iterable[Movement]) -> Mapping[Account, Won]:
    """Balances that these movements make, as they stand in the ledger."""
    balances = dict.fromkeys(Account, 0)
    for movement in movements:
        balances[movement.debit] += movement.won
        balances[movement.credit] -= movement.won
    return balances
