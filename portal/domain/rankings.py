"""From score sheets to a ranking, and from a ranking to who is chosen: pure, and exact to the last fraction.

Totals are averages of whole points kept as fractions; they are rounded where they are shown, never where they decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portal.domain.errors import Incomplete, Problem
from portal.domain.funding import split
from portal.domain.money import Won
from portal.domain.reservations import to_commit
from portal.domain.selection_rules import SelectionRules


class Outcome(StrEnum):
    """What became of a candidate. `reserve`: 예비, moves up in its order when somebody drops out."""

    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    BELOW_MARK = "below_mark"
    LEFT = "left"  # withdrawn or rejected before it was chosen


@dataclass(frozen=True, slots=True)
class Sheet:
    """One assessor's points for one candidate, by criterion code."""

    candidate: int
    assessor: int
    points: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.points.values())


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate's average and place; `rank` None: below the pass mark. `counted`: how many sheets made the average;
    `tied`: whether another has the same average, so that the tie rule decided.
    """

    candidate: int
    rank: int | None
    score: Fraction
    by_criterion: Mapping[str, Fraction]
    counted: int
    tied: bool

    @property
    def hundredths(self) -> int:
        """The average in hundredths of a point, half up, as it is shown."""
        return hundredths(self.score)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A candidate in the order of the ranking, and the won it would be granted; `passed`: reached the pass mark."""

    candidate: int
    amount: Won
    passed: bool = True


def hundredths(score: Fraction) -> int:
    """`Fraction(247, 3)` -> 8233: rounded half up."""
    return int(score * 100 + Fraction(1, 2))


def sheet_problems(points: Mapping[str, int | None], rules: SelectionRules) -> list[Problem]:
    """What is wrong with a sheet: every criterion has its points, none above its weight, and nothing else is scored."""
    found = [
        Problem("unknown_choice", f"points-{code}", code) for code in points.keys() - {c.code for c in rules.criteria}
    ]
    for each in rules.criteria:
        given = points.get(each.code)
        if given is None:
            found.append(Problem("required", f"points-{each.code}", each.name))
        elif not 0 <= given <= each.points:
            found.append(Problem("points_out_of_range", f"points-{each.code}", f"{each.name}: 0 ~ {each.points}"))
    return found


def rank(candidates: Mapping[int, int], sheets: Sequence[Sheet], rules: SelectionRules) -> list[Ranked]:
    """All candidates (id -> queue number), best first. Raises Incomplete where one has fewer sheets than it needs."""
    of = {candidate: [sheet for sheet in sheets if sheet.candidate == candidate] for candidate in candidates}
    short = [candidate for candidate, mine in of.items() if len({s.assessor for s in mine}) < rules.sheets_needed]
    if short:
        raise Incomplete(problems=[Problem("sheets_missing", value=f"{len(short)} / {rules.sheets_needed}")])
    counted = {candidate: _counted(mine, rules) for candidate, mine in of.items()}
    totals = {candidate: _average([sheet.total for sheet in mine]) for candidate, mine in counted.items()}
    parts = {
        candidate: {each.code: _average([sheet.points[each.code] for sheet in mine]) for each in rules.criteria}
        for candidate, mine in counted.items()
    }
    order = sorted(
        candidates,
        key=lambda one: (-totals[one], *(-parts[one][code] for code in rules.ties), candidates[one]),
    )
    found, place, averages = [], 0, list(totals.values())
    for candidate in order:
        passed = totals[candidate] >= rules.pass_mark
        place += passed
        tied = averages.count(totals[candidate]) > 1
        found.append(
            Ranked(candidate, place if passed else None, totals[candidate], parts[candidate],
                   len(counted[candidate]), tied)
        )  # fmt: skip
    return found


def choose(
    wanted: Sequence[Wanted],
    shares: Mapping[str, Decimal],
    left: Mapping[str, Won],
    *,
    places: int | None,
    reserve: int,
    last_place: str = "none",
) -> dict[int, Outcome]:
    """Down the ranking while there are places and money; the first who does not fit ends it, as in any waiting list.

    Nobody is chosen before somebody who ranks higher, even where the smaller grant would still have fitted. A call that
    grants no money (amount 0) is bound by its places alone.
    """
    outcomes: dict[int, Outcome] = {}
    room, open_places, waiting = dict(left), places, reserve
    for each in wanted:
        may = each.passed and open_places != 0
        won = to_commit(each.amount, last_place, shares, room) if may else 0
        selected = may and (won > 0 or each.amount == 0)
        if each.passed and (not selected or won < each.amount):
            open_places = 0
        elif selected and open_places is not None:
            open_places -= 1
        if selected:
            room = {source: has - split(won, shares).get(source, 0) for source, has in room.items()}
            outcomes[each.candidate] = Outcome.SELECTED
        elif not each.passed:
            outcomes[each.candidate] = Outcome.BELOW_MARK
        elif waiting:
            outcomes[each.candidate], waiting = Outcome.RESERVE, waiting - 1
        else:
            outcomes[each.candidate] = Outcome.NOT_SELECTED
    return outcomes


def _counted(sheets: Sequence[Sheet], rules: SelectionRules) -> Sequence[Sheet]:
    """The sheets that make the average: without one highest and one lowest where the rules say so."""
    if not rules.drop_extremes:
        return sheets
    return sorted(sheets, key=lambda sheet: (sheet.total, sheet.assessor))[1:-1]


def _average(numbers: Sequence[int]) -> Fraction:
    return Fraction(sum(numbers), len(numbers))
