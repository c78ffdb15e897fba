"""A service pass (이용권): one service in kind that a merchant chose of a platform, from the choice to the invoice.

It takes its supply value from the merchant's grant; value added tax is the merchant's own and no part of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won

MIN_WORDS = 5  # what was delivered, or what is wrong with it
MAX_WORDS = 1000


class PassStatus(StrEnum):
    CHOSEN = "chosen"
    REPORTED = "reported"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    INVOICED = "invoiced"
    CLAIMED = "claimed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


S, R = PassStatus, Role

LIFECYCLE = Lifecycle(
    "service_pass",
    S.CHOSEN,
    (
        Step(S.CHOSEN, "report", S.REPORTED, R.PLATFORM),
        Step(S.CHOSEN, "cancel", S.CANCELLED, R.MERCHANT),
        Step(S.CHOSEN, "expire", S.EXPIRED, None),
        Step(S.REPORTED, "confirm", S.CONFIRMED, R.MERCHANT),
        Step(S.REPORTED, "dispute", S.DISPUTED, R.MERCHANT),
        Step(S.DISPUTED, "report", S.REPORTED, R.PLATFORM),
        Step(S.DISPUTED, "give_up", S.CANCELLED, R.PLATFORM),
        Step(S.CONFIRMED, "invoice", S.INVOICED, R.PLATFORM),
        Step(S.INVOICED, "return", S.CONFIRMED, R.REVIEWER),  # with the invoice it stood in
        Step(S.INVOICED, "claim", S.CLAIMED, R.REVIEWER),
    ),
)

FREE = (S.CANCELLED, S.EXPIRED)  # takes nothing from the grant any more
TAKING = tuple(status for status in PassStatus if status not in FREE)
DELIVERED = (S.CONFIRMED, S.INVOICED, S.CLAIMED)  # the merchant said so


def valid_until(chosen_on: date, valid_days: int, agreement_ends: date) -> date:
    """The last day on which its service may be reported: so many days from the choice, within the agreement."""
    return min(chosen_on + timedelta(days=valid_days), agreement_ends)


def choice_problems(supply_value: Won, *, granted: Won, taken: Won, agreed_until: date, on: date) -> list[Problem]:
    """Why a service cannot be chosen: its agreement has ended, or the grant does not hold its price any more."""
    if on > agreed_until:
        return [Problem("agreement_over", "offer", agreed_until.isoformat())]
    if supply_value > granted - taken:
        return [Problem("grant_used_up", "offer", f"{max(0, granted - taken):,}")]
    return []


def words_problems(words: str) -> list[Problem]:
    """What is wrong with what was written of a delivery or against it."""
    if len(words.strip()) < MIN_WORDS:
        return [Problem("words_too_short", "words", str(MIN_WORDS))]
    return [Problem("too_long", "words")] if len(words) > MAX_WORDS else []
