"""Changing the account a merchant is paid to: recorded, waited for, confirmed by two persons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain import identifiers
from portal.domain.account_changes import CorrectAccount, payable_from
from portal.domain.actors import Actor, Capacity
from portal.domain.claims import ClaimStatus
from portal.domain.errors import AlreadyDone, Incomplete, InvalidTransition, NotPermitted, Problem, SamePerson
from portal.domain.periods import korean_date
from portal.models.account_changes import AccountChange
from portal.models.accounts import User
from portal.models.keys import keyring
from portal.models.merchants import Merchant
from portal.queries import account_changes, claims, mandates
from portal.services import notices, steps
from portal.storage.objects import Stores

NOUN = "account_change"
LONGEST = 200
MIN_REASON = 10


def correct(session: Session, claim_id: int, command: CorrectAccount, *, by: Actor, at: datetime) -> AccountChange:
    """The owner gives another account after a payment failed.

    Raises NotFound, InvalidTransition where no payment of the claim failed, Incomplete, NotPermitted for an agent.
    """
    claim = claims.owned(session, claim_id, by)
    refuse_agent(by)
    if claim.status is not ClaimStatus.PAYMENT_FAILED or claim.invoice_id is not None:
        raise InvalidTransition(f"claim {claim_id} is {claim.status}")
    merchant, before = claim.merchant, (claim.merchant.bank_code, claim.merchant.account_number)
    _check(command, before)
    merchant.bank_code, merchant.account_number = command.bank_code, command.account_number
    merchant.account_holder = command.account_holder.strip()
    merchant.account_index = keyring.blind_index(command.account_number, context="merchant.account_number")
    merchant.changed_at = at
    return record(session, merchant, before, claim_id=claim.id, by=by, at=at)


def refuse_agent(by: Actor) -> None:
    """Where the money goes is the owner's own affair: raises NotPermitted for an agent and for an association."""
    if by.acts_for is not None and by.acts_for.capacity is not Capacity.CONSENT:
        raise NotPermitted("an agent changes no account", [Problem("account_owner_only", "account_number")])


def record(
    session: Session,
    merchant: Merchant,
    before: tuple[str, str],
    *,
    claim_id: int | None = None,
    by: Actor,
    at: datetime,
) -> AccountChange:
    """Writes down that a merchant's account is another one now. `before`: its bank and number until then."""
    on = korean_date(at)
    change = AccountChange(
        merchant_id=merchant.id,
        claim_id=claim_id,
        bank_code=merchant.bank_code,
        account_number=merchant.account_number,
        account_holder=merchant.account_holder,
        before_bank_code=before[0],
        before_account_number=before[1],
        changed_by=by.user_id,
        changed_at=at,
        payable_from=payable_from(on, data.account_cooling(), data.holidays()),
    )
    session.add(change)
    session.flush()
    steps.write(session, NOUN, change.id, "change", by=by, at=at)
    return change


def confirm(session: Session, stores: Stores, change_id: int, *, by: Actor, at: datetime) -> AccountChange:
    """An official says that the account is right; after the second, another person, it is paid without waiting, and
    the owner is told by letter.

    Raises NotFound, NotPermitted for the owner, SamePerson for whoever confirmed first, AlreadyDone after two or where
    it was refused.
    """
    change = _to_judge(session, change_id, by)
    if change.first_confirmed_by is None:
        change.first_confirmed_by, change.first_confirmed_at = by.user_id, at
    elif _person(session, change.first_confirmed_by) == by.person_id:
        raise SamePerson("account_change: second apart from first")
    else:
        change.second_confirmed_by, change.second_confirmed_at = by.user_id, at
    steps.write(session, NOUN, change.id, "confirm", by=by, at=at)
    if change.second_confirmed_by is not None:
        notices.issue_account(session, stores, change, by=by, at=at)
    return change


def refuse(session: Session, stores: Stores, change_id: int, *, reason: str, by: Actor, at: datetime) -> AccountChange:
    """An official says that the account is not the owner's: nothing is paid until they give another; with the letter.

    Raises NotFound, NotPermitted for the owner, AlreadyDone after two confirmed it, Incomplete without a reason.
    """
    change = _to_judge(session, change_id, by)
    if len(reason.strip()) < MIN_REASON:
        raise Incomplete(problems=[Problem("recovery_reason_too_short", "reason")])
    if len(reason) > LONGEST:
        raise Incomplete(problems=[Problem("too_long", "reason")])
    change.refused_by, change.refused_at, change.refusal = by.user_id, at, reason.strip()
    steps.write(session, NOUN, change.id, "refuse", by=by, at=at, note=reason.strip())
    notices.issue_account(session, stores, change, by=by, at=at)
    return change


def _to_judge(session: Session, change_id: int, by: Actor) -> AccountChange:
    change = account_changes.held(session, change_id, by)
    if change.second_confirmed_by is not None or change.refused_at is not None:
        raise AlreadyDone(f"account change {change_id}")
    if by.person_id in {_person(session, user) for user in (change.changed_by, change.merchant.owner_id)}:
        raise NotPermitted("nobody confirms an account of their own")
    if mandates.has_stood_in(session, change.merchant_id, by):
        raise NotPermitted("nobody confirms an account that they entered", [Problem("stands_in")])
    return change


def _person(session: Session, user_id: int) -> int:
    return session.get_one(User, user_id).person_id


def _check(command: CorrectAccount, before: tuple[str, str]) -> None:
    wrong = []
    if command.bank_code not in data.banks():
        wrong.append(Problem("unknown_choice", "bank_code"))
    if not identifiers.is_account_number(command.account_number):
        wrong.append(Problem("account_number_invalid", "account_number"))
    elif (command.bank_code, command.account_number) == before:
        wrong.append(Problem("account_unchanged", "account_number"))
    if not command.account_holder.strip():
        wrong.append(Problem("required", "account_holder"))
    elif len(command.account_holder) > LONGEST:
        wrong.append(Problem("too_long", "account_holder"))
    if wrong:
        raise Incomplete(problems=wrong)
