"""Entry by proxy: what a clerk may do with a signed consent, what is on record of it, and who never handles it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Capacity, Role
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, SamePerson
from portal.models.accounts import User
from portal.models.audit import AuditEvent
from portal.models.merchants import Merchant
from portal.queries import cases, mandates, merchants
from portal.services import applications, decisions, proxy_entries, reviews
from portal.services import merchants as registering
from portal.storage.objects import Stores
from tests import standing_in
from tests.applying import register, registration
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme


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


def test_another_clerk_takes_up_the_same_business_with_a_consent_of_their_own(session: Session, stores: Stores) -> None:
    first, second = (standing_in.make_clerk(session, name=name) for name in ("가", "나"))
    before = standing_in.enter(session, stores, first)
    after = standing_in.enter(session, stores, second, trade_name="새 이름")
    assert (after.merchant_id, after.holder_id) == (before.merchant_id, second.id)
    assert session.get_one(Merchant, after.merchant_id).trade_name == "새 이름"


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
