"""Looks up changes of merchants' accounts: which still wait, and what the owner is told of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.account_changes import SHOWN
from portal.domain.actors import Actor
from portal.domain.claims import ClaimStatus
from portal.domain.errors import NotFound
from portal.models.account_changes import AccountChange
from portal.models.claims import Claim
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.queries.mandates import mine


def cooling(session: Session, merchant_ids: Collection[int], *, on: date) -> dict[int, AccountChange]:
    """By merchant id: the last change, where it is not to be paid on this day yet."""
    last = select(func.max(AccountChange.id)).where(AccountChange.merchant_id.in_(merchant_ids))
    last = last.group_by(AccountChange.merchant_id)
    rows = session.scalars(select(AccountChange).where(AccountChange.id.in_(last)))
    return {change.merchant_id: change for change in rows if waits(change, on=on)}


def waits(change: AccountChange, *, on: date) -> bool:
    """One that was refused is waited for until the owner gives another."""
    return change.refused_at is not None or (change.second_confirmed_by is None and on < change.payable_from)


def in_the_way(session: Session, by: Actor, *, on: date) -> list[AccountChange]:
    """The changes for whose sake approved claims of the organisation are not paid yet, oldest first."""
    waiting = (
        select(Claim.merchant_id)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(
            Programme.organisation_id == by.organisation_id,
            Claim.status.in_((ClaimStatus.APPROVED, ClaimStatus.PAYMENT_FAILED)),
            Claim.invoice_id.is_(None),  # else a firm is paid
        )
    )
    found = cooling(session, session.scalars(waiting.distinct()).all(), on=on)
    return sorted(found.values(), key=lambda change: change.id)


def held(session: Session, change_id: int, by: Actor) -> AccountChange:
    """One change of a merchant with claims at the organisation, locked. Raises NotFound."""
    return _one(session, change_id, by, locked=True)


def one(session: Session, change_id: int, by: Actor) -> AccountChange:
    """The same to look at."""
    return _one(session, change_id, by, locked=False)


def _one(session: Session, change_id: int, by: Actor, *, locked: bool) -> AccountChange:
    theirs = (
        select(Claim.merchant_id)
        .join(Programme, Programme.id == Claim.programme_id)
        .where(Programme.organisation_id == by.organisation_id)
    )
    query = select(AccountChange).where(AccountChange.id == change_id, AccountChange.merchant_id.in_(theirs))
    if locked:
        query = query.with_for_update(of=AccountChange).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound(f"account change {change_id}")
    return found


def told_to(session: Session, by: Actor, *, at: datetime) -> Sequence[AccountChange]:
    """The changes of the last months on the places of this owner, newest first."""
    query = select(AccountChange).join(Merchant).where(mine(by))
    return session.scalars(query.where(AccountChange.changed_at > at - SHOWN).order_by(AccountChange.id.desc())).all()
