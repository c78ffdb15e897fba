"""What a programme accounts for after its year (정산보고서, 실적보고서): spent and given back apart, source by source.

지방보조금법 시행령 제9조, 보조금법 시행령 제12조.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Problem
from portal.domain.execution import Execution, Row
from portal.domain.money import Won
from portal.domain.statistics import Funnel, TotalsDiffer


@dataclass(frozen=True, slots=True)
class Spent:
    """A disbursement: our bank reference, whose month it paid for, and won by funding source. `payee` is masked."""

    reference: str
    payee: str
    period: str
    paid_on: date
    shares: Mapping[str, Won]

    @property
    def won(self) -> Won:
        return sum(self.shares.values())


@dataclass(frozen=True, slots=True)
class Item:
    """One cost item (비목): supported deliveries or promotions, and won."""

    label: str
    lines: int
    won: Won


@dataclass(frozen=True, slots=True)
class Programme:
    """What the report says about the project. `ended_on`: the project's end or that of the budget year."""

    code: str
    name: str
    notice_no: str
    legal_basis: str
    cost: str
    contact: str
    ended_on: date
    due_on: date
    due_by: str


@dataclass(frozen=True, slots=True)
class FinalReport:
    """All of it. `merchants` were paid at least once; `funnel` counts the programme's applications of all years."""

    programme: Programme
    execution: Execution
    items: tuple[Item, ...]
    spent: tuple[Spent, ...]
    merchants: int
    funnel: Funnel

    @property
    def total(self) -> Row:
        return self.execution.total

    @property
    def disbursed(self) -> Won:
        """What went out, before anything came back."""
        return sum(each.won for each in self.spent)


def check(report: FinalReport) -> FinalReport:
    """The same report if its list, its items and its budget rows are the same money. Raises TotalsDiffer."""
    in_ledger = report.total.paid + report.total.returned
    itemised = sum(item.won for item in report.items)
    if not report.disbursed == itemised == in_ledger:
        found = f"{report.disbursed} / {itemised} / {in_ledger}"
        raise TotalsDiffer(problems=[Problem("paid_differ", report.programme.code, found)])
    return report
