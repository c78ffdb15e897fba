"""Entry by proxy (대리 입력): an official of a 읍·면사무소 or a call centre registers a business with signed consent.

The business belongs to an account that nobody can sign in to until its merchant takes it over; from here on the
official acts for that one business on the merchant's own pages.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, ActsFor, Capacity, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.mandates import CONSENT_DAYS, EnterByProxy, problems_in_entry
from portal.domain.merchants import MerchantRegistration
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.representatives import AddRepresentative
from portal.models.accounts import User
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.queries import merchants as find
from portal.services import accounts, mandates, merchants, representatives
from portal.storage.objects import Store


def enter(session: Session, store: Store, command: EnterByProxy, *, by: Actor, at: datetime) -> Mandate:
    """Registers the business, or takes up one that was entered before and still has no account of its merchant's.

    Raises NotPermitted, Incomplete with everything that is missing, AlreadyDone where the merchant has an account.
    """
    if not by.may(Permission.PROXY_ENTER) or by.organisation_id is None:
        raise NotPermitted("entering for merchants is a clerk's affair")
    known = find.by_number(session, command.registration.business_number)
    problems = problems_in_entry(command)
    if known is None and command.born_on is None:
        problems.append(Problem("required", "born_on"))
    if problems:
        raise Incomplete(problems=problems)
    if known is not None and session.get_one(User, known.owner_id).active:
        raise AlreadyDone(problems=[Problem("merchant_has_account", "business_number")])
    merchant = known or register(session, command.registration, by=by, at=at)
    mandate = mandates.add(
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
    acting = replace(by, acts_for=ActsFor(mandate.id, merchant.id, Capacity.CONSENT, merchant.trade_name))
    if known is not None:
        merchants.update(session, merchant.id, command.registration, by=acting, at=at)
    elif command.born_on is not None:
        person = AddRepresentative(command.registration.representative, command.born_on)
        representatives.add(session, merchant.id, person, by=acting, at=at)
    return mandate


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
