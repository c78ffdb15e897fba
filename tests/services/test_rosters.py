"""An association applies for its members: each consents, each gets an application of its own, none of them twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Capacity, Role
from portal.domain.applications import ApplicationDraft, ApplicationStatus, Consent
from portal.domain.errors import (
    AlreadyDone,
    Conflict,
    Incomplete,
    InvalidTransition,
    NotEligible,
    NotFound,
    NotPermitted,
    Refusal,
)
from portal.domain.links import LinkStatus
from portal.domain.mandates import EnterByProxy
from portal.domain.notifications import Kind
from portal.domain.permissions import Permission
from portal.domain.rosters import MemberStatus, OpenRoster
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.links import PlatformLink
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.notifications import Notification
from portal.queries import applications as mine
from portal.queries import home, ledger
from portal.queries import mandates as standing
from portal.services import (
    applications,
    decisions,
    declarations,
    mandates,
    memberships,
    proxy_entries,
    roster_hand_ins,
    rosters,
)
from portal.storage.objects import Stores
from tests.cases import recommend
from tests.factories import AT, actor, make_merchant_user, make_official
from tests.rosters import CODE, SIGNED, Market, entry, open_market, open_roster, registration

M = MemberStatus


@pytest.fixture
def market(session: Session, stores: Stores) -> Market:
    return open_market(session, stores)


def codes(refused: Refusal) -> list[str]:
    return [problem.code for problem in refused.problems]


def hand_in(market: Market) -> roster_hand_ins.HandedIn:
    return roster_hand_ins.hand_in(market.session, market.stores.evidence, market.roster.id, by=market.by, at=AT)


def test_a_signed_member_is_registered_applies_and_is_decided_and_paid_for_like_any_other(market: Market) -> None:
    session, member = market.session, market.add(1)
    market.sign(member)
    assert hand_in(market) == roster_hand_ins.HandedIn(1, ())
    application = session.get_one(Application, member.application_id)
    assert (application.status, application.track) == ("submitted", "association")
    assert application.requested_amount == 300_000
    assert {row.code for row in application.consents} == set(Consent)
    assert not session.get_one(User, application.merchant.owner_id).active
    mandate = session.get_one(Mandate, application.mandate_id)
    assert (mandate.capacity, mandate.office) == (Capacity.ASSOCIATION, "자갈치시장 상인회")
    link = session.scalars(select(PlatformLink)).one()
    assert (link.platform, link.store_id, link.status) == ("dongbaek-mall", "D001", LinkStatus.PROPOSED)
    reviewer, approver = map(actor, market.officials)
    for official in (reviewer, approver):
        declarations.declare_none(session, [application.id], by=official, at=AT)
    recommend(session, application, reviewer)
    market.look_at(member)
    decisions.approve(session, market.stores, application.id, by=approver, at=AT)
    assert application.status is ApplicationStatus.APPROVED
    books = {line.fiscal_year: line.committed for line in ledger.balances(session, organisation_id=market.office.id)}
    assert books[2026] == 300_000


def test_a_member_with_an_account_is_asked_there_and_nobody_signs_for_it(market: Market) -> None:
    session, (owner, merchant) = market.session, market.with_account(2)
    member = market.add(2, representative="", born_on=None, account_number="", phone="")
    told = session.scalars(select(Notification).where(Notification.kind == Kind.MEMBERSHIP_ASKED)).one()
    assert told.account_id == owner.id
    with pytest.raises(InvalidTransition):
        market.sign(member)
    with pytest.raises(Incomplete) as nobody:
        hand_in(market)
    assert codes(nobody.value) == ["nobody_consents"]
    with pytest.raises(NotFound):
        memberships.confirm(session, member.id, by=actor(make_merchant_user(session)), at=AT)
    memberships.confirm(session, member.id, by=actor(owner), at=AT)
    memberships.decline(session, member.id, by=actor(owner), at=AT)
    assert member.status is M.DECLINED
    with pytest.raises(InvalidTransition):
        memberships.confirm(session, member.id, by=actor(owner), at=AT)
    rosters.remove(session, market.roster.id, member.id, by=market.by, at=AT)
    again = market.add(2)
    memberships.confirm(session, again.id, by=actor(owner), at=AT)
    hand_in(market)
    application = session.get_one(Application, again.application_id)
    assert application.merchant_id == merchant.id
    paper = market.stores.evidence.read(session.get_one(Mandate, application.mandate_id).document_sha256).decode()
    assert "자갈치시장 상인회" in paper
    assert owner.login in paper
    assert [each.mandate.capacity for each in standing.given(session, actor(owner))] == [Capacity.ASSOCIATION]


def test_what_an_association_sees_of_its_member_is_the_application_it_made(market: Market) -> None:
    session, (owner, merchant) = market.session, market.with_account(3)
    member = market.add(3)
    memberships.confirm(session, member.id, by=actor(owner), at=AT)
    hand_in(market)
    mandate = standing.living(session, merchant.id)[0]
    acting = roster_hand_ins.acting_for(mandate, merchant, market.by)
    assert [each.id for each in mine.of_owner(session, acting)] == [member.application_id]
    assert not mine.dossier(session, member.application_id or 0, acting).record
    assert mine.dossier(session, member.application_id or 0, actor(owner)).record
    assert acting.may(Permission.APPLICATION_OWN)
    shut = (Permission.MERCHANT_OWN, Permission.CLAIM_OWN, Permission.LETTER_OWN, Permission.LINK_OWN)
    assert not any(acting.may(each) for each in shut)
    applications.withdraw(session, member.application_id or 0, by=actor(owner), at=AT)
    assert list(home.home(session, acting, at=AT).calls) == []
    assert home.home(session, actor(owner), at=AT).calls
    with pytest.raises(NotPermitted):  # what its member consented to was handed in
        applications.start(session, CODE, merchant.id, by=acting, at=AT)
    own = applications.start(session, CODE, merchant.id, by=actor(owner), at=AT)
    with pytest.raises(NotFound):
        mine.owned(session, own.id, acting)
    for who, track in ((actor(owner), "association"), (acting, "direct")):
        with pytest.raises((Incomplete, NotFound)):
            applications.save_draft(session, own.id, ApplicationDraft(track=track), by=who, at=AT)
    assert mine.owned(session, member.application_id or 0, acting).id == member.application_id
    mandates.revoke(session, mandate.id, by=actor(owner), at=AT)
    with pytest.raises(NotFound):  # whatever the member consents to later
        mine.owned(session, member.application_id or 0, acting)


def test_a_business_is_on_one_list_and_applies_once(market: Market) -> None:
    session = market.session
    market.add(4)
    with pytest.raises(AlreadyDone) as twice:
        market.add(4)
    assert codes(twice.value) == ["member_listed"]
    other = make_merchant_user(session, name="최회장")
    theirs = open_roster(session, other, association="부평시장 상인회")
    same = rosters.add(session, theirs.id, entry(4), by=actor(other), at=AT)
    market.sign(same, roster=theirs, by=actor(other))
    first = market.listed().members[0]
    with pytest.raises(AlreadyDone) as elsewhere:
        market.sign(first)
    assert codes(elsewhere.value) == ["member_elsewhere"]
    roster_hand_ins.hand_in(session, market.stores.evidence, theirs.id, by=actor(other), at=AT)
    with pytest.raises(AlreadyDone) as applied:
        market.sign(first)
    assert codes(applied.value) == ["member_applied"]
    owner, merchant = market.with_account(5)
    applications.start(session, CODE, merchant.id, by=actor(owner), at=AT)
    with pytest.raises(AlreadyDone) as themselves:
        market.add(5)
    assert codes(themselves.value) == ["member_applied"]


def test_who_is_on_record_elsewhere_without_an_account_is_nobodys_to_take(market: Market) -> None:
    session, other = market.session, make_merchant_user(market.session)
    theirs = open_roster(session, other)
    member = rosters.add(session, theirs.id, entry(6), by=actor(other), at=AT)
    market.sign(member, roster=theirs, by=actor(other))
    roster_hand_ins.hand_in(session, market.stores.evidence, theirs.id, by=actor(other), at=AT)
    application = session.get_one(Application, member.application_id)
    mandate = session.get_one(Mandate, application.mandate_id)
    applications.withdraw(
        session, application.id, by=roster_hand_ins.acting_for(mandate, application.merchant, actor(other)), at=AT
    )
    with pytest.raises(Incomplete) as taken:
        market.add(6)
    assert codes(taken.value) == ["member_on_record"]


def test_a_business_that_is_registered_elsewhere_before_it_is_handed_in_is_not_taken_either(market: Market) -> None:
    session, member = market.session, market.add(6)
    market.sign(member)
    stated = EnterByProxy(registration(6), "자갈치동주민센터", SIGNED, entry(6).born_on, frozenset({CODE}))
    clerk = make_official(session, Role.CLERK, organisation=market.office)
    proxy_entries.enter(session, market.stores.evidence, stated, by=actor(clerk), at=AT)
    with pytest.raises(Conflict) as taken:
        hand_in(market)
    assert codes(taken.value) == ["member_on_record"]
    assert session.scalars(select(Application)).all() == []


def test_a_member_that_cannot_be_taken_stays_on_the_list_with_the_reason_and_leaves_nothing_behind(
    market: Market,
) -> None:
    good = market.add(7)
    bad = market.add(8, representative=good.representative, born_on=entry(7).born_on)  # a second stall of one person
    market.sign(good, bad)
    done = hand_in(market)
    assert (done.done, [(name, [p.code for p in why]) for name, why in done.refused]) == (
        1,
        [(bad.trade_name, ["condition_not_met"])],
    )
    market.session.refresh(bad)
    assert bad.status is M.SIGNED
    numbers = select(Merchant.business_number)
    assert list(market.session.scalars(numbers)) == [good.business_number]
    with pytest.raises(Conflict):
        hand_in(market)
    later = market.add(9)
    market.sign(later)
    assert hand_in(market).done == 1


def test_a_list_says_what_is_wrong_with_an_entry(market: Market) -> None:
    with pytest.raises(Incomplete) as wrong:
        market.add(10, business_number="1234567890", born_on=None, bank_code="999", account_number="1")
    assert [(p.field, p.code) for p in wrong.value.problems] == [
        ("business_number", "business_number_check"),
        ("born_on", "required"),
        ("bank_code", "unknown_choice"),
        ("account_number", "account_number_invalid"),
    ]


def test_a_list_is_its_associations_own_and_closes_with_the_call(market: Market) -> None:
    session, stranger = market.session, actor(make_merchant_user(market.session))
    with pytest.raises(NotFound):
        rosters.add(session, market.roster.id, entry(11), by=stranger, at=AT)
    command = OpenRoster(CODE, "상인회", "1", "시장", "26110", "0512000000")
    with pytest.raises(NotPermitted):
        rosters.open_roster(session, command, by=actor(market.officials[0]), at=AT)
    with pytest.raises(NotEligible):
        open_roster(session, market.head, at=AT.replace(year=2027))
    rosters.withdraw(session, market.roster.id, by=market.by, at=AT)
    with pytest.raises(InvalidTransition):
        market.add(12)
    assert Role.MERCHANT in market.by.roles
