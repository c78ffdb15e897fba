"""Looks up where people are told outside the portal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.messages import QUIET_FROM, QUIET_TO, Channel
from portal.domain.notifications import Topic
from portal.models.accounts import LoginSession, User
from portal.models.notifications import Contact
from portal.queries import accounts, notifications

Known = dict[tuple[int, Channel], Contact]


def of_accounts(session: Session, account_ids: Collection[int]) -> Known:
    """What these people have chosen, by account and channel."""
    found = session.scalars(select(Contact).where(Contact.account_id.in_(account_ids)))
    return {(contact.account_id, contact.channel): contact for contact in found}


def by_default(user: User, channel: Channel) -> str:
    """Where somebody is told who has chosen nothing: merchants sign up with an address of mail, and by that."""
    is_merchant = accounts.actor_of(user).has(Role.MERCHANT)
    return user.login if channel is Channel.MAIL and is_merchant and "@" in user.login else ""


def address_of(known: Known, user: User, channel: Channel) -> str:
    """Where this person is told by this channel; "" where they are not, or the address is known to be bad."""
    contact = known.get((user.id, channel))
    if contact is None:
        return by_default(user, channel)
    return contact.address if contact.wanted and contact.bad_since is None else ""


def unreachable_of_session() -> ColumnElement[bool]:
    """Whether an address that the person of a login session wants to be told at is bad."""
    bad = select(Contact.account_id).where(
        Contact.account_id == LoginSession.user_id, Contact.wanted, Contact.bad_since.is_not(None)
    )
    return bad.correlate(LoginSession).exists()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where a person is told and what of, as they have chosen or as it is for whoever has chosen nothing."""

    addresses: Mapping[Channel, str]
    wanted: frozenset[Channel]
    bad: tuple[Contact, ...]
    quiet: tuple[int, int]
    muted: frozenset[Topic]


def of_own(session: Session, by: Actor) -> Chosen:
    """One's own choice."""
    user = session.get_one(User, by.user_id)
    known = {channel: contact for (_, channel), contact in of_accounts(session, [by.user_id]).items()}
    defaults = {channel: address for channel in Channel if (address := by_default(user, channel))}
    addresses = defaults | {channel: contact.address for channel, contact in known.items() if contact.address}
    wanted = {channel for channel in defaults if channel not in known}
    wanted |= {channel for channel, contact in known.items() if contact.wanted}
    phone = known.get(Channel.SMS)
    quiet = (phone.quiet_from, phone.quiet_to) if phone else (QUIET_FROM, QUIET_TO)
    bad = tuple(contact for contact in known.values() if contact.wanted and contact.bad_since is not None)
    return Chosen(addresses, frozenset(wanted), bad, quiet, notifications.muted(session, by.user_id))
