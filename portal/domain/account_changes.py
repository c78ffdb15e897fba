"""Another account for a merchant's money: it waits some working days, unless two officials confirm it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.domain.deadlines import Holidays, next_working_day

SHOWN = timedelta(days=90)  # so long the owner's first page says that the account was changed


@dataclass(frozen=True, slots=True)
class CorrectAccount:
    """What an owner states whose payment failed."""

    bank_code: str
    account_number: str = field(repr=False)
    account_holder: str


def payable_from(changed_on: date, periods: Iterable[tuple[date, int]], holidays: Holidays) -> date:
    """The first day on which a changed account is paid: so many working days after the change.

    `periods`: from which day on how many; the last that had begun counts. ValueError where none had.
    """
    days = max((row for row in periods if row[0] <= changed_on), default=None)
    if days is None:
        raise ValueError(f"no cooling period is known for {changed_on}")
    day = changed_on
    for _ in range(days[1]):
        day = next_working_day(day + timedelta(days=1), holidays)
    return day
