"""A platform's sandbox: a twin organisation with invented merchants whose links wait, so that all can be tried at once.

A twin has no officials, programmes or money: what is done in it meets no claim, no ledger and no statistics. Beginning
again founds a new twin and leaves the old one to the past; nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.codes import Region
from portal.domain.errors import NotFound, NotPermitted
from portal.domain.identifiers import is_business_number
from portal.domain.links import LinkProposal
from portal.domain.merchants import MerchantRegistration
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.models.accounts import Organisation, Person, User
from portal.models.api_clients import ApiClient, Sandbox, SandboxMerchant
from portal.models.links import PlatformLink
from portal.models.merchants import Merchant
from portal.queries import accounts, api_clients
from portal.queries import merchants as known
from portal.services import links, merchants, steps

LINKED_FROM = date(2026, 3, 1)
_NO_PASSWORD = "-"  # noqa: S105 (not a hash, so no password matches it)
_SERIES = "99990"  # of business numbers: no tax office gives 999


@dataclass(frozen=True, slots=True)
class Example:
    """A shop that names a store. `vouched`: the platform has said already that it is right."""

    trade_name: str
    store: int
    vouched: bool = False


# The last one names the store of the first: confirming it is refused as a conflict.
EXAMPLES = (
    Example("연습 국밥", 1, vouched=True),
    Example("연습 치킨", 2),
    Example("연습 카페", 3),
    Example("연습 분식", 1),
)


def twin_of(session: Session, organisation: Organisation) -> Organisation:
    """The organisation's practice twin, founded when it is first asked for."""
    found = api_clients.sandbox_of(session, organisation.id)
    if found is not None:
        return found
    twin = _found(session, organisation, f"{organisation.code}-sandbox")
    session.add(Sandbox(organisation_id=twin.id, sandbox_of=organisation.id))
    session.flush()
    return twin


def furnish(session: Session, client: ApiClient, *, at: datetime) -> None:
    """Puts the examples of the client's platform into its twin, unless they are there."""
    there = select(PlatformLink.id).join(SandboxMerchant, SandboxMerchant.merchant_id == PlatformLink.merchant_id)
    twin = client.data_organisation_id
    mine = (SandboxMerchant.organisation_id == twin, PlatformLink.platform == client.platform)
    if session.scalar(there.where(*mine).limit(1)) is not None:
        return
    numbers = _free_numbers(session)
    for example in EXAMPLES:
        merchant, owner = _merchant(session, example, next(numbers), twin, at=at)
        proposal = LinkProposal(client.platform, store_id(twin, example.store), LINKED_FROM)
        link = links.propose(session, merchant.id, proposal, by=owner, at=at)
        if example.vouched:
            platform = api_clients.actor_of(client)
            links.vouch(session, link.id, platform=client.platform, by=platform, at=at)


def store_id(organisation_id: int, number: int) -> str:
    """A store of a twin; it holds the twin's number, so that it is nobody else's store."""
    return f"PRACTICE-{organisation_id}-{number}"


def begin_again(session: Session, *, by: Actor, at: datetime) -> Organisation:
    """A fresh twin for every client of the administrator's organisation that practises. Raises NotFound without any."""
    if by.organisation_id is None or not by.may(Permission.CLIENT_MANAGE):
        raise NotPermitted(Permission.CLIENT_MANAGE)
    sandbox = session.scalar(select(Sandbox).where(Sandbox.sandbox_of == by.organisation_id).with_for_update())
    if sandbox is None:
        raise NotFound("no client of the organisation practises")
    before = sandbox.organisation_id
    twin = _found(session, session.get_one(Organisation, by.organisation_id), f"{by.organisation_id}-sandbox-{before}")
    sandbox.organisation_id = twin.id
    theirs = ApiClient.data_organisation_id == before
    session.execute(update(ApiClient).where(theirs).values(data_organisation_id=twin.id))
    session.flush()
    for client in session.scalars(select(ApiClient).where(ApiClient.data_organisation_id == twin.id)):
        furnish(session, client, at=at)
    steps.write(session, "sandbox", sandbox.id, "begin_again", by=by, at=at, details={"twin": twin.id, "was": before})
    return twin


def _found(session: Session, organisation: Organisation, code: str) -> Organisation:
    twin = Organisation(
        code=code,
        name=f"{organisation.name} (연습)",
        head_title=organisation.head_title,
        level=organisation.level,
        region_code=organisation.region_code,
        contact_unit=organisation.contact_unit,
        contact_phone=organisation.contact_phone,
        contact_email=organisation.contact_email,
        address=organisation.address,
    )
    session.add(twin)
    session.flush()
    return twin


def _merchant(session: Session, example: Example, number: str, twin: int, *, at: datetime) -> tuple[Merchant, Actor]:
    """An invented business place and its owner, whose account nobody can sign in to."""
    person = Person(name=f"{example.trade_name} 대표")
    session.add(person)
    session.flush()
    account = User(
        person_id=person.id, login=f"{number}@practice.invalid", password_hash=_NO_PASSWORD, active=False, created_at=at
    )
    session.add(account)
    session.flush()
    owner = accounts.actor_of(account)
    merchant = merchants.register(session, _registration(example, number, korean_date(at)), by=owner, at=at)
    session.add(SandboxMerchant(merchant_id=merchant.id, organisation_id=twin))
    session.flush()
    return merchant, owner


def _registration(example: Example, number: str, on: date) -> MerchantRegistration:
    edition, industry = next(iter(data.industry_names()))
    return MerchantRegistration(
        business_number=number,
        trade_name=example.trade_name,
        representative=f"{example.trade_name} 대표",
        phone="01000000000",
        region_code=_region(on).code,
        address="연습로 1",
        industry_edition=edition,
        industry_code=industry,
        opened_on=date(2020, 1, 2),
        regular_workers=Decimal(0),
        sales={},
        bank_code=next(iter(data.banks())),
        account_number=f"{number}00",
        account_holder=f"{example.trade_name} 대표",
    )


def _region(on: date) -> Region:
    return next(region for region in data.regions() if len(region.code) > 2 and region.valid_on(on))


def _free_numbers(session: Session) -> Iterator[str]:
    for nine in range(10**4):
        number = next(text for check in range(10) if is_business_number(text := f"{_SERIES}{nine:04d}{check}"))
        if not known.number_taken(session, number):
            yield number
