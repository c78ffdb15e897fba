"""The `[selection]` part of a programme file: who is chosen where not all can be, by scores (배점) or by lot (추첨).

Without the table everybody who meets the conditions is granted, while there is money.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.tables import Table

FULL_MARKS = 100  # what the criteria's points add up to, so that a pass mark reads the same everywhere
LEAST_ASSESSORS = 2
RECEIVED = "received"  # the last tie rule: the lower queue number


class Basis(StrEnum):
    SCORED = "scored"
    LOTTERY = "lottery"


@dataclass(frozen=True, slots=True)
class ScoreCriterion:
    """What is scored: from 0 to `points`, its weight out of 100; `description`: how to score it."""

    code: str
    name: str
    points: int
    description: str


@dataclass(frozen=True, slots=True)
class SelectionRules:
    """How it is chosen. `places`: how many at most, None: as many as there is money for; `reserve`: how many stand on
    the reserve list (예비) behind them.

    Scored: at least `assessors` sheets apart by person; an average below `pass_mark` is not chosen however much money
    is left; `drop_extremes`: without the highest and the lowest sheet; `ties`: criteria whose average decides between
    equal totals, one after the other, and then the lower queue number.
    """

    basis: Basis
    legal: str
    places: int | None
    reserve: int
    criteria: tuple[ScoreCriterion, ...] = ()
    assessors: int = LEAST_ASSESSORS
    pass_mark: int = 0
    drop_extremes: bool = False
    ties: tuple[str, ...] = ()

    @property
    def scored(self) -> bool:
        return self.basis is Basis.SCORED

    @property
    def tie_names(self) -> tuple[str, ...]:
        """The criteria of the tie rule by name, in their order."""
        names = {each.code: each.name for each in self.criteria}
        return tuple(names[code] for code in self.ties)

    @property
    def sheets_needed(self) -> int:
        """How many sheets a candidate needs: where two are dropped, as many as are asked for must be left."""
        return self.assessors + (2 if self.drop_extremes else 0)


def read_selection(root: Table, *, first_come: bool) -> SelectionRules | None:
    """The table of the document, None where there is none; what is wrong is noted in the tables' problems."""
    if not root.has("selection"):
        return None
    table = root.table("selection")
    basis = table.choice("basis", tuple(Basis))
    legal, reserve = table.text("legal"), table.integer("reserve", 0)
    places = table.integer("places", least=1) if table.has("places") else None
    if first_come:
        table.note("selection_with_first_come", "basis", basis)
    if basis == Basis.SCORED:
        rules = _scored(table, legal, places, reserve)
    else:
        rules = SelectionRules(Basis.LOTTERY, legal, places, reserve)
    if basis:
        table.finish()
    return rules


def _scored(table: Table, legal: str, places: int | None, reserve: int) -> SelectionRules:
    criteria = tuple(_criterion(each) for each in table.tables("criterion", least=1))
    codes = [each.code for each in criteria]
    total = sum(each.points for each in criteria)
    if criteria and total != FULL_MARKS:
        table.note("points_not_100", "criterion", total)
    _note_repeats(table, "criterion", codes)
    ties = table.texts("ties", ())
    for code in ties:
        if code not in codes:
            table.note("unknown_choice", "ties", code)
    _note_repeats(table, "ties", ties)
    pass_mark = table.integer("pass_mark", 0)
    if pass_mark > FULL_MARKS:
        table.note("pass_mark_above_100", "pass_mark", pass_mark)
    return SelectionRules(
        basis=Basis.SCORED,
        legal=legal,
        places=places,
        reserve=reserve,
        criteria=criteria,
        assessors=table.integer("assessors", LEAST_ASSESSORS, least=LEAST_ASSESSORS),
        pass_mark=pass_mark,
        drop_extremes=table.flag("drop_extremes", False),
        ties=tuple(code for code in ties if code in codes),
    )


def _criterion(table: Table) -> ScoreCriterion:
    criterion = ScoreCriterion(
        code=table.text("code"),
        name=table.text("name"),
        points=table.integer("points", least=1),
        description=table.text("description"),
    )
    table.finish()
    return criterion


def _note_repeats(table: Table, key: str, names: Sequence[str]) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        table.note("repeated", key, name)
