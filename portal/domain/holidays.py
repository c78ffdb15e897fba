"""Changes to the table of holidays: proposed by one manager, confirmed by another.

The shipped table (portal/data/codes/holidays.csv) has what is known when the portal is built; temporary holidays are
announced late. Each organisation keeps its own changes: they move the open cases of that organisation alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Incomplete, Problem
from portal.domain.lifecycle import Lifecycle, Step

LONGEST_NAME = 60
MAX_REASON = 500


class ChangeKind(StrEnum):
    ADD = "add"
    REMOVE = "remove"


class ChangeStatus(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REFUSED = "refused"


S, R = ChangeStatus, Role

LIFECYCLE = Lifecycle(
    "holiday_change",
    S.PROPOSED,
    (
        Step(S.PROPOSED, "confirm", S.IN_FORCE, R.MANAGER, apart_from=("propose",)),
        Step(S.PROPOSED, "refuse", S.REFUSED, R.MANAGER),
    ),
)


@dataclass(frozen=True, slots=True)
class ProposeHoliday:
    """`name`: of the holiday, for whoever reads how a day was counted; `reason`: which notice announced it."""

    kind: ChangeKind
    on: date
    name: str
    reason: str


def observed(shipped: Mapping[date, str], changes: Iterable[tuple[ChangeKind, date, str]]) -> dict[date, str]:
    """The table after its changes, in the order in which they came into force."""
    found = dict(shipped)
    for kind, on, name in changes:
        if kind is ChangeKind.ADD:
            found[on] = name
        else:
            found.pop(on, None)
    return found


def check(command: ProposeHoliday, table: Mapping[date, str]) -> None:
    """Raises Incomplete with everything that is wrong with a proposal against the table as it stands."""
    wrong = []
    if command.kind is ChangeKind.ADD:
        if command.on in table:
            wrong.append(Problem("holiday_there", "on", table[command.on]))
        if not command.name.strip():
            wrong.append(Problem("required", "name"))
    elif command.on not in table:
        wrong.append(Problem("holiday_not_there", "on"))
    wrong += [
        Problem("too_long", field)
        for field, text, longest in (("name", command.name, LONGEST_NAME), ("reason", command.reason, MAX_REASON))
        if len(text) > longest
    ]
    if not command.reason.strip():
        wrong.append(Problem("required", "reason"))
    if wrong:
        raise Incomplete(problems=wrong)
