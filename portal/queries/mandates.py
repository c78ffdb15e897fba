"""Looks up who stands in for whom, and says for every other look-up which businesses are an actor's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, or_, select, true, union
from sqlalchemy.orm import Session, aliased, lazyload, selectinload

from portal.domain.actors import Actor, ActsFor, Capacity
from portal.domain.applications import ENTERED
from portal.domain.errors import NotFound
from portal.domain.mandates import LIFECYCLE, MandateStatus, stands
from portal.domain.proxy_entries import EntryStatus
from portal.models.accounts import LoginSession, Person, User
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.proxy_entries import ProxyEntry
from portal.queries.consents import by_consent


@dataclass(frozen=True, slots=True)
class Standing:
    """A mandate with the names around it; `claimed`: whether the merchant has taken the account over; `look`: the
    entry by proxy that it was given for, and whether somebody else has seen it.
    """

    mandate: Mandate
    merchant: Merchant
    holder: str
    login: str
    title: str
    claimed: bool
    look: ProxyEntry | None = None
    actions: Sequence[str] = ()


def mine(by: Actor) -> ColumnElement[bool]:
    """Which businesses are theirs: their own, or, while they stand in for a merchant, that one alone."""
    if by.acts_for is not None:
        return Merchant.id == by.acts_for.merchant_id
    return Merchant.owner_id == by.user_id


def my_case(by: Actor) -> ColumnElement[bool]:
    """Which applications of their businesses are theirs to see: by a consent those alone that it was given for, to an
    association those that it made for its member.
    """
    if by.acts_for is None or by.acts_for.capacity is Capacity.ATTORNEY:
        return mine(by)
    if by.is_association:
        given = select(Mandate.id).where(
            Mandate.holder_id == by.user_id,
            Mandate.capacity == Capacity.ASSOCIATION,
            Mandate.status != MandateStatus.REVOKED,  # what a member took back, a later consent does not open again
        )
        return and_(mine(by), Application.mandate_id.in_(given))
    return and_(mine(by), by_consent(by))


def is_mine(merchant: Merchant, by: Actor) -> bool:
    """The same of one business."""
    if by.acts_for is not None:
        return merchant.id == by.acts_for.merchant_id
    return merchant.owner_id == by.user_id


def acts_for(mandate: Mandate | None, name: str | None, on: date) -> ActsFor | None:
    """What a session's mandate lets its holder do today; None once it is over."""
    if mandate is None or not stands(mandate.status, mandate.until, on):
        return None
    return ActsFor(mandate.id, mandate.merchant_id, mandate.capacity, name or "")


def name_of_session() -> ScalarSelect[str]:
    """The name of the business that a login session acts for: for the query that looks the session up."""
    return (
        select(Merchant.trade_name)
        .join(Mandate, Mandate.merchant_id == Merchant.id)
        .where(Mandate.id == LoginSession.mandate_id)
        .correlate(LoginSession)
        .scalar_subquery()
    )


def stands_in(by: Actor) -> ColumnElement[bool]:
    """Whether this person entered the application asked for, or may still act for its merchant."""
    return exists(
        select(Mandate.id)
        .join(User, User.id == Mandate.holder_id)
        .where(
            Mandate.merchant_id == Application.merchant_id,
            User.person_id == by.person_id,
            or_(Mandate.id == Application.mandate_id, Mandate.status == MandateStatus.ACTIVE),
        )
        .correlate(Application)
    )


def own_cases(session: Session, by: Actor) -> set[int]:
    """The ids of the applications of this person's own businesses, whichever account owns them."""
    return set(session.scalars(_owned_by(by)))


def stood_in_for(session: Session, by: Actor) -> set[int]:
    """The ids of the applications that this person entered, whatever became of the mandate, and of the businesses that
    they may still act for.
    """
    return set(session.scalars(union(*_entered_by(by))))


def hands_in(session: Session, by: Actor) -> set[int]:
    """The cases that this person neither decides nor pays: their own, and those that they entered."""
    return set(session.scalars(union(_owned_by(by), *_entered_by(by))))


def _owned_by(by: Actor) -> Select[int]:
    owned = select(Application.id).join(Merchant, Merchant.id == Application.merchant_id)
    return owned.join(User, User.id == Merchant.owner_id).where(User.person_id == by.person_id)


def _entered_by(by: Actor) -> tuple[Select[int], Select[int]]:
    theirs = select(Application.id).join(Mandate, Mandate.merchant_id == Application.merchant_id)
    theirs = theirs.join(User, User.id == Mandate.holder_id).where(User.person_id == by.person_id)
    stands = or_(Mandate.id == Application.mandate_id, Mandate.status == MandateStatus.ACTIVE)
    entered = select(AuditEvent.record_id).where(
        AuditEvent.noun == "application",
        AuditEvent.record_id.in_(theirs),
        AuditEvent.action.in_(ENTERED),
        AuditEvent.person_id == by.person_id,
    )
    return theirs.where(stands), entered


def has_stood_in(session: Session, merchant_id: int, by: Actor) -> bool:
    """Whether this person ever stood in for the business."""
    held = select(Mandate.id).join(User, User.id == Mandate.holder_id)
    mine = Mandate.merchant_id == merchant_id, User.person_id == by.person_id
    return session.scalar(held.where(*mine).limit(1)) is not None


def held(session: Session, by: Actor, on: date) -> Sequence[Standing]:
    """For whom this account may act today, the latest first."""
    return _standings(
        session,
        Mandate.holder_id == by.user_id,
        Mandate.status == MandateStatus.ACTIVE,
        Mandate.until >= on,
    )


def given(session: Session, by: Actor) -> Sequence[Standing]:
    """The agents of one's own businesses, past ones too, each with what may be done about it."""
    return _standings(session, mine(by), _own_if_agent(by), Mandate.capacity != Capacity.CONSENT, by=by)


def entered(session: Session, by: Actor) -> Sequence[Standing]:
    """For whom an official entered, past ones too."""
    return _standings(session, Mandate.holder_id == by.user_id, Mandate.capacity == Capacity.CONSENT)


def entered_place(session: Session, merchant_id: int, by: Actor) -> Merchant | None:
    """A business that this official entered before and whose merchant has no account yet: it is on record already.

    Only where they stated that record themselves or somebody else has seen the consent: any other shows them nothing.
    """
    return session.scalar(
        select(Merchant)
        .join(User, User.id == Merchant.owner_id)
        .join(Mandate, Mandate.merchant_id == Merchant.id)
        .where(
            Merchant.id == merchant_id,
            ~User.active,
            Mandate.holder_id == by.user_id,
            Mandate.capacity == Capacity.CONSENT,
        )
        .join(ProxyEntry, ProxyEntry.mandate_id == Mandate.id)
        .where(or_(ProxyEntry.first_seen, ProxyEntry.status == EntryStatus.CONFIRMED))
        .limit(1)
    )


def to_act(session: Session, mandate_id: int, by: Actor, on: date) -> Mandate:
    """A mandate of one's own that lasts. Raises NotFound for every other."""
    found = lasting(session, mandate_id, by, on)
    if found is None:
        raise NotFound(f"mandate {mandate_id}")
    return found


def lasting(session: Session, mandate_id: int, by: Actor, on: date) -> Mandate | None:
    """The same; None for every other."""
    found = session.get(Mandate, mandate_id)
    if found is None or found.holder_id != by.user_id or not stands(found.status, found.until, on):
        return None
    return found


def of_owner(session: Session, mandate_id: int, by: Actor) -> Mandate:
    """A mandate for a business of one's own. Raises NotFound."""
    found = session.scalar(
        select(Mandate)
        .join(Merchant, Merchant.id == Mandate.merchant_id)
        .where(Mandate.id == mandate_id, mine(by), _own_if_agent(by))
        .with_for_update(of=Mandate)
    )
    if found is None:
        raise NotFound(f"mandate {mandate_id}")
    return found


def of_case(session: Session, application: Application) -> Standing | None:
    """By which mandate an application was entered."""
    if application.mandate_id is None:
        return None
    return _standings(session, Mandate.id == application.mandate_id)[0]


def paper_of_case(session: Session, application_id: int, by: Actor) -> Mandate:
    """The consent or power of attorney behind a case of the official's organisation. Raises NotFound."""
    found = session.scalar(
        select(Mandate)
        .join(Application, Application.mandate_id == Mandate.id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Application.id == application_id,
            Application.submitted_at.is_not(None),
            Programme.organisation_id == by.organisation_id,
        )
    )
    if found is None:
        raise NotFound(f"application {application_id}: no mandate")
    return found


def living(session: Session, merchant_id: int, *conditions: ColumnElement[bool]) -> Sequence[Mandate]:
    """The mandates for a business that were not ended."""
    return session.scalars(
        select(Mandate)
        .where(Mandate.merchant_id == merchant_id, Mandate.status == MandateStatus.ACTIVE, *conditions)
        .order_by(Mandate.id)
    ).all()


def handed_in(session: Session, by: Actor) -> Sequence[Any]:
    """(application, business) that an official started or handed in by consent, the latest first."""
    return session.execute(
        select(Application, Merchant)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(Mandate, Mandate.id == Application.mandate_id)
        .where(Mandate.holder_id == by.user_id, Mandate.capacity == Capacity.CONSENT)
        .order_by(Application.id.desc())
        .limit(50)
    ).all()


def _own_if_agent(by: Actor) -> ColumnElement[bool]:
    """Whoever acts in an owner's place sees their own paper, and nobody else's."""
    return true() if by.acts_for is None else Mandate.holder_id == by.user_id


def _standings(session: Session, *conditions: ColumnElement[bool], by: Actor | None = None) -> Sequence[Standing]:
    owner = aliased(User)
    rows = session.execute(
        select(Mandate, Merchant, Person.name, User.login, User.title, owner.active, ProxyEntry)
        .join(Merchant, Merchant.id == Mandate.merchant_id)
        .join(owner, owner.id == Merchant.owner_id)
        .join(User, User.id == Mandate.holder_id)
        .join(Person, Person.id == User.person_id)
        .outerjoin(ProxyEntry, ProxyEntry.mandate_id == Mandate.id)
        .options(lazyload(ProxyEntry.mandate), lazyload(ProxyEntry.merchant), lazyload(ProxyEntry.differences))
        .options(selectinload(Mandate.programmes))
        .where(*conditions)
        .order_by(Mandate.id.desc())
    )
    return [
        Standing(mandate, merchant, name, login, title, claimed, look, _actions(mandate, by))
        for mandate, merchant, name, login, title, claimed, look in rows
    ]


def _actions(mandate: Mandate, by: Actor | None) -> Sequence[str]:
    if by is None or by.acts_for is not None:
        return ()
    return LIFECYCLE.actions(mandate.status, by, {})
