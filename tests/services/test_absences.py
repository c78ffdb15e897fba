"""While an official is away their stand-in approves in their place: documents say so, and they read it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.absences import EnterAbsence
from portal.domain.actors import Role
from portal.domain.applications import SupplementRequest
from portal.domain.approvals import Matter
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, SamePerson
from portal.models.absences import Absence
from portal.models.accounts import User
from portal.models.approvals import Approval
from portal.models.audit import AuditEvent
from portal.queries import absences as look_up
from portal.queries import signings
from portal.services import absences, approvals, claims, decisions, payments, reviews
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.approved_claims import CODE, PERIOD, Office
from tests.banded import band
from tests.factories import AT, actor, make_official, make_organisation

TODAY = AT.date()
AFTERWARDS = AT + timedelta(days=3)


@pytest.fixture
def office(session: Session) -> Office:
    return approved_claims.open_office(session)


def away(session: Session, absent: User, stand_in: User, *, days: int = 2) -> Absence:
    command = EnterAbsence(absent.id, stand_in.id, TODAY, TODAY + timedelta(days=days), "연가")
    return absences.enter(session, command, by=actor(absent), at=AT)


def boxes(session: Session, matter: Matter, record: int, drafter: User, signer: User) -> list[tuple[str, int, bool]]:
    """(mark, account, whether the box bears more than the mark)."""
    line, unsigned = approvals.line_of(session, matter, record, drafted_by=drafter.id, signed_by=signer.id)
    return [(mark, account, account not in unsigned) for mark, account in line]


def test_in_a_delegated_matter_the_mark_of_delegation_stays_in_the_delegates_box(
    session: Session, stores: Stores, office: Office
) -> None:
    stand_in, other = (make_official(session, Role.APPROVER) for _ in range(2))
    band(session, Matter.DECISION, 10**6, office.approver)
    absence = away(session, office.approver, stand_in)
    case = cases.apply(session, stores, office.programme)
    cases.recommend(session, case.application, actor(office.reviewer))
    session.commit()
    for who, code in ((office.approver, "absent_now"), (other, "not_in_band")):
        with pytest.raises(NotPermitted) as refused:
            decisions.approve(session, stores, case.id, by=actor(who), at=AT)
        assert [each.code for each in refused.value.problems] == [code]
        session.rollback()
    decisions.approve(session, stores, case.id, by=actor(stand_in), at=AT)
    assert boxes(session, Matter.DECISION, case.id, office.reviewer, stand_in) == [
        ("기안", office.reviewer.id, True),
        ("전결", absence.account_id, False),
        ("대결", stand_in.id, True),
    ]
    signed = signings.of(session, Matter.DECISION, case.id)
    assert signed is not None
    assert (signed.delegated, signed.signer, signed.absent) == (True, "주무관 공무원", "주무관 결재자")


def test_without_delegation_whoever_does_not_sign_has_no_box(session: Session, stores: Stores, office: Office) -> None:
    stand_in = make_official(session, Role.APPROVER)
    away(session, office.approver, stand_in)
    case, later = (cases.apply(session, stores, office.programme) for _ in range(2))
    for each in (case, later):
        cases.recommend(session, each.application, actor(office.reviewer))
    decisions.reject(session, stores, case.id, reasons="지원 제외 업종입니다. 확인함", by=actor(stand_in), at=AT)
    decisions.approve(session, stores, later.id, by=actor(stand_in), at=AFTERWARDS)  # the absence is over
    marks = [boxes(session, Matter.DECISION, each.id, office.reviewer, stand_in)[1:] for each in (case, later)]
    assert marks == [[("대결", stand_in.id, True)], [("결재", stand_in.id, True)]]


def test_a_delegate_who_is_there_signs_by_delegation(session: Session, stores: Stores, office: Office) -> None:
    band(session, Matter.DECISION, 10**6, office.approver)
    case = cases.apply(session, stores, office.programme)
    cases.recommend(session, case.application, actor(office.reviewer))
    decisions.approve(session, stores, case.id, by=actor(office.approver), at=AT)
    assert boxes(session, Matter.DECISION, case.id, office.reviewer, office.approver)[1:] == [
        ("전결", office.approver.id, True)
    ]


def test_a_stand_in_who_drew_up_approves_nothing_in_anybodys_place(
    session: Session, stores: Stores, office: Office
) -> None:
    both = make_official(session, Role.REVIEWER, Role.APPROVER)
    approved_claims.make_claims(session, stores, office, [1_000], drawn_up_by=both, approved=False)
    away(session, office.approver, both)
    with pytest.raises(SamePerson):
        claims.approve(session, CODE, PERIOD, by=actor(both), at=AT)


def test_what_was_approved_in_ones_absence_is_listed_until_it_is_acknowledged(
    session: Session, stores: Stores, office: Office
) -> None:
    stand_in, releaser = make_official(session, Role.APPROVER, name="대결자"), make_official(session, Role.PAYER)
    approved_claims.make_claims(session, stores, office, [1_000, 2_000], approved=False)
    away(session, office.approver, stand_in)
    away(session, office.releaser, releaser)
    claims.approve(session, CODE, PERIOD, by=actor(stand_in), at=AT)
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, by=actor(releaser), at=AT)
    (row,) = look_up.in_place_of(session, actor(office.approver))
    assert (row.matter, row.records, row.won, row.period, row.signed_by) == (Matter.CLAIMS, 2, 3_000, PERIOD, "대결자")
    assert row.acknowledged_at is None
    assert absences.acknowledge(session, by=actor(stand_in), at=AFTERWARDS) == 0  # not theirs
    assert absences.acknowledge(session, by=actor(office.approver), at=AFTERWARDS) == 2
    assert absences.acknowledge(session, by=actor(office.approver), at=AFTERWARDS) == 0
    (row,) = look_up.in_place_of(session, actor(office.approver))
    assert row.acknowledged_at == AFTERWARDS
    unread = select(Approval.matter).where(Approval.stands_for.is_not(None), Approval.acknowledged_at.is_(None))
    assert session.scalars(unread).all() == [Matter.PAYMENT_RUN]


def test_an_absence_that_is_ended_no_longer_counts(session: Session, office: Office) -> None:
    stand_in = make_official(session, Role.APPROVER)
    absence = away(session, office.approver, stand_in)
    assert approvals.permit(session, Matter.CLAIMS, 5, by=actor(stand_in), at=AT).stands_for == office.approver.id
    with pytest.raises(NotPermitted):
        absences.end(session, absence.id, by=actor(stand_in), at=AT)
    absences.end(session, absence.id, by=actor(office.approver), at=AT)
    with pytest.raises(AlreadyDone):
        absences.end(session, absence.id, by=actor(office.approver), at=AT)
    assert approvals.permit(session, Matter.CLAIMS, 5, by=actor(stand_in), at=AT).stands_for is None
    assert approvals.permit(session, Matter.CLAIMS, 5, by=actor(office.approver), at=AT).stands_for is None


def test_only_the_absent_person_and_the_administrator_name_a_stand_in(session: Session, office: Office) -> None:
    stand_in = make_official(session, Role.APPROVER)
    command = EnterAbsence(office.approver.id, stand_in.id, TODAY, TODAY, "출장")
    with pytest.raises(NotPermitted):
        absences.enter(session, command, by=actor(stand_in), at=AT)
    administrator = actor(make_official(session, Role.ADMINISTRATOR))
    entered = absences.enter(session, command, by=administrator, at=AT)
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = actor(make_official(session, Role.ADMINISTRATOR, organisation=elsewhere))
    with pytest.raises(NotFound):
        absences.end(session, entered.id, by=stranger, at=AT)


def test_a_stand_in_holds_the_role_is_another_person_and_is_there(session: Session, office: Office) -> None:
    fit, third = (make_official(session, Role.APPROVER) for _ in range(2))
    twin = make_official(session, Role.APPROVER, person=office.approver.person)
    sound = EnterAbsence(office.approver.id, fit.id, TODAY, TODAY, "출장")
    yesterday = TODAY - timedelta(days=1)
    wrong = [
        (replace(sound, stand_in_id=office.payer.id), "stand_in_unfit"),
        (replace(sound, stand_in_id=office.reviewer.id), "stand_in_unfit"),
        (replace(sound, stand_in_id=twin.id), "stand_in_unfit"),
        (replace(sound, from_on=yesterday), "absence_over"),
        (replace(sound, to_on=yesterday), "date_order"),
        (replace(sound, reason=" "), "required"),
    ]
    away(session, third, fit)
    for command, code in wrong:
        with pytest.raises(Incomplete) as refused:
            absences.enter(session, command, by=actor(office.approver), at=AT)
        assert [each.code for each in refused.value.problems] == [code]
    for command, code in (
        (replace(sound, stand_in_id=third.id), "stand_in_absent"),
        (EnterAbsence(fit.id, office.approver.id, TODAY, TODAY, "교육"), "absent_already"),
    ):
        with pytest.raises(Incomplete) as refused:
            absences.enter(session, command, by=actor(session.get_one(User, command.account_id)), at=AT)
        assert [each.code for each in refused.value.problems] == [code]
    absences.enter(session, sound, by=actor(office.approver), at=AT)


def test_an_absent_reviewer_handles_nothing_and_the_stand_in_asks_in_their_place(
    session: Session, stores: Stores, office: Office
) -> None:
    stand_in = make_official(session, Role.REVIEWER, name="대신할 사람")
    case = cases.apply(session, stores, office.programme)
    reviews.take_up(session, case.id, by=actor(office.reviewer), at=AT)
    away(session, office.reviewer, stand_in)
    session.commit()
    asked = SupplementRequest("임대차계약서를 내 주세요.", 5)
    with pytest.raises(NotPermitted, match="absent"):
        reviews.request_supplement(session, stores, case.id, asked, by=actor(office.reviewer), at=AT)
    session.rollback()
    reviews.request_supplement(session, stores, case.id, asked, by=actor(stand_in), at=AT)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "request_supplement")).one()
    assert (event.user_id, event.details) == (stand_in.id, {"stands_for": office.reviewer.id})


def test_a_reviewer_is_stood_in_for_by_a_reviewer(session: Session, office: Office) -> None:
    with pytest.raises(Incomplete, match="stand_in_unfit"):
        away(session, office.reviewer, office.approver)
