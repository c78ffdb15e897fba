"""A name or birthday written wrong in a first entry is put right by a new one, and nobody's record is taken by that."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import Conflict, Incomplete, InvalidTransition, Refusal, SamePerson
from portal.domain.notifications import Kind
from portal.domain.proxy_entries import Ground
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.notifications import Notification
from portal.models.proxy_entries import ProxyEntry
from portal.queries import proxy_entries as look_up
from portal.queries import representatives
from portal.services import applications, decisions, declarations, proxy_looks, roster_hand_ins
from portal.storage.objects import Stores
from tests import standing_in
from tests.cases import recommend
from tests.factories import AT, actor, make_official, make_organisation, make_programme
from tests.rosters import CODE, Market, open_market, open_roster
from tests.rosters import entry as listed_as

WRONG, RIGHT = "홍길순", "홍길동"
BORN = date(1964, 4, 5)


def codes(refused: Refusal) -> list[str]:
    return [problem.code for problem in refused.problems]


def refuse(session: Session, mandate: Mandate, ground: Ground = Ground.IDENTITY, *, by: User | None = None) -> User:
    by, entry = by or make_official(session, Role.REVIEWER, name="본 사람"), of(session, mandate)
    proxy_looks.refuse(session, entry.id, "신분증의 이름과 다릅니다.", ground, by=actor(by), at=AT)
    return by


def of(session: Session, mandate: Mandate) -> ProxyEntry:
    found = look_up.of_mandate(session, mandate.id)
    assert found is not None
    return found


def people(session: Session, merchant_id: int) -> list[tuple[str, str]]:
    return [(each.name, each.born_on) for each in representatives.of_merchant(session, merchant_id)]


def test_a_first_entry_refused_for_its_name_is_entered_anew_and_named_right_after_the_same_look(
    session: Session, stores: Stores
) -> None:
    programme, clerk = make_programme(session), standing_in.make_clerk(session)
    application, first = standing_in.handed_in(session, stores, programme, clerk, representative=WRONG)
    refuse(session, first)
    again = standing_in.enter(session, stores, clerk, representative=RIGHT, born_on=BORN, account_holder=RIGHT)
    place = session.get_one(Merchant, first.merchant_id)
    assert (again.merchant_id, place.representative, application.mandate_id) == (place.id, WRONG, again.id)
    assert people(session, place.id) == [(WRONG, "1963-04-05")]  # until somebody else has seen the consent
    standing_in.confirm(session, again)
    assert (place.representative, people(session, place.id)) == (RIGHT, [(RIGHT, "1964-04-05")])
    assert session.get_one(User, place.owner_id).person.name == RIGHT
    assert look_up.in_the_way(session, application) is None
    done = session.execute(select(AuditEvent.noun, AuditEvent.action, AuditEvent.details).order_by(AuditEvent.id)).all()
    assert ("proxy_entry", "refuse", {"ground": "identity"}) in [tuple(each) for each in done]
    assert {("merchant", "remove_representative"), ("account", "rename")} <= {(each[0], each[1]) for each in done}


def test_a_birthday_alone_is_put_right_too(session: Session, stores: Stores) -> None:
    clerk = standing_in.make_clerk(session)
    first = standing_in.enter(session, stores, clerk)
    refuse(session, first)
    standing_in.confirm(session, standing_in.enter(session, stores, clerk, born_on=BORN))
    assert people(session, first.merchant_id) == [("홍길동", "1964-04-05")]


@pytest.mark.parametrize("until", ["refused for its paper", "waiting", "confirmed", "another office's"])
def test_no_other_record_is_taken_by_another_name(session: Session, stores: Stores, until: str) -> None:
    """Refused for a missing signature, the name stands; what waits or was confirmed stands whatever came before."""
    clerk, other = standing_in.make_clerk(session), standing_in.make_clerk(session, name="다른 창구")
    mandate = standing_in.enter(session, stores, clerk)
    if until == "refused for its paper":
        refuse(session, mandate, Ground.PAPER)
    elif until != "waiting":
        refuse(session, mandate)
    if until == "confirmed":
        standing_in.confirm(session, standing_in.enter(session, stores, clerk))
    if until == "another office's":
        other = make_official(session, Role.CLERK, organisation=make_organisation(session, "haenam"), name="먼 창구")
    with pytest.raises(Incomplete) as refused:
        standing_in.enter(session, stores, other, representative="김남이", born_on=BORN)
    assert codes(refused.value) == ["entry_other_person"]
    assert session.get_one(Merchant, mandate.merchant_id).representative == "홍길동"


def test_whoever_says_that_a_name_is_wrong_does_not_state_the_right_one(session: Session, stores: Stores) -> None:
    clerk, judge = standing_in.make_clerk(session), standing_in.make_clerk(session, name="둘째 창구")
    refuse(session, standing_in.enter(session, stores, clerk, representative=WRONG), by=judge)
    with pytest.raises(SamePerson) as refused:
        standing_in.enter(session, stores, judge, representative=RIGHT)
    assert codes(refused.value) == ["entry_corrected_by_judge"]
    again = standing_in.enter(session, stores, clerk, representative=RIGHT)
    standing_in.confirm(session, again, by=judge)  # who may look at what somebody else states


def test_of_two_consents_with_two_names_the_one_confirmed_first_shuts_the_other_out(
    session: Session, stores: Stores
) -> None:
    clerk, other = standing_in.make_clerk(session), standing_in.make_clerk(session, name="다른 창구")
    refuse(session, standing_in.enter(session, stores, clerk, representative=WRONG))
    right = standing_in.enter(session, stores, clerk, representative=RIGHT)
    as_before = standing_in.enter(session, stores, other, representative=WRONG)
    standing_in.confirm(session, as_before)
    with pytest.raises(InvalidTransition) as overtaken:
        standing_in.confirm(session, right)
    assert codes(overtaken.value) == ["entry_overtaken"]
    assert session.get_one(Merchant, right.merchant_id).representative == WRONG


@pytest.fixture
def market(session: Session, stores: Stores) -> Market:
    return open_market(session, stores)


def hand_in(market: Market) -> roster_hand_ins.HandedIn:
    return roster_hand_ins.hand_in(market.session, market.stores.evidence, market.roster.id, by=market.by, at=AT)


def handed_in(market: Market, serial: int, **changes: object) -> tuple[Application, ProxyEntry]:
    member = market.add(serial, **changes)
    market.sign(member)
    hand_in(market)
    application = market.session.get_one(Application, member.application_id)
    return application, of(market.session, market.session.get_one(Mandate, application.mandate_id))


def on_a_new_list(market: Market) -> None:
    """A list names a business once, whatever became of it."""
    market.roster = open_roster(market.session, market.head)


def test_the_account_of_a_listed_member_is_compared_before_its_case_is_decided(market: Market) -> None:
    session, (application, entry) = market.session, handed_in(market, 1)
    reviewer, approver = map(actor, market.officials)
    look = look_up.look(session, entry.id, reviewer)
    assert look.actions == ["confirm", "refuse"]
    assert (look.on_record or {})["account_number"] == listed_as(1).account_number
    for official in (reviewer, approver):
        declarations.declare_none(session, [application.id], by=official, at=AT)
    recommend(session, application, reviewer)
    with pytest.raises(InvalidTransition) as unseen, session.begin_nested():
        decisions.approve(session, market.stores, application.id, by=approver, at=AT)
    assert codes(unseen.value) == ["entry_waits"]
    proxy_looks.confirm(session, entry.id, by=reviewer, at=AT)
    decisions.approve(session, market.stores, application.id, by=approver, at=AT)
    assert application.status is ApplicationStatus.APPROVED


def test_a_member_misspelt_in_a_list_goes_on_by_a_consent_at_the_counter(market: Market) -> None:
    session, (application, entry) = market.session, handed_in(market, 2, representative="김상언2")
    proxy_looks.refuse(
        session, entry.id, "연명부의 이름과 다릅니다.", Ground.IDENTITY, by=actor(market.officials[0]), at=AT
    )
    told = session.scalars(select(Notification.kind).where(Notification.account_id == market.head.id)).all()
    assert told[-1] is Kind.MEMBER_REFUSED
    clerk = make_official(session, Role.CLERK, organisation=market.office)
    right = listed_as(2).registration(market.roster.region_code)
    stated = {each: getattr(right, each) for each in right.__dataclass_fields__}
    mandate = standing_in.enter(
        session, market.stores, clerk, born_on=listed_as(2).born_on, programmes=frozenset({CODE}), **stated
    )
    assert application.mandate_id == mandate.id
    standing_in.confirm(session, mandate, by=market.officials[0])
    assert application.merchant.representative == "김상인2"
    assert look_up.in_the_way(session, application) is None


def test_a_member_listed_anew_by_its_association_with_the_right_name_and_account_is_looked_at_again(
    market: Market,
) -> None:
    session, (application, entry) = market.session, handed_in(market, 3, representative="김상언3")
    reviewer, approver = map(actor, market.officials)
    proxy_looks.refuse(session, entry.id, "연명부의 이름과 다릅니다.", Ground.IDENTITY, by=reviewer, at=AT)
    for official in (reviewer, approver):
        declarations.declare_none(session, [application.id], by=official, at=AT)
    recommend(session, application, reviewer, outcome="reject")
    decisions.reject(session, market.stores, application.id, reasons="연명부의 이름과 다릅니다.", by=approver, at=AT)
    on_a_new_list(market)
    again, second = handed_in(market, 3, account_number="1120999999999")
    place = again.merchant
    assert (place.id, place.representative) == (application.merchant_id, "김상언3")
    proxy_looks.confirm(session, second.id, by=reviewer, at=AT)
    assert (place.representative, place.account_number) == ("김상인3", "1120999999999")


def test_an_association_renames_nobody_whom_an_official_has_seen(market: Market) -> None:
    session, (application, entry) = market.session, handed_in(market, 4)
    proxy_looks.confirm(session, entry.id, by=actor(market.officials[0]), at=AT)
    mandate = session.get_one(Mandate, application.mandate_id)
    by = roster_hand_ins.acting_for(mandate, application.merchant, market.by)
    applications.withdraw(session, application.id, by=by, at=AT)
    on_a_new_list(market)
    again, second = handed_in(market, 4, representative="김남이", account_number="1120999999999")
    assert second.differences == []
    assert (again.merchant.representative, again.merchant.account_number) == ("김상인4", listed_as(4).account_number)


def test_another_name_in_a_list_is_refused_while_nobody_found_the_first_wrong(market: Market) -> None:
    session, (application, _entry) = market.session, handed_in(market, 5)
    mandate = session.get_one(Mandate, application.mandate_id)
    by = roster_hand_ins.acting_for(mandate, application.merchant, market.by)
    applications.withdraw(session, application.id, by=by, at=AT)
    on_a_new_list(market)
    member = market.add(5, representative="김남이")
    market.sign(member)
    with pytest.raises(Conflict) as refused:
        hand_in(market)
    assert codes(refused.value) == ["entry_other_person"]
