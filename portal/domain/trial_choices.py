"""What the decision basis of a programme would do with a made-up applicant among others: the very rules that choose.

Everybody else is taken to be granted as much as the applicant; nothing is stored, and a lot drawn here is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.domain import lotteries
from portal.domain.announcements import Announcement
from portal.domain.errors import Problem
from portal.domain.money import Won
from portal.domain.periods import fiscal_year
from portal.domain.rankings import Outcome, Wanted, choose, sheet_problems
from portal.domain.selection_rules import SelectionRules

MOST_OTHERS = 20_000
ME = 0


class Way(StrEnum):
    """How it is decided who gets the money."""

    ALL = "all"
    FIRST_COME = "first_come"
    SCORED = "scored"
    LOTTERY = "lottery"


@dataclass(frozen=True, slots=True)
class Contest:
    """Who else is there: `others` stand before the applicant, by number or score; of a lottery, they draw along.

    `points`: of the applicant, by criterion; `requested`: won, None for as much as there may be.
    """

    others: int = 0
    points: Mapping[str, int | None] = field(default_factory=dict)
    requested: Won | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """What came of it: `place` among `of` applicants; `score` of a scored one, `amount` what would be granted."""

    way: Way
    outcome: Outcome
    place: int
    of: int
    amount: Won
    score: int | None = None


def way_of(announcement: Announcement) -> Way:
    """The decision basis of a programme."""
    if announcement.selection is not None:
        return Way(announcement.selection.basis.value)
    return Way.FIRST_COME if announcement.call.first_come else Way.ALL


def problems_in(announcement: Announcement, contest: Contest) -> list[Problem]:
    """What is wrong with what was entered of the contest."""
    found = [Problem("trial_others", "rivals", f"{MOST_OTHERS:,}")] if contest.others > MOST_OTHERS else []
    if announcement.selection is not None and announcement.selection.scored:
        found += sheet_problems(contest.points, announcement.selection)
    return found


def decide(announcement: Announcement, shares: Mapping[str, Decimal], contest: Contest, code: str, on: date) -> Choice:
    """The choice on a day, while all of that year's budget is there; of scores, where these points are the average."""
    way, rules = way_of(announcement), announcement.selection
    wanted = contest.requested if contest.requested is not None else announcement.grant.amount
    amount = announcement.grant.amount_for(wanted)
    place = _drawn(code, contest.others) if way is Way.LOTTERY else contest.others + 1
    score = sum(points or 0 for points in contest.points.values()) if rules is not None and rules.scored else None
    passed = score is None or rules is None or score >= rules.pass_mark
    line = [Wanted(number, amount) for number in range(1, place)] + [Wanted(ME, amount, passed)]
    outcomes = choose(
        line, shares, _left(announcement, on),
        places=rules.places if rules else None,
        reserve=_reserve(way, rules, place),
        last_place=announcement.call.last_place,
    )  # fmt: skip
    return Choice(way, outcomes[ME], place, contest.others + 1, amount, score)


def _reserve(way: Way, rules: SelectionRules | None, place: int) -> int:
    """Whoever came too late for the money waits, however many they are."""
    return place if way is Way.FIRST_COME else rules.reserve if rules else 0


def _left(announcement: Announcement, on: date) -> dict[str, Won]:
    years = {line.fiscal_year for line in announcement.budget}
    year = fiscal_year(on) if fiscal_year(on) in years else min(years, default=fiscal_year(on))
    found: dict[str, Won] = {}
    for line in announcement.budget:
        if line.fiscal_year == year:
            found[line.source] = found.get(line.source, 0) + line.amount
    return found


def _drawn(code: str, others: int) -> int:
    """The applicant's place in a rehearsal of the draw; the same for the same programme and number of others."""
    numbers = [f"{number:06d}" for number in range(others + 1)]
    seed = hashlib.sha256(code.encode()).hexdigest()
    sealed = lotteries.commitment(seed, lotteries.list_hash(numbers))
    drawn = lotteries.draw(numbers, seed, "trial", announced=sealed)
    return next(each.place for each in drawn if each.number == numbers[ME])
