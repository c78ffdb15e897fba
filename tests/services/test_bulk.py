"""One step for many cases: seen before it is done, done once, each case by itself, and never past a rule."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.domain.absences import EnterAbsence
from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus as S
from portal.domain.bulk import BulkAction, RunStatus
from portal.domain.declarations import Declaration
from portal.domain.errors import Incomplete, NotFound, NotPermitted
from portal.domain.jobs import JobStatus
from portal.domain.letters import LetterKind
from portal.domain.notifications import Kind
from portal.domain.supplement_parts import EXPLANATION
from portal.models.accounts import User
from portal.models.assignments import Assignment
from portal.models.bulk import BulkRunPart
from portal.models.letters import Letter
from portal.models.notifications import Notification
from portal.queries import bulk as known
from portal.queries import supplement_parts, workload
from portal.services import absences, applications, bulk, declarations, jobs, reviews, tags
from portal.storage.objects import Stores
from tests.cases import apply
from tests.distributed import ITEMS, Team, open_team
from tests.factories import AT, actor, make_official, make_organisation

A = BulkAction
Counter = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture
def team(session: Session, stores: Stores) -> Team:
    return open_team(session, stores)


def officers_of(team: Team) -> list[int | None]:
    team.session.expire_all()
    return [case.application.reviewer_id for case in team.cases]


def test_cases_are_spread_as_the_preview_said_and_each_officer_is_told_once(team: Team) -> None:
    first, second = team.officers
    run = team.assign()
    page = known.page(team.session, run.id, team.by)
    assert (page.given, page.won, officers_of(team)) == ({"담당1": 2, "담당2": 1}, 1_500_000, [None] * 3)
    assert team.carry_out(run) == [("done", "")] * 3
    assert officers_of(team) == [first.id, second.id, first.id]
    told = team.session.execute(
        select(Notification.account_id, Notification.about).where(Notification.kind == Kind.CASES_ASSIGNED)
    )
    assert sorted(map(tuple, told)) == [(first.id, "2"), (second.id, "1")]
    assert run.status is RunStatus.FINISHED


def test_confirming_again_does_nothing_twice(team: Team) -> None:
    run = team.assign()
    assert bulk.confirm(team.session, run.id, by=team.by, at=AT) is not None
    assert bulk.confirm(team.session, run.id, by=team.by, at=AT) is None
    team.work(run)
    assert bulk.confirm(team.session, run.id, by=team.by, at=AT) is None
    assert team.session.scalar(select(func.count(Assignment.id))) == 3


class Killed(Exception):
    """The worker is gone."""


def test_what_a_worker_left_over_the_next_one_does_and_nothing_else(team: Team) -> None:
    run = team.assign()
    bulk.confirm(team.session, run.id, by=team.by, at=AT)

    def die(done: int, _of: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        team.work(run, progress=die)
    assert team.results(run) == [("done", ""), ("done", ""), (None, "")]
    team.work(run, at=AT + timedelta(minutes=3))
    assert [case.done_at == AT for case in team.cases_of(run)] == [True, True, False]
    assert team.session.scalar(select(func.count(Assignment.id))) == 3


def test_a_run_whose_job_failed_is_started_again_for_what_is_left_and_by_its_own_person(team: Team) -> None:
    session, run = team.session, team.assign()
    job_id = bulk.confirm(session, run.id, by=team.by, at=AT)

    def die(done: int, _of: int) -> None:
        if done == 1:
            raise Killed

    with pytest.raises(Killed):
        team.work(run, progress=die)
    assert bulk.start_again(session, run.id, by=team.by, at=AT) is None  # it is still being done
    job = jobs.take_up(session, job_id or 0, at=AT)
    assert job is not None
    jobs.fail(session, job.id, job.token or "", "broken", at=AT)
    assert known.page(session, run.id, team.by).broken
    with pytest.raises(NotFound):
        bulk.start_again(session, run.id, by=actor(team.officers[0]), at=AT)
    assert bulk.start_again(session, run.id, by=team.by, at=AT) == job_id
    assert bulk.start_again(session, run.id, by=team.by, at=AT) is None  # once
    assert (job.status, job.attempts, known.page(session, run.id, team.by).broken) == (JobStatus.WAITING, 0, False)
    team.work(run, at=AT + timedelta(minutes=3))
    assert [case.done_at == AT for case in team.cases_of(run)] == [True, False, False]
    assert session.scalar(select(func.count(Assignment.id))) == 3


def test_a_case_that_changed_since_the_preview_is_left_out_and_said(team: Team) -> None:
    run = team.assign()
    reviews.take_up(team.session, team.ids[0], by=actor(team.officers[1]), at=AT)
    owner = team.cases[1].owner
    applications.withdraw(team.session, team.ids[1], by=actor(owner), at=AT)
    assert team.carry_out(run) == [
        ("changed", "changed_since_preview"),
        ("changed", "changed_since_preview"),
        ("done", ""),
    ]
    assert officers_of(team)[0] == team.officers[1].id


def test_the_same_supplement_goes_to_each_with_a_letter_of_their_own(team: Team) -> None:
    by = actor(team.officers[0])
    for number in team.ids[:2]:
        reviews.take_up(team.session, number, by=by, at=AT)
    run = team.prepare(A.REQUEST_SUPPLEMENT, by=by, items=ITEMS, days=7)
    assert team.results(run) == [(None, ""), (None, ""), ("left_out", "not_in_status")]
    assert team.carry_out(run, by=by)[:2] == [("done", "")] * 2
    kinds = team.session.scalars(select(Letter.application_id).where(Letter.kind == LetterKind.SUPPLEMENT)).all()
    assert sorted(map(int, filter(None, kinds))) == list(team.ids[:2])
    assert [case.application.status for case in team.cases] == [S.SUPPLEMENT_REQUESTED] * 2 + [S.SUBMITTED]


def test_a_request_prepared_before_requests_named_their_parts_opens_all_of_them(team: Team) -> None:
    by = actor(team.officers[0])
    reviews.take_up(team.session, team.ids[0], by=by, at=AT)
    run = team.prepare(A.REQUEST_SUPPLEMENT, by=by, items=ITEMS, days=7)
    team.session.execute(delete(BulkRunPart).where(BulkRunPart.run_id == run.id))
    assert team.carry_out(run, by=by)[0] == ("done", "")
    application = team.cases[0].application
    team.session.expire(application)
    opened = supplement_parts.opened(application)
    assert opened is not None
    assert opened.parts == set(supplement_parts.offered(application)) - {EXPLANATION}
    assert (opened.papers, opened.boxes) == (True, True)


def test_reviews_begin_for_all_with_one_declaration_and_never_where_an_interest_was_declared(
    session: Session, stores: Stores
) -> None:
    team = open_team(session, stores, cases=0)
    team.cases.extend(apply(session, stores, team.programme, declared=False) for _ in range(3))
    reviewer = actor(team.officers[0])
    tied = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")
    declarations.declare(session, team.ids[1], tied, by=reviewer, at=AT)
    silent = team.prepare(A.TAKE_UP, by=reviewer)
    undeclared, declared = ("left_out", "interest_undeclared"), ("left_out", "interest_declared")
    assert team.results(silent) == [undeclared, declared, undeclared]
    with pytest.raises(Incomplete):
        bulk.confirm(session, silent.id, by=reviewer, at=AT)
    run = team.prepare(A.TAKE_UP, by=reviewer, no_interest=True)
    assert team.carry_out(run, by=reviewer) == [("done", ""), declared, ("done", "")]


def test_the_forecast_agrees_with_what_the_single_step_then_does(team: Team) -> None:
    """Every case is confirmed whatever was expected of it: what was expected to go went, the rest was refused."""
    session, (first, second) = team.session, team.officers
    own = make_official(session, Role.REVIEWER, person=team.cases[0].owner.person, name="신청인")
    tied = Declaration(has_interest=True, reason="신청인이 제 동생입니다.")
    declarations.declare(session, team.ids[1], tied, by=actor(first), at=AT)
    reviews.take_up(session, team.ids[2], by=actor(second), at=AT)
    tag = team.tag()
    tags.put_on(session, team.ids[0], tag.id, by=team.by, at=AT)
    asked: list[tuple[BulkAction, User, dict[str, Any]]] = [
        (A.TAKE_UP, own, {}),
        (A.TAKE_UP, first, {}),
        (A.REQUEST_SUPPLEMENT, own, {"items": ITEMS, "days": 7}),
        (A.REQUEST_SUPPLEMENT, first, {"items": ITEMS, "days": 7}),
        (A.TAG, own, {"tag_id": tag.id}),
        (A.UNTAG, second, {"tag_id": tag.id}),
        (A.ASSIGN, team.chief, {"officer_ids": (first.id,), "reason": ""}),
        (A.ASSIGN, team.chief, {"officer_ids": (second.id,), "reason": "담당이 바뀌었습니다."}),
    ]
    for action, who, told in asked:
        start = session.begin_nested()
        run = team.prepare(action, by=actor(who), **told)
        expected = [result is None for result, _problem in team.results(run)]
        for case in team.cases_of(run):
            case.result, case.problem, case.value = None, "", ""
            if action is A.ASSIGN and case.officer_id is None:
                case.officer_id = int(told["officer_ids"][0])
        session.flush()
        results = team.carry_out(run, by=actor(who))
        assert [result == "done" for result, _problem in results] == expected, (action, who.person.name, results)
        start.rollback()


def test_who_is_absent_is_given_nothing_and_takes_nothing_up(team: Team) -> None:
    first, second = team.officers
    day = AT.date()
    absences.enter(team.session, EnterAbsence(first.id, second.id, day, day, "연가"), by=actor(first), at=AT)
    assert known.page(team.session, team.assign().id, team.by).given == {"담당2": 3}
    run = team.prepare(A.TAKE_UP, by=actor(first))
    assert team.results(run) == [("left_out", "absent_now")] * 3


def test_nobody_prepares_what_they_may_not_do_for_one_case_nor_confirms_anothers_run(team: Team) -> None:
    reviewer = actor(team.officers[0])
    with pytest.raises(NotPermitted):
        team.prepare(A.ASSIGN, by=reviewer, officer_ids=(team.officers[0].id,))
    for action in (A.TAKE_UP, A.REQUEST_SUPPLEMENT):
        with pytest.raises(NotPermitted):
            team.prepare(action, items=ITEMS, days=7)
    run = team.assign()
    with pytest.raises(NotFound):
        bulk.confirm(team.session, run.id, by=reviewer, at=AT)
    elsewhere = make_organisation(team.session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = actor(make_official(team.session, Role.APPROVER, organisation=elsewhere))
    with pytest.raises(NotFound):
        known.page(team.session, run.id, foreign)
    with pytest.raises(Incomplete):  # another office's cases are no cases
        team.prepare(A.ASSIGN, by=foreign, officer_ids=(1,))


def test_a_role_lost_before_the_work_is_done_is_a_refusal_of_each_case(team: Team) -> None:
    run = team.assign()
    bulk.confirm(team.session, run.id, by=team.by, at=AT)
    for grant in team.chief.grants:
        grant.revoked_at = AT
    team.work(run)
    assert team.results(run) == [("refused", "role_missing")] * 3


def test_preview_page_and_workload_take_as_many_statements_for_many_cases_as_for_few(
    team: Team, statement_counter: Counter
) -> None:
    session, by, day = team.session, team.by, AT.date()

    def counted(look: Callable[[], object]) -> int:
        with statement_counter() as statements:
            look()
        return len(statements)

    def looks(ids: tuple[int, ...], run_id: int) -> list[int]:
        session.expire_all()
        return [
            counted(lambda: known.standings(session, ids, by)),
            counted(lambda: known.page(session, run_id, by)),
            counted(lambda: workload.team(session, by, on=day, soon=day)),
        ]

    few = looks(team.ids, team.assign().id)
    team.cases.extend(apply(session, team.stores, team.programme) for _ in range(12))
    assert looks(team.ids, team.assign().id) == few
    assert max(few) <= 8


def test_the_workload_adds_up_and_says_who_is_away(team: Team) -> None:
    first, second = team.officers
    day = AT.date()
    team.carry_out(team.assign(first, ids=team.ids[:2]))
    reviews.take_up(team.session, team.ids[0], by=actor(first), at=AT)
    absences.enter(team.session, EnterAbsence(first.id, second.id, day, day, "연가"), by=actor(first), at=AT)
    seen = workload.team(team.session, team.by, on=day, soon=day + timedelta(days=30))
    mine, other = seen.officers
    assert (mine.name, mine.away, mine.stand_in, dict(mine.by_status)) == (
        "담당1",
        True,
        "담당2",
        {S.SUBMITTED: 1, S.IN_REVIEW: 1},
    )
    assert (other.total, seen.unassigned.total, seen.total.total, seen.total.due_soon) == (0, 1, 3, 3)
    late = workload.team(team.session, team.by, on=day + timedelta(days=60), soon=day + timedelta(days=63))
    assert (late.officers[0].overdue, late.unassigned.overdue, late.total.overdue) == (2, 1, 3)
    assert late.total.oldest == AT
