"""Money kept for an application from its acceptance on (선착순 예산 확보), and the waiting list where none is left.

The order is that of the queue numbers (접수 순번), never the clock's (invariant I20).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from portal.domain.funding import split
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won


class ReservationStatus(StrEnum):
    WAITING = "waiting"
    RESERVED = "reserved"
    USED = "used"
    RELEASED = "released"


S = ReservationStatus

# The portal takes these steps by itself, in the name of whoever handed in, took back, decided or gave money.
LIFECYCLE = Lifecycle(
    "reservation",
    S.WAITING,
    (
        Step(S.WAITING, "reserve", S.RESERVED, None),
        Step(S.WAITING, "leave", S.RELEASED, None),
        Step(S.RESERVED, "use", S.USED, None),
        Step(S.RESERVED, "release", S.RELEASED, None),
        Step(S.RELEASED, "enter_again", S.WAITING, None),  # 이의신청 인용
    ),
)

OPEN = (S.WAITING, S.RESERVED)


def fits(amount: Won, shares: Mapping[str, Decimal], left: Mapping[str, Won]) -> bool:
    """Whether every source holds its part of `amount`."""
    return all(won <= left.get(source, 0) for source, won in split(amount, shares).items())


def most(amount: Won, shares: Mapping[str, Decimal], left: Mapping[str, Won]) -> Won:
    """The largest part of `amount` that every source holds its share of; 0 where one has nothing left."""
    paying = {source: share for source, share in shares.items() if share}
    # A part is at least the share rounded down: beyond this no source can hold its own.
    bound = min(int((left.get(source, 0) + 1) / share) for source, share in paying.items())
    found = max(0, min(amount, bound))
    while found and not fits(found, shares, left):
        found -= 1
    return found


def to_commit(missing: Won, last_place: str, shares: Mapping[str, Decimal], left: Mapping[str, Won]) -> Won:
    """What the next in line gets now: all that is missing, else by the programme's rule nothing or what is left."""
    if fits(missing, shares, left):
        return missing
    return most(missing, shares, left) if last_place == "partial" else 0
