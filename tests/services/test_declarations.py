"""Nobody handles a case before saying whether they have an interest in it, and nobody who has one handles it at all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus, Recommendation, SupplementRequest
from portal.domain.claims import ClaimStatus
from portal.domain.declarations import NO_INTEREST, Declaration
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted
from portal.domain.reviews import Filters
from portal.models.accounts import User
from portal.queries import approval_invariants, work_queue
from portal.queries import declarations as look_up
from portal.services import claims, decisions, declarations, payments, reviews
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.approved_claims import CODE, PERIOD, Office
from tests.factories import AT, actor, make_merchant_user, make_official, make_organisation

BROTHER = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")


@pytest.fixture
def office(session: Session) -> Office:
    return approved_claims.open_office(session)


def said(refused: pytest.ExceptionInfo[NotPermitted]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def steps_of_a_case(session: Session, stores: Stores, number: int) -> dict[str, Callable[[Actor], object]]:
    favour, asked = Recommendation("reject", "매출이 기준을 넘습니다."), SupplementRequest("통장 사본", 5)
    reasons = "지원 제외 업종에 해당합니다."
    return {
        "take_up": lambda by: reviews.take_up(session, number, by=by, at=AT),
        "request_supplement": lambda by: reviews.request_supplement(session, stores, number, asked, by=by, at=AT),
        "recommend": lambda by: reviews.recommend(session, number, favour, by=by, at=AT),
        "approve": lambda by: decisions.approve(session, stores, number, by=by, at=AT),
        "reject": lambda by: decisions.reject(session, stores, number, reasons=reasons, by=by, at=AT),
        "send_back": lambda by: decisions.send_back(session, number, reasons=reasons, by=by, at=AT),
    }


def test_nobody_takes_a_step_before_declaring_nor_after_declaring_an_interest(
    session: Session, stores: Stores, office: Office
) -> None:
    case = cases.apply(session, stores, office.programme, declared=False)
    for name, step in steps_of_a_case(session, stores, case.id).items():
        role = Role.REVIEWER if name in ("take_up", "request_supplement", "recommend") else Role.APPROVER
        silent, tied = (make_official(session, role, declares=False) for _ in range(2))
        declarations.declare(session, case.id, BROTHER, by=actor(tied), at=AT)
        for who, code in ((silent, "interest_undeclared"), (tied, "interest_declared")):
            with pytest.raises(NotPermitted) as refused:
                step(actor(who))
            assert said(refused) == [code], name
    assert case.application.status is ApplicationStatus.SUBMITTED


def test_one_click_is_remembered_for_all_steps_and_for_every_account_of_the_person(
    session: Session, stores: Stores, office: Office
) -> None:
    case = cases.apply(session, stores, office.programme, declared=False)
    reviewer = make_official(session, Role.REVIEWER, declares=False)
    declarations.declare(session, case.id, NO_INTEREST, by=actor(reviewer), at=AT)
    second = make_official(session, Role.REVIEWER, person=reviewer.person, declares=False)
    reviews.take_up(session, case.id, by=actor(second), at=AT)
    with pytest.raises(AlreadyDone):
        declarations.declare(session, case.id, NO_INTEREST, by=actor(second), at=AT)
    rows = look_up.of_case(session, case.id, reviewer.person_id)
    assert ([name for _row, name in rows.rows], rows.mine) == ([reviewer.person.name], False)


def test_an_interest_found_later_hands_the_case_on_and_is_never_taken_back(
    session: Session, stores: Stores, office: Office
) -> None:
    case = cases.apply(session, stores, office.programme)
    by, colleague = actor(office.reviewer), make_official(session, Role.REVIEWER)
    reviews.take_up(session, case.id, by=by, at=AT)
    declarations.declare(session, case.id, BROTHER, by=by, at=AT)
    for change in (NO_INTEREST, BROTHER):
        with pytest.raises(AlreadyDone):
            declarations.declare(session, case.id, change, by=by, at=AT)
    with pytest.raises(NotPermitted):
        steps_of_a_case(session, stores, case.id)["recommend"](by)
    turn = work_queue.page(session, actor(colleague), Filters(view="my_turn"), on=AT.date())
    assert [row.id for row in turn.rows] == [case.id]
    steps_of_a_case(session, stores, case.id)["recommend"](actor(colleague))
    assert list(approval_invariants.interests_kept_away(session)) == []


def test_claims_of_a_case_one_has_an_interest_in_are_left_to_another_approver(
    session: Session, stores: Stores, office: Office
) -> None:
    mine, other = approved_claims.make_claims(session, stores, office, [1_000, 2_000], approved=False)
    tied, colleague = (make_official(session, Role.APPROVER, declares=False) for _ in range(2))
    declarations.declare(session, mine.application_id, BROTHER, by=actor(tied), at=AT)
    assert claims.approve(session, CODE, PERIOD, by=actor(tied), at=AT) == 1
    assert (mine.status, other.status) == (ClaimStatus.DRAWN_UP, ClaimStatus.APPROVED)
    both = [mine.application_id, other.application_id]
    assert look_up.said(session, both, tied.person_id) == {mine.application_id: True, other.application_id: False}
    with pytest.raises(NotPermitted):
        claims.approve(session, CODE, PERIOD, by=actor(tied), at=AT)
    assert claims.approve(session, CODE, PERIOD, by=actor(colleague), at=AT) == 1
    assert look_up.said(session, both, colleague.person_id) == {mine.application_id: False}


def test_nobody_pays_a_case_they_have_an_interest_in(session: Session, stores: Stores, office: Office) -> None:
    (claim,) = approved_claims.make_claims(session, stores, office, [1_000])
    tied = make_official(session, Role.PAYER)
    declarations.declare(session, claim.application_id, BROTHER, by=actor(tied), at=AT)
    with pytest.raises(NotPermitted) as refused:
        payments.prepare(session, CODE, by=actor(tied), at=AT)
    assert said(refused) == ["interest_declared"]
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    with pytest.raises(NotPermitted) as refused:
        payments.release(session, stores, run.id, by=actor(tied), at=AT)
    assert said(refused) == ["interest_declared"]
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    assert list(approval_invariants.interests_kept_away(session)) == []


def test_a_declaration_needs_a_reason_a_role_and_a_case_of_ones_own_organisation(
    session: Session, stores: Stores, office: Office
) -> None:
    case = cases.apply(session, stores, office.programme, declared=False)
    with pytest.raises(Incomplete):
        declarations.declare(session, case.id, Declaration(True, " 동생 "), by=actor(office.reviewer), at=AT)
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    refusals: tuple[tuple[User, type[Exception]], ...] = (
        (make_official(session, Role.AUDITOR), NotPermitted),
        (make_official(session, Role.REVIEWER, organisation=elsewhere), NotFound),
        (make_merchant_user(session), NotFound),
        (make_official(session, Role.REVIEWER, person=case.owner.person, declares=False), NotPermitted),
    )
    for user, refusal in refusals:
        with pytest.raises(refusal):
            declarations.declare(session, case.id, NO_INTEREST, by=actor(user), at=AT)
