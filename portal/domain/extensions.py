"""Extending the time in which the office answers: once of its own accord, once more with the applicant's consent.

민원처리법 시행령 제21조: each time by at most the original period; with reasons and the new day, in writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Incomplete, InvalidTransition, Problem
from portal.domain.lifecycle import Lifecycle, Step

MOST = 2
MIN_REASON = 10
MAX_REASON = 1000


class ExtensionStatus(StrEnum):
    ASKED = "asked"
    IN_FORCE = "in_force"
    DECLINED = "declined"


S, R = ExtensionStatus, Role

# The database refuses a second extension in force that the applicant did not agree to.
LIFECYCLE = Lifecycle(
    "processing_extension",
    S.ASKED,
    (
        Step(S.ASKED, "extend", S.IN_FORCE, R.REVIEWER),
        Step(S.ASKED, "agree", S.IN_FORCE, R.MERCHANT),
        Step(S.ASKED, "decline", S.DECLINED, R.MERCHANT),
    ),
)


@dataclass(frozen=True, slots=True)
class ExtendProcessing:
    """By how many days of the same clock, and why: the reason stands in the letter."""

    days: int
    reason: str


def next_number(in_force: int, asked: bool, due_on: date, on: date) -> int:
    """1 or 2, as the next extension would be. Raises InvalidTransition where there may be none."""
    if asked:
        raise InvalidTransition("consent waits", [Problem("extension_waits_for_consent")])
    if in_force >= MOST:
        raise InvalidTransition("extended twice", [Problem("extended_twice")])
    if on > due_on:
        raise InvalidTransition("too late", [Problem("extension_too_late")])
    return in_force + 1


def check(command: ExtendProcessing, period: int) -> None:
    """Raises Incomplete. `period`: days of the original period, the most that one extension may have."""
    wrong = [] if 1 <= command.days <= period else [Problem("extension_too_long", "days", str(period))]
    if len(command.reason.strip()) < MIN_REASON:
        wrong.append(Problem("reasons_too_short", "reason"))
    if len(command.reason) > MAX_REASON:
        wrong.append(Problem("too_long", "reason"))
    if wrong:
        raise Incomplete(problems=wrong)
