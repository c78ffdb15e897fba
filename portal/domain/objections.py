"""An objection (이의신청) to a decision: what it may be against, until when, the office's own clock, and its outcomes.

민원처리법 제35조, 보조금법 제37조, 지방보조금법 제36조의2. How many days an Act gives is dated data (acts.csv).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.applications import ENTERED
from portal.domain.deadlines import ActPeriod, Holidays, appeal_due_on, calendar_due_on, period_of, processing_due_on
from portal.domain.errors import NotFound, Problem
from portal.domain.lifecycle import OBJECTED_TO, Lifecycle, Step
from portal.domain.money import Won

MIN_TEXT = 10  # characters: what is asked for, why, and what the office makes of it
MAX_TEXT = 2000
PREFIX = "OBJ"  # of the numbers of objections
PETITION = "petition"  # its reply period stands in where the Act of the money has none
REMEDY = "remedy"  # rows of acts.csv for what is open beside and after an objection
REMEDIES = ("administrative_appeal", "lawsuit")


class ObjectionStatus(StrEnum):
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    DRAFTED = "drafted"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    DISMISSED = "dismissed"
    INADMISSIBLE = "inadmissible"
    WITHDRAWN = "withdrawn"


class Against(StrEnum):
    """What is objected to."""

    REJECTION = "rejection"
    PARTIAL = "partial"  # a grant of less than was asked for
    RETURN = "return"  # an application sent back because it was not supplemented (반려)
    RECOVERY = "recovery"


class Outcome(StrEnum):
    """Also the names of the steps that lead there."""

    GRANT = "grant"  # 인용
    GRANT_PARTLY = "grant_partly"  # 일부 인용
    DISMISS = "dismiss"  # 기각: there is nothing in it
    REFUSE = "refuse"  # 각하: it may not be raised at all


S, R = ObjectionStatus, Role

_ENDS = {
    Outcome.GRANT: S.GRANTED,
    Outcome.GRANT_PARTLY: S.PARTLY_GRANTED,
    Outcome.DISMISS: S.DISMISSED,
    Outcome.REFUSE: S.INADMISSIBLE,
}
_DECIDERS = ("take_up", "draft", OBJECTED_TO)

LIFECYCLE = Lifecycle(
    "objection",
    S.RECEIVED,
    (
        Step(S.RECEIVED, "take_up", S.IN_REVIEW, R.REVIEWER, apart_from=(OBJECTED_TO,)),
        Step(S.IN_REVIEW, "extend", S.IN_REVIEW, R.REVIEWER, apart_from=(OBJECTED_TO,)),
        Step(S.IN_REVIEW, "draft", S.DRAFTED, R.REVIEWER, apart_from=(OBJECTED_TO,)),
        Step(S.DRAFTED, "send_back", S.IN_REVIEW, R.APPROVER, apart_from=_DECIDERS),
        *(Step(S.DRAFTED, outcome.value, end, R.APPROVER, apart_from=_DECIDERS) for outcome, end in _ENDS.items()),
        *(Step(status, "withdraw", S.WITHDRAWN, R.MERCHANT) for status in (S.RECEIVED, S.IN_REVIEW, S.DRAFTED)),
    ),
)

OPEN = (S.RECEIVED, S.IN_REVIEW, S.DRAFTED)
UPHELD = (S.GRANTED, S.PARTLY_GRANTED)
# Which outcomes a decision can have: a rejection is either put back whole or stands.
OUTCOMES = {
    Against.REJECTION: (Outcome.GRANT, Outcome.DISMISS, Outcome.REFUSE),
    Against.PARTIAL: tuple(Outcome),
    Against.RETURN: (Outcome.GRANT, Outcome.DISMISS, Outcome.REFUSE),
    Against.RECOVERY: tuple(Outcome),
}
# Whoever took one of these steps took part in the decision: noun of the record -> actions.
TOOK_PART = {
    "application": frozenset(
        {*ENTERED, "take_up", "request_supplement", "request_again", "recommend", "approve", "reject", "send_back"}
        | {"return", "select", "put_on_reserve", "leave_out"}
    ),
    "grant_change": frozenset({"propose", "approve"}),
    "recovery": frozenset({"open", "notify", "hear", "draft", "send_back", "order"}),
}


@dataclass(frozen=True, slots=True)
class Law:
    """What every day here is counted with: the dated periods of the Acts, and the holidays."""

    periods: Sequence[ActPeriod]
    holidays: Holidays


@dataclass(frozen=True, slots=True)
class FileObjection:
    """What the merchant writes (민원처리법 시행령 제40조제1항); the letter says what decision is objected to.

    A paper that shows it may be there: its name, media type and bytes.
    """

    letter_id: int
    purport: str
    reasons: str
    phone: str
    filename: str = ""
    media_type: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """The proposed outcome and the reasons for the letter; `amount`: the new won of what is upheld in part."""

    outcome: Outcome
    answer: str
    amount: Won | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Until when one may object, by which rule; `act`: the Act that gave the rule."""

    act: str
    rule: ActPeriod
    until: date

    def is_open(self, on: date) -> bool:
        return on <= self.until


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is open beside or after an objection, and until when."""

    code: str
    rule: ActPeriod
    until: date


def window_of(acts: Sequence[str], notified_on: date, law: Law) -> Window:
    """Where several Acts gave the money, the one that leaves most time. The day of the notice does not count."""
    found = [
        Window(
            act,
            period_of(law.periods, act, "appeal", notified_on),
            appeal_due_on(notified_on, act, law.periods, law.holidays),
        )
        for act in acts
    ]
    return max(found, key=lambda each: each.until)


def reply_rule(act: str, on: date, law: Law, rule: str = "appeal_reply") -> ActPeriod:
    """How long the office has to answer; where the Act does not say, as for any petition (민원처리법 제35조)."""
    try:
        return period_of(law.periods, act, rule, on)
    except NotFound:
        return period_of(law.periods, PETITION, rule, on)


def reply_due_on(received_on: date, act: str, law: Law) -> date:
    """By when the office answers: working days with the day of receipt where 민원처리법 제19조 counts, else calendar
    days without it.
    """
    rule = reply_rule(act, received_on, law)
    if rule.act == PETITION:
        return processing_due_on(received_on, rule.days, law.holidays)
    return calendar_due_on(received_on, rule.days, law.holidays)


def extended_due_on(due_on: date, act: str, on: date, law: Law) -> date:
    """By when at the latest once extended, counted from the day after the first period ends."""
    rule = reply_rule(act, on, law, "appeal_reply_extension")
    if rule.act == PETITION:
        return processing_due_on(due_on + timedelta(days=1), rule.days, law.holidays)
    return calendar_due_on(due_on, rule.days, law.holidays)


def remedies(since: date, law: Law) -> list[Remedy]:
    """행정심판 and 행정소송, counted from the day of a notice, which does not count."""
    rules = [(code, period_of(law.periods, REMEDY, code, since)) for code in REMEDIES]
    return [Remedy(code, rule, calendar_due_on(since, rule.days, law.holidays)) for code, rule in rules]


def problems_in(command: DraftAnswer, against: Against, *, least: Won, most: Won) -> list[Problem]:
    """What is wrong with a draft. What is upheld in part lies between `least` and `most` won, neither included."""
    found = []
    if command.outcome not in OUTCOMES[against]:
        found.append(Problem("unknown_choice", "outcome", command.outcome))
    if command.outcome is Outcome.GRANT_PARTLY and not (command.amount and least < command.amount < most):
        found.append(Problem("objection_amount", "amount", f"{least:,} ~ {most:,}"))
    return [*found, *text_problems(command.answer, "answer")]


def text_problems(text: str, field: str) -> list[Problem]:
    length = len(text.strip())
    if length < MIN_TEXT:
        return [Problem("reasons_too_short", field)]
    return [Problem("too_long", field)] if length > MAX_TEXT else []
