"""Objecting in time, and the line on which it is answered: own number, own clock, officials who took no part."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import (
    AlreadyDone,
    Incomplete,
    InvalidTransition,
    NotFound,
    NotPermitted,
    Refusal,
    SamePerson,
)
from portal.domain.letters import LetterKind
from portal.domain.objections import DraftAnswer, ObjectionStatus, Outcome
from portal.models.letters import Letter
from portal.models.objections import Objection
from portal.queries import audit
from portal.services import declarations, objections
from portal.storage.objects import Stores
from tests import standing_in
from tests.factories import AT, actor, make_merchant_user, make_official
from tests.objecting import ANSWER, Chamber, command, letter_of, open_chamber

S = ObjectionStatus
DISMISS = DraftAnswer(Outcome.DISMISS, "다시 살펴보았으나 제외 업종임이 확인됩니다.")


@pytest.fixture
def chamber(session: Session, stores: Stores) -> Chamber:
    return open_chamber(session, stores)


@pytest.fixture
def objection(chamber: Chamber) -> Objection:
    return chamber.file(chamber.rejected())


def codes(refused: pytest.ExceptionInfo[Refusal]) -> list[tuple[str, str]]:
    return [(problem.code, problem.value) for problem in refused.value.problems]


def test_an_objection_is_a_case_of_its_own_with_number_and_clock(objection: Objection) -> None:
    assert objection.number.startswith("OBJ26-")
    assert (objection.status, objection.act, objection.at_stake) == (S.RECEIVED, "national", 500_000)
    # From Monday 15 June 2026: 30 days to object, 14 days to answer (보조금법 제37조).
    assert (objection.appeal_until, objection.due_on) == (date(2026, 7, 15), date(2026, 6, 29))


def test_on_the_last_day_one_may_object_and_on_the_next_the_day_is_named(chamber: Chamber) -> None:
    last = datetime.fromisoformat("2026-07-15T23:59+09:00")
    case = chamber.rejected()
    with pytest.raises(Incomplete) as refused:
        chamber.file(case, at=last + timedelta(minutes=1))
    assert codes(refused) == [("objection_too_late", "2026. 7. 15.")]
    assert chamber.file(case, at=last).status is S.RECEIVED


def test_a_decision_is_objected_to_once_unless_the_first_was_withdrawn(chamber: Chamber) -> None:
    case = chamber.rejected()
    first = chamber.file(case)
    with pytest.raises(AlreadyDone):
        chamber.file(case)
    objections.withdraw(chamber.session, first.id, by=actor(case.owner), at=AT)
    assert chamber.file(case).number != first.number
    with pytest.raises(InvalidTransition):
        objections.withdraw(chamber.session, first.id, by=actor(case.owner), at=AT)


def test_nobody_objects_to_anothers_letter_and_not_to_what_decided_nothing(chamber: Chamber) -> None:
    case = chamber.rejected()
    letter = letter_of(chamber.session, case.id, LetterKind.REJECTION)
    with pytest.raises(NotFound):
        objections.file(
            chamber.session, chamber.stores, command(letter.id), by=actor(make_merchant_user(chamber.session)), at=AT
        )
    letter.kind = LetterKind.SUPPLEMENT
    with pytest.raises(Incomplete) as refused:
        objections.file(chamber.session, chamber.stores, command(letter.id), by=actor(case.owner), at=AT)
    assert codes(refused) == [("not_objectionable", "")]


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER])
def test_whoever_took_part_in_the_decision_handles_nothing_of_it_by_whatever_account(
    chamber: Chamber, objection: Objection, role: Role
) -> None:
    session, before = chamber.session, chamber.reviewer if role is Role.REVIEWER else chamber.approver
    both = actor(make_official(session, Role.REVIEWER, Role.APPROVER, person=before.person))
    with pytest.raises(SamePerson):
        objections.take_up(session, objection.id, by=both, at=AT)
    chamber.drafted(objection, Outcome.DISMISS)
    with pytest.raises(SamePerson):
        chamber.decide(objection, by=both)
    assert chamber.decide(objection).status is S.DISMISSED


def test_the_drafter_does_not_decide_and_the_decider_may_send_back(chamber: Chamber, objection: Objection) -> None:
    session = chamber.session
    both = actor(make_official(session, Role.REVIEWER, Role.APPROVER))
    objections.take_up(session, objection.id, by=both, at=AT)
    with pytest.raises(InvalidTransition):
        chamber.decide(objection)
    objections.draft(session, objection.id, DISMISS, by=both, at=AT)
    with pytest.raises(SamePerson):
        chamber.decide(objection, by=both)
    objections.send_back(session, objection.id, "현장을 다시 확인해 주세요.", by=actor(chamber.decider), at=AT)
    objections.draft(session, objection.id, DraftAnswer(Outcome.REFUSE, ANSWER), by=both, at=AT)
    assert chamber.decide(objection).status is S.INADMISSIBLE
    done = audit.done_by(session, "objection", objection.id)
    assert list(done) == ["file", "take_up", "draft", "send_back", "refuse"]


def test_nobody_handles_an_objection_before_declaring_or_with_an_interest(
    chamber: Chamber, objection: Objection
) -> None:
    silent = actor(make_official(chamber.session, Role.REVIEWER, declares=False))
    with pytest.raises(NotPermitted) as refused:
        objections.take_up(chamber.session, objection.id, by=silent, at=AT)
    assert codes(refused) == [("interest_undeclared", "")]
    declarations.declare_none(chamber.session, [objection.application_id], by=silent, at=AT)
    assert objections.take_up(chamber.session, objection.id, by=silent, at=AT).handler_id == silent.user_id


def test_nobody_handles_an_objection_of_a_business_that_they_may_act_for(
    chamber: Chamber, objection: Objection, stores: Stores
) -> None:
    session, agent = chamber.session, make_merchant_user(chamber.session, name="세무사")
    owner = session.get_one(type(agent), objection.merchant.owner_id)
    standing_in.give(session, stores, objection.merchant, owner, agent)
    official = actor(make_official(session, Role.REVIEWER, person=agent.person))
    with pytest.raises(NotPermitted) as refused:
        objections.take_up(session, objection.id, by=official, at=AT)
    assert codes(refused) == [("stands_in", "")]


def test_the_time_is_extended_once_within_the_first_with_its_letter(chamber: Chamber, objection: Objection) -> None:
    session, stores, by = chamber.session, chamber.stores, actor(chamber.handler)
    objections.take_up(session, objection.id, by=by, at=AT)
    reason = "세무서에 업종을 조회하고 있습니다."
    with pytest.raises(Incomplete) as refused:
        objections.extend(session, stores, objection.id, reason, by=by, at=AT + timedelta(days=15))
    assert codes(refused) == [("objection_overdue", "2026. 6. 29.")]
    objections.extend(session, stores, objection.id, reason, by=by, at=AT + timedelta(days=14))
    assert (objection.first_due_on, objection.due_on) == (date(2026, 6, 29), date(2026, 7, 9))
    assert session.get_one(Letter, objection.extension_letter_id).title == "이의신청 처리기간 연장 통지서"
    with pytest.raises(AlreadyDone):
        objections.extend(session, stores, objection.id, reason, by=by, at=AT + timedelta(days=14))


def test_the_result_goes_out_as_a_letter_and_what_was_dismissed_changes_nothing(
    chamber: Chamber, objection: Objection
) -> None:
    chamber.answered(objection, Outcome.DISMISS)
    letter = chamber.session.get_one(Letter, objection.result_letter_id)
    assert (letter.kind, letter.merchant_id) == (LetterKind.OBJECTION_RESULT, objection.merchant_id)
    assert chamber.stores.letters.read(letter.sha256)[:5] == b"%PDF-"
    assert objection.application.status.value == "rejected"
    with pytest.raises(InvalidTransition):
        chamber.decide(objection)
