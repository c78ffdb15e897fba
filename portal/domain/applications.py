"""An application for support: its statuses, its lifecycle and the commands that change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import OBJECTED_TO, REOPEN, Lifecycle, Step
from portal.domain.supplement_parts import EXPLANATION


class ApplicationStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"  # 반려: not supplemented after two requests


S, R = ApplicationStatus, Role
# Whoever entered a case, for themselves or in a merchant's place, never reviews or decides it.
ENTERED = ("start", "submit", "answer_supplement")
_REVIEWERS = (*ENTERED, OBJECTED_TO)
_DECIDERS = (*ENTERED, "take_up", "recommend", OBJECTED_TO)
_RETURNERS = (*ENTERED, "take_up", "request_supplement", "request_again", "recommend", OBJECTED_TO)

LIFECYCLE = Lifecycle(
    "application",
    S.DRAFT,
    (
        Step(S.DRAFT, "submit", S.SUBMITTED, R.MERCHANT, or_by=R.CLERK),
        Step(S.SUBMITTED, "take_up", S.IN_REVIEW, R.REVIEWER, apart_from=_REVIEWERS),
        Step(S.IN_REVIEW, "request_supplement", S.SUPPLEMENT_REQUESTED, R.REVIEWER, apart_from=_REVIEWERS),
        Step(S.SUPPLEMENT_REQUESTED, "answer_supplement", S.IN_REVIEW, R.MERCHANT, or_by=R.CLERK),
        Step(S.SUPPLEMENT_REQUESTED, "request_again", S.SUPPLEMENT_REQUESTED, R.REVIEWER, apart_from=_REVIEWERS),
        Step(S.SUPPLEMENT_REQUESTED, "return", S.RETURNED, R.APPROVER, apart_from=_RETURNERS),
        Step(S.IN_REVIEW, "return", S.RETURNED, R.APPROVER, apart_from=_RETURNERS),
        Step(S.IN_REVIEW, "recommend", S.RECOMMENDED, R.REVIEWER, apart_from=_REVIEWERS),
        Step(S.RECOMMENDED, "approve", S.APPROVED, R.APPROVER, apart_from=_DECIDERS),
        Step(S.RECOMMENDED, "reject", S.REJECTED, R.APPROVER, apart_from=_DECIDERS),
        Step(S.RECOMMENDED, "send_back", S.IN_REVIEW, R.APPROVER, apart_from=_DECIDERS),
        # 이의신청 인용: decided on anew, by others than before.
        Step(S.REJECTED, REOPEN, S.SUBMITTED, None),
        Step(S.RETURNED, REOPEN, S.SUBMITTED, None),
        Step(S.DRAFT, "withdraw", S.WITHDRAWN, R.MERCHANT, or_by=R.CLERK),
        Step(S.SUBMITTED, "withdraw", S.WITHDRAWN, R.MERCHANT),
        Step(S.IN_REVIEW, "withdraw", S.WITHDRAWN, R.MERCHANT),
        Step(S.SUPPLEMENT_REQUESTED, "withdraw", S.WITHDRAWN, R.MERCHANT),
        Step(S.RECOMMENDED, "withdraw", S.WITHDRAWN, R.MERCHANT),
    ),
)

DEAD = (S.WITHDRAWN, S.REJECTED, S.RETURNED)  # whoever has one of these may apply again
OPEN = frozenset({S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.SUPPLEMENT_REQUESTED, S.RECOMMENDED, S.APPROVED})


class Consent(StrEnum):
    """What the applicant agrees to; each is asked separately (개인정보 보호법 시행령 제17조)."""

    PRIVACY = "privacy"
    ADMINISTRATIVE_DATA = "administrative_data"
    PLATFORM_DATA = "platform_data"
    PLEDGE = "pledge"


@dataclass(frozen=True, slots=True)
class ApplicationDraft:
    """What a merchant has entered so far; anything may still be missing. Amounts in won.

    `track`, `answers` (by the question's code): None where they were not asked, and stay as they are; so do the boxes
    in `left_alone`, which a page showed without letting anybody write in them.
    """

    plan: str = ""
    total_cost: int | None = None
    requested_amount: int | None = None
    contact_phone: str = ""
    consents: frozenset[Consent] = frozenset()
    track: str | None = None
    answers: Mapping[str, str] | None = None
    left_alone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The reviewer's proposal: outcome, reasons for the letter, and the checklist as ticked."""

    outcome: str  # "approve" or "reject"
    reasons: str
    checklist: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SupplementRequest:
    """What is missing, how many days the merchant gets (민원처리법 시행령 제24조), and which parts they may change.

    A part is named like its box (domain/supplement_parts.py); where nothing is named, words are asked for alone.
    """

    items: str
    days: int
    parts: frozenset[str] = frozenset({EXPLANATION})
