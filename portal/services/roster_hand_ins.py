"""Handing in an association's members who consent: each gets an application of its own, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from portal.domain import tracks
from portal.domain.actors import Actor, ActsFor, Capacity
from portal.domain.applications import ApplicationDraft, Consent
from portal.domain.errors import Conflict, Incomplete, Problem, Refusal
from portal.domain.links import LinkProposal
from portal.domain.mandates import CONSENT_DAYS, Paper
from portal.domain.periods import document_date, korean_date
from portal.domain.representatives import AddRepresentative
from portal.domain.rosters import AT_ONCE, LIFECYCLE, MEMBER_LIFECYCLE, Entry, Way
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.rosters import Roster, RosterMember
from portal.queries import programmes, rosters
from portal.queries.programmes import Published
from portal.services import applications, links, mandates, proxy_entries, representatives, steps
from portal.services import rosters as lists
from portal.storage.objects import Store


@dataclass(frozen=True, slots=True)
class HandedIn:
    """How many were handed in, and who was not, with why."""

    done: int
    refused: tuple[tuple[str, tuple[Problem, ...]], ...]


def hand_in(session: Session, store: Store, roster_id: int, *, by: Actor, at: datetime) -> HandedIn:
    """Hands in who consents, so many at once as a request has time for; the others may be handed in later.

    Lock order: the list, budget lines, the programme, then members by their business number. Two lists that name the
    same businesses wait for each other and never both.

    Raises NotFound, NotEligible outside the call, Incomplete where nobody consents yet, Conflict where the only ones
    that do cannot be taken.
    """
    roster = lists.held(session, roster_id, by)
    published = programmes.in_force(session, roster.programme.code, korean_date(at))
    lists.refuse_closed(published, at)
    ready = sorted(rosters.listed(session, roster).ready, key=lambda member: member.business_number)
    if not ready:
        raise Incomplete(problems=[Problem("nobody_consents")])
    applications.hold_programme(session, published, at=at)
    done, refused = 0, []
    for member in ready:
        if done == AT_ONCE:
            break
        attempt = session.begin_nested()
        try:
            _one(session, store, published, roster, member, by=by, at=at)
            attempt.commit()
            done += 1
        except Refusal as refusal:
            attempt.rollback()
            refused.append((member.trade_name, tuple(refusal.problems) or (Problem(refusal.code),)))
    if not done:
        raise Conflict(problems=[problem for _name, problems in refused for problem in problems])
    roster.handed_in_at = roster.handed_in_at or at
    steps.take(session, roster, LIFECYCLE, "hand_in", by=by, at=at, details={"members": done})
    return HandedIn(done, tuple(refused))


def acting_for(mandate: Mandate, merchant: Merchant, by: Actor) -> Actor:
    """The association's person while they act for one member."""
    return replace(by, acts_for=ActsFor(mandate.id, merchant.id, Capacity.ASSOCIATION, merchant.trade_name))


def _one(
    session: Session,
    store: Store,
    published: Published,
    roster: Roster,
    member: RosterMember,
    *,
    by: Actor,
    at: datetime,
) -> None:
    found = rosters.known(session, member.business_number)
    if member.way is Way.PAPER and found is not None and found.claimed:
        raise Conflict(problems=[Problem("member_has_account", "business_number")])
    if member.way is Way.PAPER and found is not None and not lists.entered_by_us(session, found.merchant, by):
        raise Conflict(problems=[Problem("member_on_record", "business_number")])  # registered since it was listed
    lists.refuse_taken(session, roster, member.business_number, but=member.id)
    merchant = found.merchant if found else proxy_entries.register(
        session, _entry(member).registration(roster.region_code), by=by, at=at
    )  # fmt: skip
    mandate = _mandate(session, store, roster, member, merchant, by=by, at=at)
    acting = acting_for(mandate, merchant, by)
    if found is None:
        person = AddRepresentative(member.representative, date.fromisoformat(member.born_on))
        representatives.add(session, merchant.id, person, by=acting, at=at)
    if member.way is Way.PAPER:
        _to_be_seen(session, roster, member, mandate, merchant, first_seen=found is None, by=by, at=at)
    application = _apply(session, published, roster, merchant, by=acting, at=at)
    if member.store_id and published.terms.platforms:
        _link(session, merchant, published.terms.platforms[0], member.store_id, by=acting, at=at)
    member.application = application
    session.flush()
    lists.forget(member)
    steps.take(session, member, MEMBER_LIFECYCLE, "hand_in", by=by, at=at)


def _to_be_seen(
    session: Session,
    roster: Roster,
    member: RosterMember,
    mandate: Mandate,
    merchant: Merchant,
    *,
    first_seen: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Nobody but the association has compared its member's name, birthday and account with anything."""
    proxy_entries.enter_listed(
        session,
        mandate,
        merchant,
        _entry(member).registration(roster.region_code),
        date.fromisoformat(member.born_on) if member.born_on else None,
        roster.programme.organisation_id,
        first_seen=first_seen,
        by=by,
        at=at,
    )


def _apply(
    session: Session, published: Published, roster: Roster, merchant: Merchant, *, by: Actor, at: datetime
) -> Application:
    """By the programme's own track for associations. What the member consents to stands on what it signed."""
    track = tracks.of_association(published.announcement.tracks)
    draft = applications.start(session, published.programme.code, merchant.id, by=by, at=at)
    command = ApplicationDraft(
        plan=f"{roster.market} {roster.association}",
        total_cost=published.announcement.grant.amount,
        requested_amount=published.announcement.grant.amount,
        contact_phone=merchant.phone,
        consents=frozenset(Consent),
        track=track.code if track else None,
    )
    applications.save_draft(session, draft.id, command, by=by, at=at)
    return applications.submit(session, draft.id, by=by, at=at)


def _mandate(
    session: Session, store: Store, roster: Roster, member: RosterMember, merchant: Merchant, *, by: Actor, at: datetime
) -> Mandate:
    """By what the member signed, or by what it confirmed with its own account."""
    holder = session.get_one(User, by.user_id)
    mandates.replace(session, merchant, holder, Capacity.ASSOCIATION, by=by, at=at)
    return mandates.add(
        session,
        store,
        merchant,
        holder,
        Capacity.ASSOCIATION,
        _paper(session, store, roster, member),
        until=korean_date(at) + timedelta(days=CONSENT_DAYS),
        office=roster.association,
        by=by,
        at=at,
    )


def _paper(session: Session, store: Store, roster: Roster, member: RosterMember) -> Paper:
    signed = next((paper for paper in roster.papers if paper.id == member.paper_id), None)
    if signed is not None:
        return Paper(signed.document_name, signed.document_type, store.read(signed.document_sha256))
    answered = member.answered_at
    owner = session.get_one(User, member.answered_by)
    said = (
        f"{roster.association}({roster.market})의 신청에 동의함: {roster.programme.name}\n"
        f"사업자등록번호 {member.business_number}\n확인한 사람 {owner.person.name} ({owner.login})\n"
        f"확인한 날 {document_date(korean_date(answered)) if answered else ''}\n"
    )
    return Paper("구성원 확인.txt", "text/plain", said.encode())


def _link(session: Session, merchant: Merchant, platform: str, store_id: str, *, by: Actor, at: datetime) -> None:
    """Names the member's store on the market, unless the member has named it already."""
    proposal = LinkProposal(platform, store_id, korean_date(at))
    try:
        links.propose(session, merchant.id, proposal, by=by, at=at)
    except Refusal as refused:
        if [problem.code for problem in refused.problems] != ["link_already_there"]:
            raise


def _entry(member: RosterMember) -> Entry:
    tenths = member.regular_workers_tenths
    return Entry(
        business_number=member.business_number,
        trade_name=member.trade_name,
        representative=member.representative,
        phone=member.phone,
        address=member.address,
        industry_edition=member.industry_edition,
        industry_code=member.industry_code,
        opened_on=member.opened_on,
        regular_workers=None if tenths is None else Decimal(tenths) / 10,
        bank_code=member.bank_code,
        account_number=member.account_number,
        account_holder=member.account_holder,
    )
