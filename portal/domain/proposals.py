"""A platform firm's proposal to a call for platforms: its services, its account, its selection, its agreement.

Nothing is chosen or paid from a proposal before its agreement (협약) is signed; the account it names is checked by one
person and agreed to by another, anew each time it changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.errors import Problem
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.money import Won

MAX_NAME = 100
MAX_TEXT = 2000
MIN_OPINION = 10


class ProposalStatus(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    SELECTED = "selected"
    VERIFIED = "verified"  # its account was checked
    AGREED = "agreed"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"


S, R = ProposalStatus, Role

LIFECYCLE = Lifecycle(
    "proposal",
    S.DRAFT,
    (
        Step(S.DRAFT, "submit", S.SUBMITTED, R.PLATFORM),
        Step(S.DRAFT, "withdraw", S.WITHDRAWN, R.PLATFORM),
        Step(S.SUBMITTED, "withdraw", S.WITHDRAWN, R.PLATFORM),
        # Who scored does not resolve on the choice.
        Step(S.SUBMITTED, "select", S.SELECTED, R.APPROVER, apart_from=("score",)),
        Step(S.SUBMITTED, "leave_out", S.NOT_SELECTED, R.APPROVER, apart_from=("score",)),
        Step(S.SELECTED, "verify", S.VERIFIED, R.REVIEWER),
        Step(S.VERIFIED, "agree", S.AGREED, R.APPROVER, apart_from=("verify",)),
        # A mistyped account is mended before anybody checked it.
        Step(S.SUBMITTED, "change_account", S.SUBMITTED, R.PLATFORM),
        Step(S.SELECTED, "change_account", S.SELECTED, R.PLATFORM),
        # Another account is checked and agreed to like the first.
        Step(S.VERIFIED, "change_account", S.SELECTED, R.PLATFORM),
        Step(S.AGREED, "change_account", S.SELECTED, R.PLATFORM),
    ),
)

ALIVE = (S.DRAFT, S.SUBMITTED, S.SELECTED, S.VERIFIED, S.AGREED)
HANDED_IN = (S.SUBMITTED, S.SELECTED, S.VERIFIED, S.AGREED)
CHOSEN = (S.SELECTED, S.VERIFIED, S.AGREED)
ORDERED = (*CHOSEN, S.NOT_SELECTED)  # the selection has resolved on it


@dataclass(frozen=True, slots=True)
class Account:
    """Where the firm is paid."""

    bank_code: str
    account_number: str = field(repr=False)
    account_holder: str

    @property
    def mark(self) -> str:
        """Says of two looks at an account whether it was the same, without saying the account."""
        said = "|".join((self.bank_code, self.account_number, self.account_holder))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DraftProposal:
    """What a firm states of itself. `conditions`: it declares to meet all of the call's."""

    firm: str
    business_number: str
    representative: str
    plan: str
    conditions: bool
    account: Account


@dataclass(frozen=True, slots=True)
class OfferService:
    """One service: what it is, for how much without tax, and on which terms it is given."""

    kind: str
    name: str
    terms: str
    supply_value: Won
    taxable: bool = True


@dataclass(frozen=True, slots=True)
class GiveProposalScores:
    """A score sheet: points by criterion code, and the assessor's word to have no interest in the firm."""

    points: Mapping[str, int | None]
    no_interest: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class SignAgreement:
    """The agreement (협약) as signed on paper: its document number, its day and its last day."""

    number: str
    signed_on: date
    ends_on: date


def draft_problems(command: DraftProposal) -> list[Problem]:
    """What a proposal lacks before it can be handed in."""
    needed = {"firm": command.firm, "representative": command.representative, "plan": command.plan}
    found = [Problem("required", name) for name, said in needed.items() if not said.strip()]
    found += [Problem("too_long", name) for name, said in needed.items() if len(said) > MAX_TEXT]
    if not command.conditions:
        found.append(Problem("conditions_not_declared", "conditions"))
    return found


def offer_problems(command: OfferService, kinds: Sequence[str], most: Won) -> list[Problem]:
    """Only a kind of the call, at a price above 0 that one merchant's grant can pay."""
    found = [] if command.kind in kinds else [Problem("unknown_choice", "kind")]
    found += [Problem("required", name) for name in ("name", "terms") if not getattr(command, name).strip()]
    if len(command.name) > MAX_NAME:
        found.append(Problem("too_long", "name"))
    if not 0 < command.supply_value <= most:
        found.append(Problem("offer_out_of_range", "supply_value", f"{most:,}"))
    return found


def agreement_problems(command: SignAgreement, *, on: date) -> list[Problem]:
    """An agreement is signed by today and does not end before it is."""
    found = [] if command.number.strip() else [Problem("required", "number")]
    if command.signed_on > on:
        found.append(Problem("date_in_future", "signed_on"))
    if command.ends_on < command.signed_on:
        found.append(Problem("ends_before_it_begins", "ends_on"))
    return found
