"""Choosing among the applications of a call: its statuses and steps, and what people enter on the way.

One selection for a programme: the candidates are fixed once, a lottery is drawn once. 지방보조금법 제8조제2항 and
보조금법 제17조제2항 put the choice of an open call before a committee.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step

MAX_COMMENT = 1000
MIN_OPINION = 10  # characters: what the committee made of it, for its minutes
MAX_OPINION = 1800


class SelectionStatus(StrEnum):
    FIXED = "fixed"  # the candidates are; sheets are given, or the lottery is announced
    ANNOUNCED = "announced"
    RANKED = "ranked"
    DRAWN = "drawn"
    CONFIRMED = "confirmed"


S, R = SelectionStatus, Role
_APART = ("fix", "rank", "announce", "score")  # who brought the order about does not confirm it

LIFECYCLE = Lifecycle(
    "selection",
    S.FIXED,
    (
        Step(S.FIXED, "rank", S.RANKED, R.REVIEWER),
        Step(S.RANKED, "send_back", S.FIXED, R.APPROVER, apart_from=_APART),
        Step(S.RANKED, "confirm", S.CONFIRMED, R.APPROVER, apart_from=_APART),
        Step(S.FIXED, "announce", S.ANNOUNCED, R.REVIEWER),
        # Nothing leads back from here: a lottery is drawn once.
        Step(S.ANNOUNCED, "draw", S.DRAWN, R.APPROVER, apart_from=("announce",)),
        Step(S.DRAWN, "confirm", S.CONFIRMED, R.APPROVER, apart_from=_APART),
    ),
)

ORDERED = (S.RANKED, S.DRAWN, S.CONFIRMED)  # who stands where is known


@dataclass(frozen=True, slots=True)
class GiveScores:
    """A score sheet as its assessor fills it in; `points` by criterion code, None where nothing was entered."""

    points: Mapping[str, int | None]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmSelection:
    """What the committee resolved, in words for its minutes."""

    opinion: str
