"""More time for a supplement, one more request, and the return: each once too often, too early or too late as well."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.domain.applications import ApplicationStatus as S
from portal.domain.errors import Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.domain.letters import LetterKind
from portal.domain.supplements import ExtendSupplement
from portal.queries import audit, cases
from portal.services import applications, returns, reviews, supplements
from portal.storage.objects import Stores
from tests import first_come
from tests.cases import apply
from tests.factories import actor, make_merchant_user
from tests.waiting import ASK, Desk, desk, later

MORE = ExtendSupplement(7, "세무서 서류가 늦게 나옵니다.")
REASONS = "두 차례 요구했으나 통장 사본이 보완되지 않았습니다."


def returned(it: Desk, *, days_on: int) -> None:
    returns.give_back(it.session, it.stores, it.case.id, reasons=REASONS, by=it.approver, at=later(days_on))


def test_the_applicant_gets_more_time_twice_and_a_letter_each_time(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    for day, due in ((3, date(2026, 6, 29)), (14, date(2026, 7, 6))):
        asked = supplements.extend(session, stores, it.case.id, MORE, by=it.owner, at=later(day))
        assert asked.due_on == due
        assert it.letters()[-1].kind == LetterKind.SUPPLEMENT_EXTENDED
    with pytest.raises(InvalidTransition) as refused:
        supplements.extend(session, stores, it.case.id, MORE, by=it.owner, at=later(15))
    assert refused.value.problems[0].code == "supplement_extended_enough"
    assert audit.timeline(session, "application", it.case.id)[-1].action == "extend_supplement"


def test_no_more_time_afterwards_for_strangers_or_where_nothing_is_asked(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    with pytest.raises(InvalidTransition):
        supplements.extend(session, stores, it.case.id, MORE, by=it.owner, at=later(1))
    it.ask()
    with pytest.raises(NotFound):
        supplements.extend(session, stores, it.case.id, MORE, by=actor(make_merchant_user(session)), at=later(1))
    with pytest.raises(InvalidTransition):
        supplements.extend(session, stores, it.case.id, MORE, by=it.owner, at=later(8))  # 23 June


def test_an_answer_after_the_last_day_is_accepted_and_says_so(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    it.answer(days_on=10)
    assert (it.application.status, it.application.supplements[-1].days_late) == (S.IN_REVIEW, 3)


def test_what_ran_out_is_asked_once_more_and_then_returned_with_reasons(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    with pytest.raises(InvalidTransition) as early:
        it.ask(days_on=7)  # the last day
    assert early.value.problems[0].code == "supplement_still_running"
    with pytest.raises(Incomplete):
        it.ask(days_on=8, days=11)
    it.ask(days_on=8, days=10)
    assert (it.application.status, it.application.supplements[-1].due_on) == (S.SUPPLEMENT_REQUESTED, date(2026, 7, 3))
    with pytest.raises(InvalidTransition) as refused:
        returned(it, days_on=18)
    assert refused.value.problems[0].code == "return_too_early"
    assert cases.case(session, it.case.id, it.approver, on=date(2026, 7, 3)).actions == []
    assert cases.case(session, it.case.id, it.approver, on=date(2026, 7, 4)).actions == ["return"]
    returned(it, days_on=19)
    assert (it.application.status, it.application.return_reasons) == (S.RETURNED, REASONS)
    assert (it.letters()[-1].kind, it.letters()[-1].title) == (LetterKind.RETURNED, "반려 통지서")
    with pytest.raises(InvalidTransition):
        it.answer(days_on=20)


def test_before_the_return_a_late_second_answer_still_counts(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    it.ask(days_on=8, days=5)
    it.answer(days_on=30)
    assert it.application.status == S.IN_REVIEW
    assert [asked.answered for asked in it.application.supplements] == [True, True]
    with pytest.raises(InvalidTransition) as third:
        it.ask(days_on=31)
    assert third.value.problems[0].code == "supplement_asked_twice"
    returned(it, days_on=31)  # answered twice, and still not mended
    assert it.application.status == S.RETURNED


def test_no_more_time_for_the_second_request(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    it.ask(days_on=8, days=5)
    with pytest.raises(InvalidTransition) as refused:
        supplements.extend(session, stores, it.case.id, MORE, by=it.owner, at=later(9))
    assert refused.value.problems[0].code == "supplement_again_not_extended"


def test_the_return_takes_another_person_with_the_role_and_a_reason(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    it.ask(days_on=8, days=5)
    with pytest.raises(NotPermitted):
        returns.give_back(session, stores, it.case.id, reasons=REASONS, by=it.reviewer, at=later(30))
    both = replace(it.approver, person_id=it.reviewer.person_id)
    with pytest.raises(SamePerson):
        returns.give_back(session, stores, it.case.id, reasons=REASONS, by=both, at=later(30))
    with pytest.raises(Incomplete):
        returns.give_back(session, stores, it.case.id, reasons="그냥", by=it.approver, at=later(30))
    assert it.application.status == S.SUPPLEMENT_REQUESTED


def test_after_the_return_the_same_business_may_apply_again(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    it.ask(days_on=8, days=5)
    returned(it, days_on=20)
    again = applications.start(session, "gurye-2020-o2o", it.application.merchant_id, by=it.owner, at=later(21))
    assert again.status == S.DRAFT


def test_what_was_kept_for_a_returned_application_goes_to_the_next_in_line(session: Session, stores: Stores) -> None:
    call = first_come.programme(session, won=first_come.GRANT)
    it, waits = desk(session, stores, call), apply(session, stores, call)
    assert first_come.standing(session, it.case.id, waits.id) == [("reserved", first_come.GRANT), ("waiting", 0)]
    it.ask()
    it.ask(days_on=8, days=5)
    returned(it, days_on=20)
    assert first_come.standing(session, it.case.id, waits.id) == [("released", 0), ("reserved", first_come.GRANT)]
    assert first_come.used(session, it.application.programme_id) == first_come.GRANT


def test_who_comes_second_is_told_who_was_first(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask()
    with pytest.raises(InvalidTransition) as refused:
        reviews.take_up(session, it.case.id, by=it.reviewer, at=later(1))
    problem = refused.value.problems[0]
    assert (problem.code, problem.value) == ("case_moved_on", "공무원 2026. 6. 15. 10:00")
    it.answer(days_on=1)
    with pytest.raises(InvalidTransition):
        returns.give_back(session, stores, it.case.id, reasons=REASONS, by=it.approver, at=later(2))
    reviews.request_supplement(session, stores, it.case.id, ASK, by=it.reviewer, at=later(2))
