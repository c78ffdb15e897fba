"""Entry by proxy (대리 입력): an official of a 읍·면사무소 or a call centre registers a business with signed consent.

The business belongs to an account that nobody can sign in to until its merchant takes it over; from here on the
official acts for that one business on the merchant's own pages. A record is never overwritten by an entry, and none
counts, for a decision or for the code that hands the account over, before another official has seen the consent. When
an entry may state another name or birthday than the record says portal/domain/proxy_entries.py. Whom an association
hands in by its list waits for the same look.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
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
    ENTER,
    ENTER_LISTED,
    LIFECYCLE,
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
from portal.models.programmes import Programme
from portal.models.proxy_entries import ProxyDifference, ProxyEntry
from portal.queries import accounts as people
from portal.queries import merchants as find
from portal.queries import programmes, proxy_entries
from portal.services import accounts, mandates, merchants, representatives, steps
from portal.storage.objects import Store


def enter(session: Session, store: Store, command: EnterByProxy, *, by: Actor, at: datetime) -> ProxyEntry:
    """Registers the business, or takes up one that is on record and whose merchant has no account.

    Of the latter nothing is overwritten: what differs is kept for the second look, what is not on record (the sales of
    another year) is added. Raises NotPermitted, Incomplete with everything that is missing or where the person is not
    the one on record and the record is not one to be corrected, AlreadyDone where the merchant has an account, or this
    clerk has a consent for one of the programmes.
    """
    if not by.may(Permission.PROXY_ENTER) or by.organisation_id is None:
        raise NotPermitted("entering for merchants is a clerk's affair")
    if problems := problems_in_entry(command):
        raise Incomplete(problems=problems)
    known = find.by_number(session, command.registration.business_number)
    if known is not None:
        proxy_entries.hold_record(session, known.id)
        if session.get_one(User, known.owner_id).active:
            raise AlreadyDone(problems=[Problem("merchant_has_account", "business_number")])
        _refuse_other_person(session, known, command.registration, command.born_on, by.organisation_id, by)
        merchants.check(command.registration, on=korean_date(at))
    merchant = known or register(session, command.registration, by=by, at=at)
    mandate = _consent(session, store, merchant, command, by=by, at=at)
    entry = _begin(session, mandate, merchant, by.organisation_id, ENTER, first_seen=known is None, by=by, at=at)
    own = acting(entry, by)
    if known is not None:
        _propose(session, entry, command.registration, command.born_on, by=own, at=at)
        _carry_on(session, entry, by=own, at=at)
    elif command.born_on is not None:
        person = AddRepresentative(command.registration.representative, command.born_on)
        representatives.name(session, merchant.id, person, by=own, at=at)
    return entry


def enter_listed(
    session: Session,
    mandate: Mandate,
    merchant: Merchant,
    stated: MerchantRegistration,
    born_on: date | None,
    organisation_id: int,
    *,
    first_seen: bool,
    by: Actor,
    at: datetime,
) -> ProxyEntry:
    """Whom an association hands in by a signed list: an official of the office compares name, birthday and account
    with the paper before the case is decided.

    What it states otherwise than a record that it made itself, and that nobody has vouched for, waits for that look; of
    every other record nothing is changed. Raises Incomplete as `enter` does.
    """
    proxy_entries.hold_record(session, merchant.id)
    anew = not first_seen and proxy_entries.made_by(session, merchant, by)
    if anew:
        _refuse_other_person(session, merchant, stated, born_on, organisation_id, by)
    entry = _begin(session, mandate, merchant, organisation_id, ENTER_LISTED, first_seen=first_seen, by=by, at=at)
    if anew:
        _propose(session, entry, stated, born_on, by=acting(entry, by), at=at)
    return entry


def _refuse_other_person(
    session: Session,
    merchant: Merchant,
    stated: MerchantRegistration,
    born_on: date | None,
    organisation_id: int,
    by: Actor,
) -> None:
    """Name and, where it is known, birthday must be those on record. Which of both differs is not said.

    A record that may be corrected is one by somebody else than whoever said that it is wrong.
    """
    name = stated.representative
    named = proxy_entries.named(session, merchant, name)
    right = same_name(name, merchant.representative) or bool(named)
    if right and (not named or born_on in [each.birthday for each in named]):
        return
    refused = proxy_entries.correctable(session, merchant, organisation_id)
    if refused is None:
        raise Incomplete(problems=[Problem("entry_other_person", "representative")])
    if refused.decided_by is not None and people.person_of(session, refused.decided_by) == by.person_id:
        raise SamePerson("proxy_entry: correct apart from refuse", [Problem("entry_corrected_by_judge")])


def _begin(
    session: Session,
    mandate: Mandate,
    merchant: Merchant,
    organisation_id: int,
    action: str,
    *,
    first_seen: bool,
    by: Actor,
    at: datetime,
) -> ProxyEntry:
    entry = ProxyEntry(
        mandate_id=mandate.id,
        mandate=mandate,
        merchant_id=merchant.id,
        merchant=merchant,
        organisation_id=organisation_id,
        first_seen=first_seen,
        entered_by=by.user_id,
        entered_at=at,
        refusal="",
    )
    steps.begin(session, entry, LIFECYCLE, action, by=by, at=at)
    return entry


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
        programmes=_named(session, command),
        by=by,
        at=at,
    )


def _named(session: Session, command: EnterByProxy) -> Sequence[Programme]:
    """The programmes that the consent names. Raises Incomplete for one that there is not."""
    found = programmes.by_codes(session, command.programmes)
    if len(found) != len(command.programmes):
        raise Incomplete(problems=[Problem("unknown_choice", "programmes")])
    return found


def _propose(
    session: Session,
    entry: ProxyEntry,
    registration: MerchantRegistration,
    born_on: date | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    on_record, stated = proxy_entries.known(session, entry.merchant), as_texts(registration, born_on)
    joint = proxy_entries.named(session, entry.merchant, stated["representative"])
    if not same_name(stated["representative"], on_record["representative"]) and joint:
        del stated[BORN_ON]  # a joint representative came, whose birthday was compared already
        stated["representative"] = on_record["representative"]
    elif same_name(stated["representative"], on_record["representative"]):
        stated["representative"] = on_record["representative"]
    added = unknown(on_record, stated)
    born = {BORN_ON: added.pop(BORN_ON)} if BORN_ON in added else {}  # whose birthday it is, a second person sees too
    for found, at_once in ((differing(on_record, stated) | born, False), (added, True)):
        entry.differences += [ProxyDifference(field=name, stated=text, added=at_once) for name, text in found.items()]
    session.flush()
    if added:
        merchants.take_in(session, entry.merchant_id, from_texts(on_record | added), by=by, at=at)


def _carry_on(session: Session, entry: ProxyEntry, *, by: Actor, at: datetime) -> None:
    """What an entry began that was refused or ended unseen stands on this consent now."""
    for application in proxy_entries.left_behind(session, entry):
        application.mandate_id = entry.mandate_id
        steps.write(session, "application", application.id, "carry_on", by=by, at=at)


def acting(entry: ProxyEntry, by: Actor) -> Actor:
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
