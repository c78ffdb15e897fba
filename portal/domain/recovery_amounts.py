"""What a recovery comes to: principal by payment and source, interest, surcharge, late charge, and who gets a receipt.

Pure. Every sum is cut below ten won once, at its whole (국고금 관리법 제47조), and spread so that the parts
re-add exactly.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import TypeVar

from portal.domain.errors import Incomplete, Problem
from portal.domain.money import Won, allocate, round_down
from portal.domain.periods import Month, first_day, month_of, months
from portal.domain.recoveries import ChargeKind, Instalment
from portal.domain.recovery_rates import Cause, LateRule, Rates, Rule, act_of

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PaidBack:
    """A payment of the bank: what each source gave, and what of it no case has asked back. `claimed`: when drawn up."""

    payment_id: int
    claimed: Month
    shares: Mapping[str, Won]
    left: Mapping[str, Won]


@dataclass(frozen=True, slots=True)
class Part:
    """Principal that one source gets back of one payment."""

    payment_id: int
    source: str
    claimed: Month
    principal: Won


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of an order, with all it rests on: `base` won x `percent` (a year, for `months`, where interest)."""

    kind: ChargeKind
    source: str
    amount: Won
    act: str
    article: str
    base: Won
    percent: str = ""
    months: int = 0
    valid_from: date | None = None
    check: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """Won of each kind, in the order in which receipts pay them off: the budget's own money first."""

    principal: Won = 0
    interest: Won = 0
    surcharge: Won = 0
    late: Won = 0

    @property
    def total(self) -> Won:
        return self.principal + self.interest + self.surcharge + self.late

    def less(self, other: Owed) -> Owed:
        return Owed(*(getattr(self, each.name) - getattr(other, each.name) for each in fields(Owed)))

    def pay(self, amount: Won) -> Owed:
        """How an amount falls on what is owed. Incomplete where it is more, or nothing."""
        if not 0 < amount <= self.total:
            raise Incomplete(problems=[Problem("receipt_over_owed", "amount", f"{self.total:,}")])
        paid = []
        for each in fields(Owed):
            paid.append(min(amount, getattr(self, each.name)))
            amount -= paid[-1]
        return Owed(*paid)


def split_back(amount: Won, shares: Mapping[K, Won], left: Mapping[K, Won]) -> dict[K, Won]:
    """`amount` won by source (or by part), in the ratio of the `shares` and never more than is `left` of each.

    Single won that one has not left move to the others in their order. Incomplete where all have less together.
    """
    parts = dict(zip(shares, allocate(amount, list(shares.values())), strict=True))
    parts = {source: min(won, left.get(source, 0)) for source, won in parts.items()}
    for source, won in parts.items():
        parts[source] = won + min(amount - sum(parts.values()), left.get(source, 0) - won)
    if sum(parts.values()) != amount:
        raise Incomplete(problems=[Problem("recovery_over_paid", "amount", f"{sum(left.values()):,}")])
    return parts


def parts_of(amount: Won, payments: Iterable[PaidBack]) -> list[Part]:
    """The principal over a month's payments, in the order given. Incomplete where they come to less."""
    parts, missing = [], amount
    for paid in payments:
        here = min(missing, sum(paid.left.values()))
        for source, won in split_back(here, paid.shares, paid.left).items() if here else ():
            if won:
                parts.append(Part(paid.payment_id, source, paid.claimed, won))
        missing -= here
    if missing or not parts:
        raise Incomplete(problems=[Problem("recovery_over_paid", "amount", f"{amount - missing:,}")])
    return parts


def charges(
    parts: Sequence[Part],
    cause: Cause,
    *,
    noticed: Month,
    on: date,
    rates: Rates,
    unit: Won,
    waive_surcharge: bool = False,
) -> list[Charge]:
    """Every line of the order: principal by source, then what the Act of each source adds for the cause."""
    by_source: dict[str, Won] = {}
    for part in parts:
        by_source[part.source] = by_source.get(part.source, 0) + part.principal
    rules = {source: rates.rule(act_of(source), cause, on) for source in by_source}
    lines = [
        Charge(ChargeKind.PRINCIPAL, source, won, rules[source].act, rules[source].article, won)
        for source, won in by_source.items()
    ]
    lines += _interest([part for part in parts if rules[part.source].interest], rules, noticed, rates, unit)
    if not waive_surcharge:
        lines += _surcharges(by_source, rules, unit)
    return lines


def interest_months(claimed: Month, noticed: Month) -> list[Month]:
    """From the month of the claim to the month before the notice (공공재정환수법 시행령); none within one month."""
    return months(claimed, month_of(first_day(noticed) - timedelta(days=1)))


def late_percent(rule: LateRule, due_on: date, on: date) -> Decimal:
    """What is added on a day: nothing until the deadline, then by days, a month, and each month begun; capped."""
    if on <= due_on:
        return Decimal(0)
    if on <= due_on + timedelta(days=rule.first_days):
        return min(rule.first_percent, rule.cap_percent)
    begun = 1
    while on > _months_later(due_on, begun):
        begun += 1
    return min(rule.month_percent + rule.further_percent * (begun - 1), rule.cap_percent)


def late_charges(
    unpaid: Mapping[str, Won], before: Mapping[str, Decimal], *, due_on: date, on: date, rates: Rates, unit: Won
) -> list[Charge]:
    """What is to be added on a day, by source: on what is `unpaid`, the per cent above those charged `before`.

    `percent` of a line is the whole of today, so that the next one starts from there.
    """
    rules = {source: rates.late_rule(act_of(source), on) for source in unpaid}
    percents = {source: late_percent(rule, due_on, on) for source, rule in rules.items()}
    exact = [
        won * max(Fraction(0), Fraction(percents[source]) - Fraction(before.get(source, Decimal(0)))) / 100
        for source, won in unpaid.items()
    ]
    return [
        Charge(
            ChargeKind.LATE, source, won, rules[source].act, rules[source].article, unpaid[source],
            percent=_plain(percents[source]), valid_from=rules[source].valid_from, check=rules[source].check,
        )
        for source, won in zip(unpaid, _spread(exact, unit), strict=True)
        if won
    ]  # fmt: skip


def owed(lines: Iterable[Charge]) -> Owed:
    """The lines of an order added up by kind."""
    sums = dict.fromkeys(ChargeKind, 0)
    for line in lines:
        sums[line.kind] += line.amount
    return Owed(*(sums[kind] for kind in ChargeKind))


def net(shares: Mapping[str, Won], awaited: Iterable[tuple[int, str, Won]]) -> dict[int, Won]:
    """Part id -> won to be netted against a payment: each source against its own, oldest first (`awaited`)."""
    room, taken = dict(shares), {}
    for part_id, source, won in awaited:
        here = min(won, room.get(source, 0))
        if here > 0:
            taken[part_id] = here
            room[source] -= here
    return taken


def instalment_problems(schedule: Sequence[Instalment], outstanding: Won, *, on: date) -> list[Problem]:
    """What is wrong with a schedule: too short, not rising, in the past, or not adding up to what is owed."""
    if len(schedule) < 2:
        return [Problem("instalments_too_few", "lines")]
    dates = [each.due_on for each in schedule]
    problems = []
    if dates[0] <= on or any(later <= earlier for earlier, later in pairwise(dates)):
        problems.append(Problem("instalments_order", "lines"))
    if any(each.amount <= 0 for each in schedule):
        problems.append(Problem("instalments_amount", "lines"))
    total = sum(each.amount for each in schedule)
    if total != outstanding:
        problems.append(Problem("instalments_sum", "lines", f"{total:,} / {outstanding:,}"))
    return problems


def next_due(schedule: Sequence[Instalment], owed_now: Won) -> date:
    """By when the next instalment is to be paid, when so much is still owed; the last day where all were paid."""
    later = sum(each.amount for each in schedule)
    for each in schedule:
        later -= each.amount
        if owed_now > later:
            return each.due_on
    return schedule[-1].due_on


def _interest(
    parts: Sequence[Part], rules: Mapping[str, Rule], noticed: Month, rates: Rates, unit: Won
) -> list[Charge]:
    """A line for each source, month of the claim and rate; the rate of a month is the one in force on its first day."""
    bases: Counter[tuple[str, Month]] = Counter()
    for part in parts:
        bases[part.source, part.claimed] += part.principal
    rows = [
        (source, base, rate, number)
        for (source, claimed), base in bases.items()
        for rate, number in Counter(
            rates.interest_on(first_day(month)) for month in interest_months(claimed, noticed)
        ).items()
    ]
    exact = [base * Fraction(rate.percent) / 100 * number / 12 for _, base, rate, number in rows]
    return [
        Charge(
            ChargeKind.INTEREST, source, won, rules[source].act, f"{rules[source].article}; {rate.article}", base,
            percent=_plain(rate.percent), months=number, valid_from=rate.valid_from,
            check=rate.check or rules[source].check,
        )
        for (source, base, rate, number), won in zip(rows, _spread(exact, unit), strict=True)
        if won
    ]  # fmt: skip


def _surcharges(by_source: Mapping[str, Won], rules: Mapping[str, Rule], unit: Won) -> list[Charge]:
    exact = [won * Fraction(rules[source].surcharge_percent) / 100 for source, won in by_source.items()]
    lines = []
    for (source, base), won in zip(by_source.items(), _spread(exact, unit), strict=True):
        rule = rules[source]
        if won:
            lines.append(
                Charge(
                    ChargeKind.SURCHARGE, source, won, rule.act, rule.surcharge_article, base,
                    percent=_plain(rule.surcharge_percent), valid_from=rule.valid_from, check=rule.check,
                )
            )  # fmt: skip
    return lines


def _spread(exact: Sequence[Fraction], unit: Won) -> list[Won]:
    """The whole cut to the unit, over its parts in proportion."""
    common = lcm(*(each.denominator for each in exact)) if exact else 1
    return allocate(round_down(int(sum(exact)), unit), [int(each * common) for each in exact])


def _months_later(on: date, number: int) -> date:
    """The same day so many months later, or the last day of a shorter month (민법 제160조)."""
    years, month = divmod(on.month - 1 + number, 12)
    year = on.year + years
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def _plain(percent: Decimal) -> str:
    return f"{percent.normalize():f}"
