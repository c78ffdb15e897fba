"""Looks up associations' applications: for the association, for its members, and for the office that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, lazyload

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.mandates import MandateStatus
from portal.domain.proxy_entries import EntryStatus
from portal.domain.rosters import GONE, READY, MemberStatus, RosterStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.proxy_entries import ProxyEntry
from portal.models.rosters import Roster, RosterMember, RosterPaper
from portal.queries import programmes
from portal.queries.mandates import mine

M = MemberStatus
PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """An association's application with the members that stand on its list, in the order in which they were added.
    `ended`: the applications of which a member took back what it had consented to; they are its own affair since.
    `refused`: mandate -> why an official could not confirm what is listed.
    """

    roster: Roster
    members: Sequence[RosterMember]
    papers: Mapping[int, RosterPaper]
    ended: Mapping[int, MandateStatus] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)

    def of(self, *statuses: MemberStatus) -> list[RosterMember]:
        return [member for member in self.members if member.status in statuses]

    @property
    def ready(self) -> list[RosterMember]:
        """Those that consent and are not handed in yet."""
        return self.of(*READY)

    @property
    def open(self) -> bool:
        return self.roster.status is not RosterStatus.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of a business number: its business, and whether somebody signs in for it."""

    merchant: Merchant
    claimed: bool


def of_account(session: Session, by: Actor) -> Sequence[Roster]:
    """The associations' applications of one account, the latest first."""
    return session.scalars(select(Roster).where(Roster.account_id == by.user_id).order_by(Roster.id.desc())).all()


def owned(session: Session, roster_id: int, by: Actor) -> Roster:
    """One of them. Raises NotFound, for another's too, and while acting for somebody."""
    found = session.get(Roster, roster_id)
    if found is None or found.account_id != by.user_id or by.acts_for is not None:
        raise NotFound(f"roster {roster_id}")
    return found


def listed(session: Session, roster: Roster) -> Listed:
    """Its members, with the application of each. Two statements."""
    members = session.scalars(
        select(RosterMember)
        .where(RosterMember.roster_id == roster.id, RosterMember.status != M.REMOVED)
        .options(joinedload(RosterMember.application))
        .order_by(RosterMember.id)
    ).all()
    return Listed(roster, members, {paper.id: paper for paper in roster.papers})


def own(session: Session, roster_id: int, by: Actor) -> Listed:
    """One's own list as the association sees it. Raises NotFound."""
    found = listed(session, owned(session, roster_id, by))
    handed_in = [each.application_id for each in found.members if each.application_id is not None]
    rows = session.execute(
        select(Application.id, Mandate.status)
        .join(Mandate, Mandate.id == Application.mandate_id)
        .where(Application.id.in_(handed_in), Mandate.status == MandateStatus.REVOKED)
    )
    looks = looks_of(session, found)
    refused = {number: look.refusal for number, look in looks.items() if look.status is EntryStatus.REFUSED}
    return replace(found, ended=dict(rows.all()), refused=refused)


def member(session: Session, roster_id: int, member_id: int, by: Actor) -> RosterMember:
    """One member of one's own list. Raises NotFound."""
    owned(session, roster_id, by)
    found = session.get(RosterMember, member_id, with_for_update={"of": RosterMember}, populate_existing=True)
    if found is None or found.roster_id != roster_id:
        raise NotFound(f"member {member_id}")
    return found


def asked(session: Session, by: Actor) -> Sequence[RosterMember]:
    """Where associations list a business of this person that has an account: asked, answered or handed in."""
    return session.scalars(
        select(RosterMember)
        .join(Merchant, Merchant.business_number == RosterMember.business_number)
        .where(mine(by), RosterMember.way == "portal", RosterMember.status != M.REMOVED)
        .order_by(RosterMember.id.desc())
        .limit(PAGE)
    ).all()


def unanswered(session: Session, by: Actor) -> Sequence[RosterMember]:
    """Those on which this person's own word is awaited, the longest first; none while acting for somebody, whose
    consent is theirs alone.
    """
    if by.acts_for is not None:
        return ()
    return session.scalars(
        select(RosterMember)
        .join(Merchant, Merchant.business_number == RosterMember.business_number)
        .join(Roster, Roster.id == RosterMember.roster_id)
        .where(mine(by), RosterMember.way == "portal", RosterMember.status == M.WAITING)
        .where(Roster.status != RosterStatus.WITHDRAWN)
        .order_by(RosterMember.id)
        .limit(PAGE)
    ).all()


def asked_one(session: Session, member_id: int, by: Actor) -> tuple[RosterMember, Merchant]:
    """One of those, with the business. Raises NotFound."""
    row = session.execute(
        select(RosterMember, Merchant)
        .join(Merchant, Merchant.business_number == RosterMember.business_number)
        .where(mine(by), RosterMember.id == member_id, RosterMember.way == "portal", RosterMember.status != M.REMOVED)
        .with_for_update(of=RosterMember)
    ).one_or_none()
    if row is None:
        raise NotFound(f"membership {member_id}")
    return row[0], row[1]


def elsewhere(session: Session, programme_id: int, business_number: str, *, but: int) -> bool:
    """Whether another association's list of the programme has this business with its consent, not handed in yet."""
    query = (
        select(RosterMember.id)
        .join(Roster, Roster.id == RosterMember.roster_id)
        .where(Roster.programme_id == programme_id, Roster.id != but, Roster.status != RosterStatus.WITHDRAWN)
        .where(RosterMember.business_number == business_number, RosterMember.status.in_(READY))
    )
    return session.scalar(query.limit(1)) is not None


def consents(session: Session, programme_id: int, merchant: Merchant, by: Actor) -> bool:
    """Whether the business consents on a list of this account for the programme, and is not handed in yet."""
    query = (
        select(RosterMember.id)
        .join(Roster, Roster.id == RosterMember.roster_id)
        .where(Roster.programme_id == programme_id, Roster.account_id == by.user_id)
        .where(RosterMember.business_number == merchant.business_number, RosterMember.status.in_(READY))
    )
    return session.scalar(query.limit(1)) is not None


def known(session: Session, business_number: str) -> Known | None:
    """The business of this number, if it is on record."""
    row = session.execute(
        select(Merchant, User.active)
        .join(User, User.id == Merchant.owner_id)
        .where(Merchant.business_number == business_number)
    ).one_or_none()
    return None if row is None else Known(row[0], row[1])


def count(session: Session, roster_id: int) -> int:
    """How many stand on the list and may still be handed in, or were."""
    query = select(func.count(RosterMember.id)).where(RosterMember.roster_id == roster_id)
    return session.scalar(query.where(RosterMember.status.not_in(GONE))) or 0


def of_organisation(session: Session, by: Actor) -> Sequence[tuple[Roster, int]]:
    """What was handed in at the person's organisation, the latest first, each with how many members are in it."""
    handed_in = RosterMember.roster_id == Roster.id, RosterMember.status == M.HANDED_IN
    count = select(func.count(RosterMember.id)).where(*handed_in).correlate(Roster).scalar_subquery()
    query = (
        select(Roster, count)
        .join(Programme, Programme.id == Roster.programme_id)
        .where(Programme.organisation_id == by.organisation_id, Roster.handed_in_at.is_not(None))
        .order_by(Roster.id.desc())
        .limit(PAGE)
    )
    return [(roster, members) for roster, members in session.execute(query)]


def case(session: Session, roster_id: int, by: Actor) -> Listed:
    """One of those, with the members that were handed in. Raises NotFound."""
    found = session.get(Roster, roster_id)
    if found is None or found.programme.organisation_id != by.organisation_id or found.handed_in_at is None:
        raise NotFound(f"roster {roster_id}")
    whole = listed(session, found)
    return Listed(found, whole.of(M.HANDED_IN), whole.papers)


def member_of(session: Session, mandate_id: int) -> RosterMember | None:
    """The member whose application stands on this mandate."""
    query = select(RosterMember).join(Application, Application.id == RosterMember.application_id)
    return session.scalar(query.where(Application.mandate_id == mandate_id).limit(1))


def of_application(session: Session, application: Application) -> Roster | None:
    """The association's application in which this one was handed in."""
    query = select(Roster).join(RosterMember, RosterMember.roster_id == Roster.id)
    return session.scalar(query.where(RosterMember.application_id == application.id).limit(1))


def looks_of(session: Session, found: Listed) -> dict[int, ProxyEntry]:
    """Mandate -> whether an official compared its paper with what is listed, of the members handed in."""
    by = [member.application.mandate_id for member in found.members if member.application is not None]
    query = select(ProxyEntry).where(ProxyEntry.mandate_id.in_(by))
    no_more = (lazyload(ProxyEntry.mandate), lazyload(ProxyEntry.merchant), lazyload(ProxyEntry.differences))
    return {entry.mandate_id: entry for entry in session.scalars(query.options(*no_more))}


def links_of(session: Session, found: Listed) -> dict[int, PlatformLink]:
    """Business -> its newest link to a platform that the programme pays for, of the members handed in."""
    terms = programmes.in_force(session, found.roster.programme.code).terms
    businesses = [member.application.merchant_id for member in found.members if member.application is not None]
    query = select(PlatformLink).where(PlatformLink.merchant_id.in_(businesses)).order_by(PlatformLink.id)
    if terms.platforms:
        query = query.where(PlatformLink.platform.in_(terms.platforms))
    return {link.merchant_id: link for link in session.scalars(query)}
