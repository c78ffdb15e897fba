"""A case is taken up, supplemented and recommended by reviewers only, and never one's own."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import OF_PEOPLE, Role
from portal.domain.applications import ApplicationStatus as S
from portal.domain.applications import Recommendation, SupplementRequest
from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted
from portal.domain.letters import LetterKind
from portal.models.letters import Letter
from portal.queries import audit
from portal.services import reviews, supplements
from portal.storage.objects import Stores
from tests.cases import all_ticked, apply, recommend
from tests.factories import actor, make_merchant_user, make_official, make_organisation, make_programme


def test_taking_a_case_up_makes_it_mine(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    reviewer = make_official(session, Role.REVIEWER)
    reviews.take_up(session, case.id, by=actor(reviewer), at=at)
    assert (case.application.status, case.application.reviewer_id) == (S.IN_REVIEW, reviewer.id)
    with pytest.raises(InvalidTransition):
        reviews.take_up(session, case.id, by=actor(make_official(session, Role.REVIEWER)), at=at)


@pytest.mark.parametrize("role", [role for role in OF_PEOPLE if role not in (Role.REVIEWER, Role.MERCHANT)])
def test_no_other_role_takes_a_case_up(session: Session, stores: Stores, at: datetime, role: Role) -> None:
    case = apply(session, stores, make_programme(session))
    with pytest.raises(NotPermitted):
        reviews.take_up(session, case.id, by=actor(make_official(session, role)), at=at)
    assert case.application.status == S.SUBMITTED


def test_nobody_reviews_their_own_application(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    same_person = make_official(session, Role.REVIEWER, person=case.owner.person)
    with pytest.raises(NotPermitted) as refused:
        reviews.take_up(session, case.id, by=actor(same_person), at=at)
    assert [p.code for p in refused.value.problems] == ["own_application"]


def test_another_organisations_case_does_not_exist(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = actor(make_official(session, Role.REVIEWER, organisation=elsewhere))
    for attempt in (case.id, case.id + 1000):
        with pytest.raises(NotFound):
            reviews.take_up(session, attempt, by=foreign, at=at)


def test_a_merchant_cannot_reach_a_case_through_the_officials_door(
    session: Session, stores: Stores, at: datetime
) -> None:
    case = apply(session, stores, make_programme(session))
    for person in (case.owner, make_merchant_user(session)):
        with pytest.raises(NotFound):
            reviews.take_up(session, case.id, by=actor(person), at=at)


def test_a_request_for_supplement_sets_a_day_and_sends_a_letter(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    command = SupplementRequest("통장 사본의 예금주가 보이지 않습니다.", 7)
    asked = reviews.request_supplement(session, stores, case.id, command, by=reviewer, at=at)
    assert case.application.status == S.SUPPLEMENT_REQUESTED
    assert asked.due_on == date(2026, 6, 22)  # Monday 15 June, the day of asking not counted
    letter = session.scalars(select(Letter)).one()
    assert (letter.kind, letter.application_id) == (LetterKind.SUPPLEMENT, case.id)
    assert stores.letters.read(letter.sha256).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("items", "days", "field"),
    [("통장 사본을 다시 내 주세요.", 0, "days"), ("통장 사본을 다시 내 주세요.", 31, "days"), ("  ", 7, "items")],
)
def test_a_request_without_items_or_with_a_wrong_period_is_refused(
    session: Session, stores: Stores, at: datetime, items: str, days: int, field: str
) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    with pytest.raises(Incomplete) as refused:
        reviews.request_supplement(session, stores, case.id, SupplementRequest(items, days), by=reviewer, at=at)
    assert [p.field for p in refused.value.problems] == [field]
    assert (case.application.status, session.scalar(select(Letter))) == (S.IN_REVIEW, None)


def test_a_second_request_leaves_at_most_ten_days(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    once = SupplementRequest("통장 사본을 다시 내 주세요.", 20)
    reviews.request_supplement(session, stores, case.id, once, by=reviewer, at=at)
    supplements.answer(session, case.id, "다시 냈습니다.", by=actor(case.owner), at=at)
    session.expire_all()
    with pytest.raises(Incomplete):
        reviews.request_supplement(session, stores, case.id, SupplementRequest("한 번 더", 11), by=reviewer, at=at)
    reviews.request_supplement(session, stores, case.id, SupplementRequest("한 번 더", 10), by=reviewer, at=at)


def test_recommending_for_approval_needs_every_item_ticked(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    everything = all_ticked(session, case.application)
    for missing in sorted(everything):
        with pytest.raises(Incomplete) as refused:
            reviews.recommend(
                session, case.id, Recommendation("approve", "", everything - {missing}), by=reviewer, at=at
            )
        assert [p.code for p in refused.value.problems] == ["not_ticked"]
    decision = reviews.recommend(session, case.id, Recommendation("approve", "", everything), by=reviewer, at=at)
    assert (decision.proposed, decision.outcome, case.application.status) == ("approve", None, S.RECOMMENDED)
    assert set(decision.checklist) == everything


def test_a_failed_condition_cannot_be_recommended_for_approval(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    case.application.findings = [{**each, "passed": False} for each in case.application.findings or ()]
    session.flush()
    command = Recommendation("approve", "", all_ticked(session, case.application))
    with pytest.raises(Incomplete) as refused:
        reviews.recommend(session, case.id, command, by=reviewer, at=at)
    assert {p.code for p in refused.value.problems} == {"condition_not_met"}


def test_recommending_rejection_needs_reasons_but_no_ticks(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    with pytest.raises(Incomplete) as refused:
        reviews.recommend(session, case.id, Recommendation("reject", "안 됨"), by=reviewer, at=at)
    assert [p.field for p in refused.value.problems] == ["reasons"]
    reviews.recommend(session, case.id, Recommendation("reject", "매출이 기준을 넘습니다."), by=reviewer, at=at)
    assert case.application.status == S.RECOMMENDED


def test_every_step_is_in_the_audit_trail(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    recommend(session, case.application, reviewer, at=at)
    done = audit.done_by(session, "application", case.id)
    assert done["take_up"] == done["recommend"] == {reviewer.person_id}
