"""Telling the bank of single payments and asking it what became of them: what is said, and what is to be believed.

A word of the bank moves money only as the answer to a question of ours, and only over the amount and the account that
we told it. What it calls in by itself (a callback) makes us ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.domain.money import Won
from portal.domain.payments import PaymentStatus

LEASE = timedelta(minutes=2)  # so long a worker may be silent about an order it holds
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))  # between questions; the last for ever
LAST_LOOK = timedelta(days=2)  # after the end the bank is asked once more: returned, although nobody called?
SILENT_AT_MOST = 5  # answers that did not come, one after the other, before a worker waits for its next round

P = PaymentStatus


@dataclass(frozen=True, slots=True)
class BankAccess:
    """Where the bank listens, the key both sides sign with, how long it is waited for.

    `safe`: so long after a sending "never heard of it" may still mean that the order is on its way.
    """

    url: str
    key: str = field(repr=False)
    wait: timedelta = timedelta(seconds=10)
    safe: timedelta = timedelta(hours=24)


class Source(StrEnum):
    ANSWER = "answer"  # to the order itself
    ENQUIRY = "enquiry"  # to a question about it
    CALLBACK = "callback"  # unasked


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    NEVER_HEARD = "never_heard"
    NO_ANSWER = "no_answer"  # none that counts: silence, an error, something else than was agreed
    NOT_SENT = "not_sent"  # no connection came about: nothing left the house


SILENCE = (Outcome.NO_ANSWER, Outcome.NOT_SENT)
TOLD = tuple(outcome for outcome in Outcome if outcome not in SILENCE)


class Verdict(StrEnum):
    """What was made of a word. `FLAGGED` are shown to people."""

    APPLIED = "applied"
    KNOWN = "known"
    ASKED = "asked"  # a callback that made us ask
    NOTED = "noted"  # silence
    EARLY = "early"  # a callback about what was not sent yet, or while it was being sent
    WRONG_AMOUNT = "wrong_amount"
    WRONG_ACCOUNT = "wrong_account"
    CONTRADICTS = "contradicts"  # what was said before
    UNBOOKED = "unbooked"  # true, perhaps, but our own books refuse it
    UNKNOWN_PAYMENT = "unknown_payment"


FLAGGED = (
    Verdict.EARLY,
    Verdict.WRONG_AMOUNT,
    Verdict.WRONG_ACCOUNT,
    Verdict.CONTRADICTS,
    Verdict.UNBOOKED,
    Verdict.UNKNOWN_PAYMENT,
)


@dataclass(frozen=True, slots=True)
class Order:
    """One payment in the hands of a worker: an order to send, or, with `enquiry`, a question about it.

    `heard`: how many callbacks there had been; one more, and the bank is asked again at once.
    """

    order_id: int
    token: str
    enquiry: bool
    heard: int
    reference: str
    amount: Won
    bank_code: str
    account_number: str = field(repr=False)
    holder: str = field(repr=False)
    memo: str


@dataclass(frozen=True, slots=True)
class Word:
    """What the bank said of one payment."""

    outcome: Outcome
    reference: str = ""
    amount: Won | None = None
    bank_code: str = ""
    account_number: str = field(default="", repr=False)
    bank_reference: str = ""
    reason: str = ""
    executed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What we told the bank of the payment it speaks of, and how far we know it to be."""

    status: PaymentStatus
    amount: Won
    bank_code: str
    account_number: str = field(repr=False)


_BEFORE_THE_END = (P.SENDING, P.ACCEPTED, P.UNKNOWN)
# What each word may follow, and what says nothing new.
_FOLLOWS: dict[Outcome, tuple[tuple[PaymentStatus, ...], tuple[PaymentStatus, ...]]] = {
    Outcome.DONE: (_BEFORE_THE_END, (P.DONE,)),
    Outcome.REFUSED: (_BEFORE_THE_END, (P.REFUSED,)),
    Outcome.ACCEPTED: ((P.SENDING, P.UNKNOWN), (P.ACCEPTED,)),
    Outcome.RETURNED: ((*_BEFORE_THE_END, P.DONE), (P.RETURNED,)),
    Outcome.NEVER_HEARD: ((P.UNKNOWN,), (P.VOIDED,)),
}


def judge(word: Word, told: Told) -> Verdict:
    """What an answer is worth. What a bank says of another amount or account is never believed."""
    if word.outcome in SILENCE:
        return Verdict.NOTED
    if (wrong := _mismatch(word, told)) is not None:
        return wrong
    follows, known = _FOLLOWS[word.outcome]
    if told.status in known:
        return Verdict.KNOWN
    return Verdict.APPLIED if told.status in follows else Verdict.CONTRADICTS


def judge_callback(word: Word, told: Told | None) -> Verdict:
    """What a callback is worth: at the most, a question. `told` None: no such payment was ever to be sent."""
    if told is None:
        return Verdict.UNKNOWN_PAYMENT
    if (wrong := _mismatch(word, told)) is not None:
        return wrong
    if told.status in (P.PREPARED, P.INSTRUCTED, P.SENDING):
        return Verdict.EARLY
    return Verdict.KNOWN if judge(word, told) is Verdict.KNOWN else Verdict.ASKED


def next_question(asked: int, at: datetime) -> datetime:
    """When to ask again after so many questions that brought no end."""
    return at + PAUSES[min(asked, len(PAUSES) - 1)]


def _mismatch(word: Word, told: Told) -> Verdict | None:
    if word.outcome is Outcome.NEVER_HEARD:
        return None
    if word.amount != told.amount:
        return Verdict.WRONG_AMOUNT
    if (word.bank_code, word.account_number) != (told.bank_code, told.account_number):
        return Verdict.WRONG_ACCOUNT
    return None
