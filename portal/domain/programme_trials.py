"""Trying a programme on a made-up merchant and month: what is asked, and what came of it. Nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.domain.announcements import DocumentRequirement
from portal.domain.assessment import ExplainedLine, Reason
from portal.domain.eligibility import Applicant
from portal.domain.errors import Problem
from portal.domain.money import E4, Won
from portal.domain.periods import Month
from portal.domain.trial_choices import Choice, Contest

MAX_ORDERS = 2_000  # in all rows together: enough for any cap, and quick


@dataclass(frozen=True, slots=True)
class MadeUpOrders:
    """So many orders of one kind, spread over the month; amounts in won, each."""

    number: int
    platform: str
    channel: str
    payment_method: str
    order_amount: Won
    delivery_fee: Won
    delivery_support: Won
    promotion_cost: Won
    promotion_support: Won


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: the applicant as known on a day, the orders of a month, the way of applying, the answers to the
    programme's own questions, and who else applies.
    """

    applicant: Applicant
    on: date
    month: Month
    orders: Sequence[MadeUpOrders]
    track: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    contest: Contest = field(default_factory=Contest)


@dataclass(slots=True)
class Outcome:
    """What became of a row of orders for one item; amounts in e4, `cuts` by what cut, its period and article."""

    row: int
    item: str
    cost: Won = 0
    before_e4: int = 0
    amount_e4: int = 0
    reasons: Counter[Reason] = field(default_factory=Counter)
    cuts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    articles: dict[str, None] = field(default_factory=dict)

    def add(self, line: ExplainedLine) -> None:
        """One more order of the row."""
        self.cost += line.basis
        self.before_e4 += line.amount_before_caps_e4
        self.amount_e4 += line.amount_e4
        self.reasons[line.reason] += 1
        if line.legal:
            self.articles[line.legal] = None
        for cut in line.cuts:
            self.cuts[cut.what, cut.per, cut.legal] += cut.taken_e4


@dataclass(frozen=True, slots=True)
class Tried:
    """Findings as they are stored for an application; outcomes by row and item; the month's exact sum and what is paid.

    `grant`: what a decision commits at most, to which payments are held as well. `said`: the questions that the answers
    led to, with them; `missing`: what the application would be sent back for; `papers`: those it has to bring.
    """

    findings: Sequence[Mapping[str, object]]
    eligible: bool | None
    outcomes: Sequence[Outcome]
    exact_e4: int
    payable: Won
    grant: Won
    said: Sequence[tuple[str, str]]
    missing: Sequence[Problem]
    papers: Sequence[DocumentRequirement]
    choice: Choice

    @property
    def paid(self) -> Won:
        """What one month brings under the grant."""
        return min(self.payable, self.grant)

    @property
    def exact_won(self) -> str:
        return f"{self.exact_e4 // E4:,}"
