"""What a business and its owner already received, across programmes and organisations (지방보조금법 제6조제3항).

For how many years back is dated data (acts.csv, `support_history`: 지방보조금법 시행령 제4조).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.domain.money import Won

HIDDEN_DIGITS = 5  # of another office's business number


@dataclass(frozen=True, slots=True)
class Received:
    """Won of one business from one programme in one budget year, as the ledger has it: `paid` through the bank, `back`
    of it returned or recovered, `promised` by a decision and not paid yet. `last_on`: of the last payment; `this`:
    whether it is the business asked about, else another one of the same person.
    """

    organisation_id: int
    organisation: str
    programme: str
    year: int
    this: bool
    business_number: str
    trade_name: str
    paid: Won
    back: Won
    promised: Won
    last_on: date | None
    application_id: int | None

    @property
    def kept(self) -> Won:
        return self.paid - self.back


@dataclass(frozen=True, slots=True)
class History:
    """`rows`: the latest year first, as told to one office. Sums in won over all of them."""

    since: date
    rows: Sequence[Received]

    @property
    def kept_here(self) -> Won:
        """What the business itself keeps."""
        return sum(row.kept for row in self.rows if row.this)

    @property
    def kept_by_owner(self) -> Won:
        return sum(row.kept for row in self.rows)

    @property
    def promised(self) -> Won:
        return sum(row.promised for row in self.rows)


def years_before(on: date, years: int) -> date:
    """The same day so many years earlier; 29 February counts from 1 March where there is none."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 3, 1)


def told_to(row: Received, organisation_id: int) -> Received:
    """What an office may see of a row: of another's programme who paid how much in which year, and no more.

    That is what keeps support from being paid twice. Neither the application, nor the day, nor the name of another
    business of the owner is needed for it; that one's number is shown in part.
    """
    if row.organisation_id == organisation_id:
        return row
    hidden = replace(row, application_id=None, last_on=None)
    if row.this:
        return hidden
    number = row.business_number[:-HIDDEN_DIGITS] + "*" * HIDDEN_DIGITS
    return replace(hidden, trade_name="", business_number=number)
