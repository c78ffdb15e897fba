"""A change of a grant (교부결정 변경): proposed by one person, decided by another; unpaid meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won

MIN_REASON = 10
MAX_REASON = 1000


class GrantChangeStatus(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


S, R = GrantChangeStatus, Role

LIFECYCLE = Lifecycle(
    "grant_change",
    S.PROPOSED,
    (
        Step(S.PROPOSED, "approve", S.APPROVED, R.APPROVER, apart_from=("propose",)),
        Step(S.PROPOSED, "refuse", S.REFUSED, R.APPROVER, apart_from=("propose",)),
    ),
)


@dataclass(frozen=True, slots=True)
class ChangeGrant:
    """What the whole grant is to come to, in won (the same again: to be approved anew), and why."""

    amount: Won
    reason: str


def problems_in(command: ChangeGrant, *, claimed: Won, most: Won, chosen: Won = 0) -> list[Problem]:
    """`claimed`: won that its claims come to already; `chosen`: that its service passes take, claimed or not; `most`:
    what the programme grants one application at most.
    """
    found = []
    if command.amount <= 0 or command.amount < claimed:
        found.append(Problem("grant_below_claims", "amount", f"{claimed:,}"))
    elif command.amount < chosen:
        found.append(Problem("grant_below_passes", "amount", f"{chosen:,}"))
    if command.amount > most:
        found.append(Problem("grant_above_most", "amount", f"{most:,}"))
    reason = command.reason.strip()
    if len(reason) < MIN_REASON:
        found.append(Problem("reasons_too_short", "reason"))
    if len(reason) > MAX_REASON:
        found.append(Problem("too_long", "reason"))
    return found
