"""A decision, its budget commitment and its letter exist together or not at all; four eyes make it, and only once."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus as S
from portal.domain.applications import SupplementRequest
from portal.domain.errors import BudgetExhausted, Incomplete, InvalidTransition, NotFound, NotPermitted, SamePerson
from portal.domain.ledger import PostingKind
from portal.domain.letters import LetterKind
from portal.models.applications import Decision
from portal.models.ledger import BudgetLine, LedgerEntry, Posting
from portal.models.letters import Letter
from portal.queries import applications as look_up
from portal.queries import ledger
from portal.services import applications, decisions, reviews
from portal.storage.objects import Stores
from tests.cases import Applied, apply, recommend
from tests.factories import actor, make_merchant_user, make_official, make_organisation, make_programme


@pytest.fixture
def case(session: Session, stores: Stores) -> Applied:
    """A case recommended for approval."""
    applied = apply(session, stores, make_programme(session))
    recommend(session, applied.application, actor(make_official(session, Role.REVIEWER, name="검토자")))
    session.commit()
    return applied


def test_approval_commits_the_grant_by_source_and_sends_the_letter(
    session: Session, stores: Stores, case: Applied, at: datetime
) -> None:
    approver = make_official(session, Role.APPROVER)
    letter = decisions.approve(session, stores, case.id, by=actor(approver), at=at)
    decision = session.get_one(Decision, case.id)
    assert case.application.status == S.APPROVED
    assert (decision.outcome, decision.amount, decision.decided_by) == ("approve", 500_000, approver.id)
    lines = ledger.balances(session, programme_id=case.application.programme_id)
    assert [(line.source, line.committed) for line in lines] == [
        ("national", 250_000),
        ("province", 75_000),
        ("county", 175_000),
    ]
    assert all(line.appropriated == line.available + line.committed for line in lines)
    entry = session.scalars(select(LedgerEntry).where(LedgerEntry.kind == PostingKind.COMMIT)).one()
    assert (entry.source_key, entry.application_id) == (f"commit:application:{case.id}", case.id)
    assert (letter.kind, letter.merchant_id) == (LetterKind.DECISION, case.application.merchant_id)


@pytest.mark.parametrize(("requested", "committed"), [(123_457, 123_457), (500_000, 500_000), (9_000_000, 500_000)])
def test_no_more_is_committed_than_asked_for_and_than_the_grant_allows(
    session: Session, stores: Stores, at: datetime, requested: int, committed: int
) -> None:
    case = apply(session, stores, make_programme(session), requested=min(requested, 500_000))
    case.application.requested_amount = requested
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER)))
    decisions.approve(session, stores, case.id, by=actor(make_official(session, Role.APPROVER)), at=at)
    posted = session.scalar(select(func.sum(Posting.amount)).join(LedgerEntry).where(LedgerEntry.kind == "commit"))
    assert posted == committed


def test_a_second_approval_changes_nothing(session: Session, stores: Stores, case: Applied, at: datetime) -> None:
    decisions.approve(session, stores, case.id, by=actor(make_official(session, Role.APPROVER)), at=at)
    session.commit()
    with pytest.raises(InvalidTransition):
        decisions.approve(session, stores, case.id, by=actor(make_official(session, Role.APPROVER)), at=at)
    session.rollback()
    assert session.scalar(select(func.count()).where(LedgerEntry.kind == PostingKind.COMMIT)) == 1
    assert session.scalar(select(func.count(Letter.id))) == 1


def test_whoever_reviewed_does_not_decide(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    both = make_official(session, Role.REVIEWER, Role.APPROVER)
    recommend(session, case.application, actor(both))
    second_account = make_official(session, Role.APPROVER, person=both.person)
    for account in (both, second_account):
        with pytest.raises(SamePerson):
            decisions.approve(session, stores, case.id, by=actor(account), at=at)
        with pytest.raises(SamePerson):
            decisions.reject(session, stores, case.id, reasons="요건에 맞지 않습니다.", by=actor(account), at=at)


def test_nobody_decides_on_their_own_application(session: Session, stores: Stores, case: Applied, at: datetime) -> None:
    own = actor(make_official(session, Role.APPROVER, person=case.owner.person))
    with pytest.raises(NotPermitted) as refused:
        decisions.approve(session, stores, case.id, by=own, at=at)
    assert [p.code for p in refused.value.problems] == ["own_application"]


def test_only_approvers_of_the_organisation_decide(
    session: Session, stores: Stores, case: Applied, at: datetime
) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = make_official(session, Role.APPROVER, organisation=elsewhere)
    with pytest.raises(NotFound):
        decisions.approve(session, stores, case.id, by=actor(foreign), at=at)
    with pytest.raises(NotFound):
        decisions.approve(session, stores, case.id, by=actor(make_merchant_user(session)), at=at)
    with pytest.raises(NotPermitted):
        decisions.approve(session, stores, case.id, by=actor(make_official(session, Role.REVIEWER)), at=at)


def test_an_exhausted_budget_changes_nothing(session: Session, stores: Stores, case: Applied, at: datetime) -> None:
    approver = actor(make_official(session, Role.APPROVER))
    line = session.scalars(select(BudgetLine).where(BudgetLine.source == "county")).one()
    line.used = line.total - 174_999  # one won short of the county's share
    session.commit()
    with pytest.raises(BudgetExhausted):
        decisions.approve(session, stores, case.id, by=approver, at=at)
    session.rollback()
    assert case.application.status == S.RECOMMENDED
    assert session.get_one(Decision, case.id).outcome is None
    assert session.scalar(select(Letter)) is None
    assert session.scalar(select(LedgerEntry).where(LedgerEntry.kind == PostingKind.COMMIT)) is None
    used = {each.source: each.used for each in session.scalars(select(BudgetLine))}
    assert (used["national"], used["province"]) == (0, 0)
    line.used = line.total - 175_000
    session.commit()
    decisions.approve(session, stores, case.id, by=approver, at=at)
    assert case.application.status == S.APPROVED


def test_a_year_without_a_budget_pays_nothing(session: Session, stores: Stores, case: Applied, at: datetime) -> None:
    approver = actor(make_official(session, Role.APPROVER))
    with pytest.raises(BudgetExhausted):
        decisions.approve(session, stores, case.id, by=approver, at=at.replace(year=2027))


def test_rejection_keeps_the_reasons_sends_the_letter_and_commits_nothing(
    session: Session, stores: Stores, case: Applied, at: datetime
) -> None:
    approver = actor(make_official(session, Role.APPROVER))
    with pytest.raises(Incomplete):
        decisions.reject(session, stores, case.id, reasons="안 됨", by=approver, at=at)
    letter = decisions.reject(session, stores, case.id, reasons="지원 제외 업종에 해당합니다.", by=approver, at=at)
    decision = session.get_one(Decision, case.id)
    assert (decision.outcome, decision.amount, decision.reasons) == ("reject", 0, "지원 제외 업종에 해당합니다.")
    assert (case.application.status, letter.kind) == (S.REJECTED, LetterKind.REJECTION)
    assert session.scalar(select(func.sum(BudgetLine.used))) == 0


def test_what_was_recommended_for_rejection_is_not_approved(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER)), outcome="reject")
    with pytest.raises(InvalidTransition) as refused:
        decisions.approve(session, stores, case.id, by=actor(make_official(session, Role.APPROVER)), at=at)
    assert [p.code for p in refused.value.problems] == ["recommendation_differs"]


def test_a_case_sent_back_is_recommended_anew(session: Session, stores: Stores, case: Applied, at: datetime) -> None:
    approver, reviewer = (actor(make_official(session, role)) for role in (Role.APPROVER, Role.REVIEWER))
    with pytest.raises(Incomplete):
        decisions.send_back(session, case.id, reasons=" ", by=approver, at=at)
    decisions.send_back(session, case.id, reasons="매출 증빙을 다시 보세요.", by=approver, at=at)
    assert case.application.status == S.IN_REVIEW
    with pytest.raises(InvalidTransition):
        decisions.approve(session, stores, case.id, by=approver, at=at)
    command = reviews.Recommendation("reject", "매출이 기준을 넘습니다.")
    reviews.recommend(session, case.id, command, by=reviewer, at=at)
    decisions.reject(session, stores, case.id, reasons="매출이 기준을 넘습니다.", by=approver, at=at)
    assert case.application.status == S.REJECTED


def test_what_officials_write_to_each_other_is_not_told_to_the_applicant(
    session: Session, stores: Stores, case: Applied, at: datetime
) -> None:
    approver, reviewer = (actor(make_official(session, role)) for role in (Role.APPROVER, Role.REVIEWER))
    decisions.send_back(session, case.id, reasons="매출 증빙을 다시 보세요.", by=approver, at=at)
    asked = SupplementRequest("매출 증빙을 다시 내 주세요.", 5)
    reviews.request_supplement(session, stores, case.id, asked, by=reviewer, at=at)
    told = {each.action: each.note for each in look_up.dossier(session, case.id, actor(case.owner)).happenings}
    assert (told["recommend"], told["send_back"], told["request_supplement"]) == ("", "", asked.items)


def test_a_withdrawn_case_is_not_decided(session: Session, stores: Stores, case: Applied, at: datetime) -> None:
    applications.withdraw(session, case.id, by=actor(case.owner), at=at)
    with pytest.raises(InvalidTransition):
        decisions.approve(session, stores, case.id, by=actor(make_official(session, Role.APPROVER)), at=at)
