"""Entry by proxy: what a clerk may do with a signed consent, what is on record of it, and who never handles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.domain.actors import Capacity, Role
from portal.domain.errors import (
    AlreadyDone,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    Problem,
    SamePerson,
)
from portal.domain.letters import LetterKind
from portal.domain.mandates import MandateStatus
from portal.domain.notifications import Kind
from portal.domain.representatives import AddRepresentative
from portal.models.account_changes import AccountChange
from portal.models.accounts import User
from portal.models.audit import AuditEvent
from portal.models.merchants import Merchant
from portal.models.notifications import Notification
from portal.queries import applications as applied
from portal.queries import cases, letters, mandates, merchants
from portal.queries import proxy_entries as look_up
from portal.services import (
    applications,
    decisions,
    declarations,
    proxy_entries,
    proxy_looks,
    receipt_letters,
    representatives,
    reviews,
)
from portal.services import merchants as registering
from portal.storage.objects import Stores
from tests import cases as cases_made
from tests import standing_in
from tests.applying import register, registration
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation, make_programme


def test_a_business_is_registered_with_the_consent_and_belongs_to_an_account_nobody_can_sign_in_to(
    session: Session, stores: Stores
) -> None:
    clerk = standing_in.make_clerk(session)
    mandate = standing_in.enter(session, stores, clerk)
    place = session.get_one(Merchant, mandate.merchant_id)
    owner = session.get_one(User, place.owner_id)
    assert (mandate.capacity, mandate.holder_id, mandate.office) == (Capacity.CONSENT, clerk.id, standing_in.OFFICE)
    assert stores.evidence.read(mandate.document_sha256) == standing_in.CONSENT.content
    assert (owner.active, owner.organisation_id, owner.person.name) == (False, None, "홍길동")


def test_without_the_signed_consent_nothing_is_entered(session: Session, stores: Stores) -> None:
    clerk = standing_in.make_clerk(session)
    with pytest.raises(Incomplete) as refused:
        standing_in.enter(session, stores, clerk, consent=replace(standing_in.CONSENT, content=b""), office=" ")
    assert [problem.code for problem in refused.value.problems] == ["file_required", "required"]
    assert session.scalar(select(Merchant)) is None


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR])
def test_no_other_official_enters(session: Session, stores: Stores, role: Role) -> None:
    with pytest.raises(NotPermitted):
        standing_in.enter(session, stores, make_official(session, role))


def test_two_businesses_entered_for_one_person_count_as_one_persons(session: Session, stores: Stores) -> None:
    """Each has an account of its own: without the birthday nobody would know."""
    programme, clerk = make_programme(session), standing_in.make_clerk(session)
    standing_in.handed_in(session, stores, programme, clerk)
    for serial, born_on, count in ((2, standing_in.BORN, 2), (3, date(1980, 1, 1), 1)):
        mandate = standing_in.enter(session, stores, clerk, serial=serial, born_on=born_on)
        place = session.get_one(Merchant, mandate.merchant_id)
        assert merchants.places_in_programme(session, programme.programme.id, place) == count
    with pytest.raises(Incomplete):
        standing_in.enter(session, stores, clerk, serial=4, born_on=None)


def test_a_merchant_with_an_account_is_not_entered_for(session: Session, stores: Stores) -> None:
    place = register(session, make_merchant_user(session))
    entry = standing_in.entry(business_number=place.business_number)
    with pytest.raises(AlreadyDone) as refused:
        proxy_entries.enter(session, stores.evidence, entry, by=actor(standing_in.make_clerk(session)), at=AT)
    assert refused.value.problems[0].code == "merchant_has_account"


def test_a_record_is_changed_by_another_clerks_entry_only_once_a_third_person_has_seen_the_consent(
    session: Session, stores: Stores
) -> None:
    first, second = (standing_in.make_clerk(session, name=name) for name in ("가", "나"))
    before = standing_in.enter(session, stores, first)
    sales = {2025: 120_000_000, 2024: 60_000_000, 2023: 50_000_000}
    after = standing_in.enter(
        session, stores, second, trade_name="새 이름", account_number="3333012345678", sales=sales
    )
    place, account = session.get_one(Merchant, after.merchant_id), registration().account_number
    assert (after.merchant_id, after.holder_id) == (before.merchant_id, second.id)
    assert (place.trade_name, place.account_number) == (registration().trade_name, account)
    assert {row.year: row.amount for row in place.sales} == {**registration().sales, 2023: 50_000_000}  # only added
    entry = look_up.of_mandate(session, after.id)
    assert entry is not None
    stated = {each.field: each.added for each in entry.differences}
    assert stated == {"trade_name": False, "account_number": False, "sales_2024": False, "sales_2023": True}
    assert "새 이름" not in str(session.execute(text("SELECT stated FROM proxy_difference")).all())
    standing_in.confirm(session, after)
    assert (place.trade_name, place.account_number) == ("새 이름", "3333012345678")
    assert {row.year: row.amount for row in place.sales} == sales
    change = session.scalars(select(AccountChange)).one()  # paid after the days of safety, as every other
    assert change.merchant_id == place.id
    assert mandates.has_stood_in(session, place.id, actor(make_official(session, Role.PAYER, person=second.person)))
    assert not mandates.has_stood_in(session, place.id, actor(make_official(session, Role.PAYER)))


@pytest.mark.parametrize("changes", [{"representative": "김다른"}, {"born_on": date(1970, 1, 1)}])
def test_whoever_is_not_the_person_on_record_is_not_entered_for(
    session: Session, stores: Stores, changes: dict[str, Any]
) -> None:
    mandate = standing_in.enter(session, stores, standing_in.make_clerk(session))
    with pytest.raises(Incomplete) as refused:
        standing_in.enter(session, stores, standing_in.make_clerk(session), trade_name="빼앗은 가게", **changes)
    assert [problem.code for problem in refused.value.problems] == ["entry_other_person"]
    assert session.get_one(Merchant, mandate.merchant_id).trade_name == registration().trade_name


def test_nobody_confirms_what_they_entered_and_another_office_does_not_see_it(session: Session, stores: Stores) -> None:
    clerk = standing_in.make_clerk(session)
    mandate = standing_in.enter(session, stores, clerk)
    entry = look_up.of_mandate(session, mandate.id)
    assert entry is not None
    themselves = make_official(session, Role.REVIEWER, person=clerk.person)
    elsewhere = make_official(session, Role.REVIEWER, organisation=make_organisation(session, "haenam"))
    for who, refusal in ((clerk, SamePerson), (themselves, SamePerson), (elsewhere, NotFound)):
        with pytest.raises(refusal):
            proxy_looks.confirm(session, entry.id, by=actor(who), at=AT)
    with pytest.raises(NotPermitted):
        proxy_looks.confirm(session, entry.id, by=actor(make_official(session, Role.PAYER)), at=AT)
    assert not look_up.look(session, entry.id, actor(clerk)).actions
    other = standing_in.make_clerk(session, name="다른 창구")
    assert look_up.look(session, entry.id, actor(other)).actions == ["confirm", "refuse"]
    proxy_looks.confirm(session, entry.id, by=actor(other), at=AT)
    with pytest.raises(InvalidTransition):
        proxy_looks.confirm(session, entry.id, by=actor(make_official(session, Role.REVIEWER)), at=AT)


def test_a_refused_entry_ends_the_mandate_and_a_new_consent_carries_its_application_on(
    session: Session, stores: Stores
) -> None:
    programme, clerk = make_programme(session), standing_in.make_clerk(session)
    application, first = standing_in.handed_in(session, stores, programme, clerk)
    entry = look_up.of_mandate(session, first.id)
    assert entry is not None
    reviewer = actor(make_official(session, Role.REVIEWER))
    with pytest.raises(Incomplete):
        proxy_looks.refuse(session, entry.id, " 음 ", by=reviewer, at=AT)
    proxy_looks.refuse(session, entry.id, "동의서에 서명이 없습니다.", by=reviewer, at=AT)
    assert (first.status, entry.refusal) == (MandateStatus.ENDED, "동의서에 서명이 없습니다.")
    told = session.scalars(select(Notification).where(Notification.account_id == clerk.id)).all()
    assert [line.kind for line in told] == [Kind.ENTRY_REFUSED]
    problem = look_up.in_the_way(session, application)
    assert problem == Problem("entry_refused")
    again = standing_in.enter(session, stores, standing_in.make_clerk(session, name="다른 창구"))
    assert application.mandate_id == again.id
    standing_in.confirm(session, again)
    assert look_up.in_the_way(session, application) is None
    first_clerk = actor(make_official(session, Role.PAYER, person=clerk.person))
    with pytest.raises(NotPermitted) as kept_away:  # though the case no longer stands on their consent
        declarations.keep_own_away(session, [application.id], by=first_clerk)
    assert [problem.code for problem in kept_away.value.problems] == ["stands_in"]
    declarations.keep_own_away(session, [application.id], by=actor(make_official(session, Role.PAYER)))


def test_what_was_entered_is_decided_on_only_after_the_second_look(session: Session, stores: Stores) -> None:
    programme, clerk = make_programme(session), standing_in.make_clerk(session)
    application, mandate = standing_in.handed_in(session, stores, programme, clerk)
    reviewer, approver = make_official(session, Role.REVIEWER), make_official(session, Role.APPROVER)
    cases_made.recommend(session, application, actor(reviewer))  # reviewing goes on meanwhile
    assert "approve" not in cases.case(session, application.id, actor(approver), on=AT.date()).actions
    with pytest.raises(InvalidTransition) as refused, session.begin_nested():
        decisions.approve(session, stores, application.id, by=actor(approver), at=AT)
    assert [problem.code for problem in refused.value.problems] == ["entry_waits"]
    standing_in.confirm(session, mandate, by=reviewer)
    assert "approve" in cases.case(session, application.id, actor(approver), on=AT.date()).actions
    assert decisions.approve(session, stores, application.id, by=actor(approver), at=AT).kind is LetterKind.DECISION


def test_a_clerk_changes_the_record_until_it_was_seen_and_never_one_that_was_there(
    session: Session, stores: Stores
) -> None:
    clerk, another = standing_in.make_clerk(session), standing_in.make_clerk(session, name="다른 창구")
    mandate = standing_in.enter(session, stores, clerk)
    by = standing_in.acting(session, clerk, mandate)
    registering.update(session, mandate.merchant_id, standing_in.entry(address="봉성로 2").registration, by=by, at=AT)
    later = standing_in.acting(session, another, standing_in.enter(session, stores, another))
    standing_in.confirm(session, mandate)
    for who in (by, later):
        with pytest.raises(NotPermitted):
            registering.update(session, mandate.merchant_id, standing_in.entry().registration, by=who, at=AT)
        with pytest.raises(NotPermitted):
            representatives.add(session, mandate.merchant_id, AddRepresentative("박공동", AT.date()), by=who, at=AT)


def test_a_consent_opens_its_own_application_and_letters_and_the_office_s_once_it_was_seen(
    session: Session, stores: Stores
) -> None:
    programme, first, second = make_programme(session), *(standing_in.make_clerk(session, name=n) for n in "가나")
    application, mandate = standing_in.handed_in(session, stores, programme, first)
    mine, other = standing_in.acting(session, first, mandate), standing_in.enter(session, stores, second)
    receipt_letters.issue(session, stores, application.id, by=mine, at=AT)
    theirs = standing_in.acting(session, second, other)
    assert len(letters.of_owner(session, mine).letters) == 1
    assert letters.of_owner(session, theirs).letters == []
    with pytest.raises(NotFound):
        applied.owned(session, application.id, theirs)
    standing_in.confirm(session, other)
    assert len(letters.of_owner(session, theirs).letters) == 1
    assert applied.owned(session, application.id, theirs).id == application.id


def test_a_clerk_sees_and_does_only_what_the_consent_is_for(session: Session, stores: Stores) -> None:
    clerk = standing_in.make_clerk(session)
    mandate = standing_in.enter(session, stores, clerk)
    other = standing_in.enter(session, stores, standing_in.make_clerk(session), serial=2)
    by = standing_in.acting(session, clerk, mandate)
    assert merchants.owned(session, mandate.merchant_id, by).id == mandate.merchant_id
    with pytest.raises(NotFound):
        merchants.owned(session, other.merchant_id, by)
    with pytest.raises(NotFound):
        merchants.owned(session, mandate.merchant_id, actor(clerk))  # not while acting for nobody
    with pytest.raises(NotPermitted):
        registering.register(session, registration(), by=by, at=AT)


def test_what_was_entered_by_proxy_is_on_record_everywhere(session: Session, stores: Stores) -> None:
    programme, clerk = make_programme(session), standing_in.make_clerk(session)
    application, mandate = standing_in.handed_in(session, stores, programme, clerk)
    case = cases.case(session, application.id, actor(make_official(session, Role.REVIEWER)), on=AT.date())
    standing = mandates.of_case(session, application)
    assert standing is not None
    assert (application.mandate_id, standing.holder) == (mandate.id, "읍직원")
    assert {each.acts_as for each in case.timeline} == {"consent"}
    written = session.scalars(
        select(AuditEvent).where(AuditEvent.noun == "application", AuditEvent.action == "submit")
    ).one()
    assert (written.person_id, written.details) == (clerk.person_id, {"acts_as": "consent", "mandate": mandate.id})


def test_whoever_entered_a_case_neither_reviews_nor_decides_it_and_others_do(session: Session, stores: Stores) -> None:
    programme = make_programme(session)
    clerk = standing_in.make_clerk(session, Role.REVIEWER, Role.APPROVER)
    application, _mandate = standing_in.handed_in(session, stores, programme, clerk)
    reviewer = make_official(session, Role.REVIEWER)
    make_official(session, Role.APPROVER, person=clerk.person, name="읍직원")
    with pytest.raises(NotPermitted) as refused:
        reviews.take_up(session, application.id, by=actor(clerk), at=AT)
    assert [problem.code for problem in refused.value.problems] == ["stands_in"]
    assert "take_up" not in cases.case(session, application.id, actor(clerk), on=AT.date()).actions
    reviews.take_up(session, application.id, by=actor(reviewer), at=AT)
    with pytest.raises(NotPermitted):
        decisions.approve(session, stores, application.id, by=actor(clerk), at=AT)


def test_the_lifecycle_alone_keeps_whoever_entered_away(session: Session, stores: Stores) -> None:
    """Also where the mandate is over and forgotten: the steps they took are in the trail."""
    programme = make_programme(session)
    clerk = standing_in.make_clerk(session, Role.REVIEWER)
    application, mandate = standing_in.handed_in(session, stores, programme, clerk)
    application.mandate_id, mandate.holder_id = None, make_official(session, Role.CLERK).id
    session.flush()
    from_declared = make_official(session, Role.REVIEWER, person=clerk.person)
    with pytest.raises(SamePerson):
        reviews.take_up(session, application.id, by=actor(from_declared), at=AT)


def test_a_clerk_withdraws_a_draft_and_not_what_was_handed_in(session: Session, stores: Stores) -> None:
    programme, clerk = make_programme(session), standing_in.make_clerk(session)
    mandate = standing_in.enter(session, stores, clerk)
    by = standing_in.acting(session, clerk, mandate)
    draft = standing_in.fill(session, stores, programme, by)
    applications.withdraw(session, draft.id, by=by, at=AT)
    again = standing_in.fill(session, stores, programme, by)
    applications.submit(session, again.id, by=by, at=AT)
    with pytest.raises(NotPermitted):
        applications.withdraw(session, again.id, by=by, at=AT)
