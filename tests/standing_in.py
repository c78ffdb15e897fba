"""Makes clerks who enter by proxy and agents with a power of attorney, for tests of who may do what in whose place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.mandates import EnterByProxy, GiveMandate, Paper
from portal.domain.periods import korean_date
from portal.domain.representatives import AddRepresentative
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.proxy_entries import ProxyEntry
from portal.queries import mandates as look_up
from portal.queries import proxy_entries as look_up_entries
from portal.queries.programmes import Published
from portal.services import applications, documents, mandates, proxy_entries, proxy_looks, representatives
from portal.storage.objects import Stores
from tests.applying import DRAFT, PDF, REQUIRED, ready, registration, upload
from tests.cases import business_number
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

CONSENT = Paper("동의서.pdf", "application/pdf", PDF + b"consent")
ATTORNEY = Paper("위임장.pdf", "application/pdf", PDF + b"attorney")
OFFICE = "구례읍사무소"
CODE = "gurye-2020-o2o"
UNTIL = date(2026, 12, 31)
BORN = date(1963, 4, 5)
_SERIALS = 70_000  # business numbers that no other maker of tests gives


def entry(
    *,
    serial: int = 1,
    consent: Paper = CONSENT,
    office: str = OFFICE,
    born_on: date | None = BORN,
    programmes: frozenset[str] = frozenset({CODE}),
    **changes: Any,
) -> EnterByProxy:
    """What a clerk enters; every serial has a business number of its own. The consent names Gurye's programme."""
    stated = {"business_number": business_number(_SERIALS + serial), **changes}
    return EnterByProxy(registration(**stated), office, consent, born_on, programmes)


def make_clerk(session: Session, *roles: Role, name: str = "읍직원") -> User:
    return make_official(session, Role.CLERK, *roles, name=name)


def enter(session: Session, stores: Stores, clerk: User, *, at: datetime = AT, **changes: Any) -> Mandate:
    if session.scalar(select(Programme).limit(1)) is None:
        make_programme(session)
    return proxy_entries.enter(session, stores.evidence, entry(**changes), by=actor(clerk), at=at).mandate


def confirm(session: Session, mandate: Mandate, *, by: User | None = None, at: datetime = AT) -> ProxyEntry:
    """The second look: another official has seen the consent."""
    found = look_up_entries.of_mandate(session, mandate.id)
    assert found is not None
    by = by or make_official(session, Role.REVIEWER, name="둘째 담당자")
    return proxy_looks.confirm(session, found.id, by=actor(by), at=at)


def give(
    session: Session,
    stores: Stores,
    place: Merchant,
    owner: User,
    agent: User,
    *,
    until: date = UNTIL,
    at: datetime = AT,
) -> Mandate:
    command = GiveMandate(place.id, agent.login, until, ATTORNEY)
    return mandates.give(session, stores.evidence, command, by=actor(owner), at=at)


def acting(session: Session, user: User, mandate: Mandate, *, at: datetime = AT) -> Actor:
    """The person while they act by the mandate, as a signed-in browser makes them."""
    place = session.get_one(Merchant, mandate.merchant_id)
    return replace(actor(user), acts_for=look_up.acts_for(mandate, place.trade_name, korean_date(at)))


def fill(session: Session, stores: Stores, programme: Published, by: Actor, *, at: datetime = AT) -> Application:
    """A draft to which nothing is missing, of the business that `by` acts for."""
    assert by.acts_for is not None
    draft = applications.start(session, programme.programme.code, by.acts_for.merchant_id, by=by, at=at)
    applications.save_draft(session, draft.id, DRAFT, by=by, at=at)
    for code in REQUIRED:
        documents.attach(session, stores.evidence, draft.id, upload(code, serial=draft.id), by=by, at=at)
    return draft


def handed_in(
    session: Session, stores: Stores, programme: Published, clerk: User, *, at: datetime = AT, **changes: Any
) -> tuple[Application, Mandate]:
    """An application entered by proxy and handed in."""
    mandate = enter(session, stores, clerk, at=at, **changes)
    by = acting(session, clerk, mandate, at=at)
    draft = fill(session, stores, programme, by, at=at)
    return applications.submit(session, draft.id, by=by, at=at), mandate


def _looked_at(session: Session, stores: Stores) -> None:
    """Entries of another counter: one that states the record otherwise, one confirmed, one refused."""
    first, second = (make_clerk(session, name=name) for name in ("앞 창구", "뒤 창구"))
    enter(session, stores, first, serial=11)
    scan = Paper("동의서.png", "image/png", CONSENT.content)
    sales = {2025: 120_000_000, 2024: 60_000_000, 2023: 50_000_000}
    enter(session, stores, second, serial=11, trade_name="새 이름", address="봉성로 9", sales=sales, consent=scan)
    confirm(session, enter(session, stores, first, serial=12), by=second)
    refused = look_up_entries.of_mandate(session, enter(session, stores, first, serial=13).id)
    assert refused is not None
    proxy_looks.refuse(session, refused.id, "동의서에 서명이 없습니다.", by=actor(second), at=AT)


def clerk_owner_and_agent(session: Session, stores: Stores, programme: Published) -> tuple[list[User], str]:
    """A clerk with a case handed in and one begun; an owner with an agent, a former one, and joint representatives
    who have not signed yet. Returns who meets them, and where the signatures are marked.
    """
    clerk, owner, agent, former = (
        make_clerk(session),
        *(make_merchant_user(session, name=name) for name in ("맡긴 사람", "맡은 사람", "맡았던 사람")),
    )
    handed_in(session, stores, programme, clerk)
    _looked_at(session, stores)
    fill(session, stores, programme, acting(session, clerk, enter(session, stores, clerk, serial=2)))
    draft = ready(session, stores, programme, owner, serial=_SERIALS + 3)
    for name in ("박공동", "최공동"):
        person = AddRepresentative(name, date(1971, 3, 4))
        representatives.add(session, draft.merchant_id, person, by=actor(owner), at=AT)
    give(session, stores, draft.merchant, owner, agent)
    over = give(session, stores, draft.merchant, owner, former)
    mandates.revoke(session, over.id, by=actor(owner), at=AT)
    return [clerk, owner, agent], f"/my/applications/{draft.id}/signatures"
