"""Entry by proxy (대리 입력): an official of a 읍·면사무소 or a call centre registers a business with signed consent.

The business belongs to an account that nobody can sign in to until its merchant takes it over; from here on the
official acts for that one business on the merchant's own pages. A record is never overwritten by an entry, and none
counts, for a decision or for the code that hands the account over, before another official has seen the consent.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, ActsFor, Capacity, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem, SamePerson
from portal.domain.mandates import CONSENT_DAYS, EnterByProxy, problems_in_entry
from portal.domain.merchants import MerchantRegistration
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.proxy_entries import (
    BORN_ON,
    LIFECYCLE,
    LONGEST_REASON,
    MIN_REASON,
    as_texts,
    differing,
    from_texts,
    same_name,
    unknown,
)
from portal.domain.representatives import AddRepresentative
from portal.models.accounts import User
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.proxy_entries import ProxyDifference, ProxyEntry
from portal.queries import accounts as people
from portal.queries import merchants as find
from portal.queries import proxy_entries
from portal.services import accounts, activations, mandates, merchants, representatives, steps
from portal.storage.objects import Store


def enter(session: Session, store: Store, command: EnterByProxy, *, by: Actor, at: datetime) -> ProxyEntry:
    """Registers the business, or takes up one that is on record and whose merchant has no account.

    Of the latter nothing is overwritten: what differs is kept for the second look, what is not on record (the sales of
    another year) is added. Raises NotPermitted, Incomplete with everything that is missing or where the person is not
    the one on record, AlreadyDone where the merchant has an account.
    """
    if not by.may(Permission.PROXY_ENTER) or by.organisation_id is None:
        raise NotPermitted("entering for merchants is a clerk's affair")
    if problems := problems_in_entry(command):
        raise Incomplete(problems=problems)
    known = find.by_number(session, command.registration.business_number)
    if known is not None:
        if session.get_one(User, known.owner_id).active:
            raise AlreadyDone(problems=[Problem("merchant_has_account", "business_number")])
        _refuse_other_person(session, known, command)
        merchants.check(command.registration, on=korean_date(at))
    merchant = known or register(session, command.registration, by=by, at=at)
    mandate = _consent(session, store, merchant, command, by=by, at=at)
    entry = ProxyEntry(
        mandate_id=mandate.id,
        mandate=mandate,
        merchant_id=merchant.id,
        merchant=merchant,
        organisation_id=by.organisation_id,
        first_seen=known is None,
        entered_by=by.user_id,
        entered_at=at,
        refusal="",
    )
    steps.begin(session, entry, LIFECYCLE, "enter", by=by, at=at)
    acting = _acting(entry, by)
    if known is not None:
        _propose(session, entry, command, by=acting, at=at)
        _carry_on(session, entry, by=acting, at=at)
    elif command.born_on is not None:
        person = AddRepresentative(command.registration.representative, command.born_on)
        representatives.name(session, merchant.id, person, by=acting, at=at)
    return entry


def confirm(session: Session, entry_id: int, *, by: Actor, at: datetime) -> ProxyEntry:
    """Another official has seen the consent: what it states otherwise than the record is the record from now on.

    Raises NotFound, NotPermitted, SamePerson for whoever entered, InvalidTransition the second time.
    """
    entry = _to_judge(session, entry_id, by)
    entry.decided_by, entry.decided_at = by.user_id, at
    steps.take(session, entry, LIFECYCLE, "confirm", by=by, at=at)
    stated = {each.field: each.stated for each in entry.differences if not each.added}
    _take_in(session, entry, stated, by=by, at=at)
    return entry


def refuse(session: Session, entry_id: int, reason: str, *, by: Actor, at: datetime) -> ProxyEntry:
    """The paper does not carry the entry: nothing of it is taken in, nobody acts by it, its codes open nothing.

    What was handed in keeps its receipt and its place; a new consent carries it on. Raises as `confirm` does, and
    Incomplete without a reason.
    """
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise Incomplete(problems=[Problem("words_too_short", "reason", str(MIN_REASON))])
    if len(reason) > LONGEST_REASON:
        raise Incomplete(problems=[Problem("too_long", "reason")])
    entry = _to_judge(session, entry_id, by)
    entry.decided_by, entry.decided_at, entry.refusal = by.user_id, at, reason
    steps.take(session, entry, LIFECYCLE, "refuse", by=by, at=at, note=reason)
    added = {each.field for each in entry.differences if each.added}
    if added:
        left = {name: text for name, text in proxy_entries.known(session, entry.merchant).items() if name not in added}
        merchants.take_in(session, entry.merchant_id, from_texts(left), by=_acting(entry, by), at=at)
    mandates.refuse(session, entry.mandate, by=by, at=at)
    activations.withdraw(session, entry.merchant.owner_id, at=at)
    return entry


def _to_judge(session: Session, entry_id: int, by: Actor) -> ProxyEntry:
    entry = proxy_entries.held(session, entry_id, by)
    if not by.may(Permission.PROXY_CONFIRM):
        raise NotPermitted("the second look is an official's affair")
    if people.person_of(session, entry.entered_by) == by.person_id:
        raise SamePerson("proxy_entry: confirm apart from enter", [Problem("entry_own")])
    return entry


def _refuse_other_person(session: Session, merchant: Merchant, command: EnterByProxy) -> None:
    """Name and, where it is known, birthday must be those on record. Which of both differs is not said."""
    name, born_on = command.registration.representative, command.born_on
    named = proxy_entries.named(session, merchant, name)
    right = same_name(name, merchant.representative) or bool(named)
    if not right or (named and born_on not in [each.birthday for each in named]):
        raise Incomplete(problems=[Problem("entry_other_person", "representative")])


def _consent(
    session: Session, store: Store, merchant: Merchant, command: EnterByProxy, *, by: Actor, at: datetime
) -> Mandate:
    return mandates.add(
        session,
        store,
        merchant,
        session.get_one(User, by.user_id),
        Capacity.CONSENT,
        command.consent,
        until=korean_date(at) + timedelta(days=CONSENT_DAYS),
        organisation_id=by.organisation_id,
        office=command.office.strip(),
        by=by,
        at=at,
    )


def _propose(session: Session, entry: ProxyEntry, command: EnterByProxy, *, by: Actor, at: datetime) -> None:
    on_record = proxy_entries.known(session, entry.merchant)
    stated = as_texts(command.registration, command.born_on)
    if not same_name(stated["representative"], on_record["representative"]):
        del stated[BORN_ON]  # a joint representative came, whose birthday was compared already
    stated["representative"] = on_record["representative"]
    added = unknown(on_record, stated)
    born = {BORN_ON: added.pop(BORN_ON)} if BORN_ON in added else {}  # whose birthday it is, a second person sees too
    for found, at_once in ((differing(on_record, stated) | born, False), (added, True)):
        entry.differences += [ProxyDifference(field=name, stated=text, added=at_once) for name, text in found.items()]
    session.flush()
    if added:
        merchants.take_in(session, entry.merchant_id, from_texts(on_record | added), by=by, at=at)


def _take_in(session: Session, entry: ProxyEntry, stated: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """In the name of whoever looked: the trail says by which consent."""
    acting, plain = _acting(entry, by), {name: text for name, text in stated.items() if name != BORN_ON}
    if plain:
        on_record = proxy_entries.known(session, entry.merchant)
        merchants.take_in(session, entry.merchant_id, from_texts(on_record | plain), by=acting, at=at)
    name = entry.merchant.representative
    if BORN_ON in stated and not proxy_entries.named(session, entry.merchant, name):
        person = AddRepresentative(name, date.fromisoformat(stated[BORN_ON]))
        representatives.name(session, entry.merchant_id, person, by=acting, at=at)


def _carry_on(session: Session, entry: ProxyEntry, *, by: Actor, at: datetime) -> None:
    """What an entry began that was refused or ended unseen stands on this consent now."""
    for application in proxy_entries.left_behind(session, entry.merchant_id, entry.organisation_id):
        application.mandate_id = entry.mandate_id
        steps.write(session, "application", application.id, "carry_on", by=by, at=at)


def _acting(entry: ProxyEntry, by: Actor) -> Actor:
    place = entry.merchant
    return replace(by, acts_for=ActsFor(entry.mandate_id, place.id, Capacity.CONSENT, place.trade_name))


def register(session: Session, registration: MerchantRegistration, *, by: Actor, at: datetime) -> Merchant:
    """A business that its merchant did not enter: its account has no address and a password nobody knows."""
    owner = accounts.open_account(
        session,
        login=f"unclaimed-{secrets.token_hex(12)}",
        name=registration.representative or "-",
        password=secrets.token_urlsafe(32),
        roles=[Role.MERCHANT],
        at=at,
    )
    owner.active = False
    return merchants.register(session, registration, owner_id=owner.id, by=by, at=at)
