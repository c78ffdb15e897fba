"""Standing in for a merchant: entry by proxy with a signed consent, and agents with a power of attorney (위임장).

A mandate names one business, one person, a paper and a last day; it ends by that day, by revocation, or when the
merchant takes the account over. A consent also names the programmes that it is for; any other needs one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.merchants import MerchantRegistration

MOST_YEARS = 3  # a power of attorney without an end is forgotten; it is given anew after that
CONSENT_DAYS = 180  # how long a consent lets its official go on with its programmes: call, supplement and decision
LONGEST_OFFICE = 60


class MandateStatus(StrEnum):
    ACTIVE = "active"
    REVOKED = "revoked"
    ENDED = (
        "ended"  # the merchant has an account of their own now, a newer paper stands in its place, or it was refused
    )


S, R = MandateStatus, Role

LIFECYCLE = Lifecycle(
    "mandate",
    S.ACTIVE,
    (
        Step(S.ACTIVE, "revoke", S.REVOKED, R.MERCHANT),
        Step(S.ACTIVE, "take_over", S.ENDED, None),
        Step(S.ACTIVE, "replace", S.ENDED, None),
        Step(S.ACTIVE, "refuse", S.ENDED, None),
    ),
)


@dataclass(frozen=True, slots=True)
class Paper:
    """The scanned and signed consent or power of attorney."""

    filename: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class EnterByProxy:
    """A business as its merchant states it at a counter or on the telephone; `office`: where it is entered;
    `programmes`: those that the signed consent names, by code.

    `born_on`: the representative's birthday, as on the identity card. It tells that the person is the one on record,
    and that two businesses, each with an account of its own, are one person's.
    """

    registration: MerchantRegistration
    office: str
    consent: Paper
    born_on: date | None = None
    programmes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GiveMandate:
    """An owner lets the person with the account `agent_login` act for a business until a day, that day included."""

    merchant_id: int
    agent_login: str
    until: date
    paper: Paper


def stands(status: MandateStatus, until: date, on: date) -> bool:
    """Whether a mandate lets its holder act on that day."""
    return status is MandateStatus.ACTIVE and on <= until


def longest_until(on: date) -> date:
    """The last day that a power of attorney given on a day may name."""
    try:
        return on.replace(year=on.year + MOST_YEARS)
    except ValueError:  # 29 February
        return on.replace(year=on.year + MOST_YEARS, day=28)


def problems_in(command: GiveMandate, on: date) -> list[Problem]:
    """What is wrong with a power of attorney given on a day."""
    found = [] if command.paper.content else [Problem("file_required", "paper")]
    if not command.agent_login.strip():
        found.append(Problem("required", "agent_login"))
    if not on <= command.until <= longest_until(on):
        found.append(Problem("mandate_until", "until", str(MOST_YEARS)))
    return found


def problems_in_entry(command: EnterByProxy) -> list[Problem]:
    """What is missing of an entry by proxy besides what is stated of the business."""
    found = [] if command.consent.content else [Problem("file_required", "consent")]
    if not command.office.strip():
        found.append(Problem("required", "office"))
    if len(command.office.strip()) > LONGEST_OFFICE:
        found.append(Problem("too_long", "office"))
    if command.born_on is None:
        found.append(Problem("required", "born_on"))
    if not command.programmes:
        found.append(Problem("consent_names_none", "programmes"))
    return found
