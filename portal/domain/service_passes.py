"""A service pass (이용권): one service in kind that a merchant chose of a platform, from the choice to the invoice.

It takes its supply value from the merchant's grant; value added tax is the merchant's own and no part of it.

Where a merchant never answers, or a platform never puts right what was disputed, an official ends the waiting: alone
where the merchant gets the grant back, with a second person where the platform may be paid.
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
    VOUCHED = "vouched"  # an official would confirm it in the merchant's place
    CONFIRMED = "confirmed"
    INVOICED = "invoiced"
    CLAIMED = "claimed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ENDED = "ended"  # by an official


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
        *(Step(status, "vouch", S.VOUCHED, R.REVIEWER) for status in (S.REPORTED, S.DISPUTED)),
        *(Step(status, "end", S.ENDED, R.REVIEWER) for status in (S.REPORTED, S.DISPUTED)),
        Step(S.VOUCHED, "uphold", S.CONFIRMED, R.APPROVER, apart_from=("vouch",)),
        Step(S.VOUCHED, "send_back", S.REPORTED, R.APPROVER),
        Step(S.VOUCHED, "send_back_disputed", S.DISPUTED, R.APPROVER),
        # The merchant has the word as long as nobody has decided.
        Step(S.VOUCHED, "confirm", S.CONFIRMED, R.MERCHANT),
        Step(S.VOUCHED, "dispute", S.DISPUTED, R.MERCHANT),
        Step(S.CONFIRMED, "invoice", S.INVOICED, R.PLATFORM),
        Step(S.INVOICED, "return", S.CONFIRMED, R.REVIEWER),  # with the invoice it stood in
        Step(S.INVOICED, "claim", S.CLAIMED, R.REVIEWER),
        Step(S.CLAIMED, "free", S.CONFIRMED, R.APPROVER),  # its invoice was taken back before it was paid
    ),
)

FREE = (S.CANCELLED, S.EXPIRED, S.ENDED)  # takes nothing from the grant any more
TAKING = tuple(status for status in PassStatus if status not in FREE)
DELIVERED = (S.CONFIRMED, S.INVOICED, S.CLAIMED)  # the merchant said so, or two officials in their place
WAITING = (S.REPORTED, S.DISPUTED, S.VOUCHED)  # for somebody's word


def valid_until(chosen_on: date, valid_days: int, agreement_ends: date) -> date:
    """The last day on which its service may be reported: so many days from the choice, within the agreement."""
    return min(chosen_on + timedelta(days=valid_days), agreement_ends)


def answer_until(since: date, answer_days: int) -> date:
    """The last day on which the merchant confirms, or the platform puts a dispute right, without an official."""
    return since + timedelta(days=answer_days)


def ruling_problems(words: str, until: date, *, on: date) -> list[Problem]:
    """Why an official does not decide yet: somebody else still has time to, or no reason is given."""
    found = words_problems(words)
    return [Problem("pass_not_due", value=until.isoformat()), *found] if on <= until else found


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
