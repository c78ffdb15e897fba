"""The work queue tells whose turn it is and shows every case once, whichever way one turns the pages."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus as S
from portal.domain.deadlines import working_day_after
from portal.domain.identifiers import format_business_number
from portal.domain.periods import korean_date
from portal.domain.reviews import Filters
from portal.queries import work_queue
from portal.services import reviews
from portal.storage.objects import Stores
from tests.cases import apply, recommend
from tests.factories import AT, actor, make_official, make_programme
from tests.waiting import desk, later


def test_my_turn_follows_the_case(session: Session, stores: Stores) -> None:
    case = apply(session, stores, make_programme(session))
    reviewer, approver = (actor(make_official(session, role)) for role in (Role.REVIEWER, Role.APPROVER))
    other = actor(make_official(session, Role.REVIEWER))

    def turn_of(by: Actor, view: str = "my_turn") -> bool:
        return bool(work_queue.page(session, by, Filters(view=view), on=AT.date()).rows)

    assert (turn_of(reviewer), turn_of(approver), turn_of(reviewer, "mine")) == (True, False, False)
    reviews.take_up(session, case.id, by=reviewer, at=AT)
    assert (turn_of(reviewer), turn_of(other), turn_of(reviewer, "mine")) == (True, False, True)
    case.application.status = S.SUBMITTED
    recommend(session, case.application, reviewer)
    assert (turn_of(reviewer), turn_of(approver)) == (False, True)


def test_pages_cover_every_case_once_in_both_directions_whatever_the_order(session: Session, stores: Stores) -> None:
    programme = make_programme(session)
    wanted = {apply(session, stores, programme, requested=100_000 + n % 3).id for n in range(work_queue.PAGE + 7)}
    by, on = actor(make_official(session, Role.REVIEWER)), AT.date()
    for sort in (*work_queue.SORTS, "no such column"):
        first = work_queue.page(session, by, Filters(sort=sort), on=on)
        second = work_queue.page(session, by, Filters(sort=sort), on=on, after=first.later)
        assert (len(first.rows), len(second.rows)) == (work_queue.PAGE, 7)
        assert {row.id for page in (first, second) for row in page.rows} == wanted
        assert (first.earlier, second.later) == (None, None)
        back = work_queue.page(session, by, Filters(sort=sort), on=on, before=second.earlier)
        assert [row.id for row in back.rows] == [row.id for row in first.rows]


def test_names_numbers_and_statuses_narrow_the_list_on_both_databases(session: Session, stores: Stores) -> None:
    programme = make_programme(session)
    wanted = apply(session, stores, programme, trade_name="Cafe 섬진강")
    apply(session, stores, programme, trade_name="지리산 산채")
    by = actor(make_official(session, Role.REVIEWER))
    number = format_business_number(wanted.application.merchant.business_number)
    for filters in (
        Filters(text="cafe"),
        Filters(text=number),
        Filters(text=(wanted.application.receipt_number or "").lower()),
    ):
        assert [row.id for row in work_queue.page(session, by, filters, on=AT.date()).rows] == [wanted.id]
    everything = Filters(programme="gurye-2020-o2o", status="submitted", sort="amount")
    assert len(work_queue.page(session, by, everything, on=AT.date()).rows) == 2
    counts = work_queue.counts(session, by, on=AT.date(), soon=AT.date())
    assert (counts.by_status, counts.due_soon, counts.overdue) == ({S.SUBMITTED: 2}, 0, 0)


def test_soon_is_the_last_of_three_working_days_and_late_the_day_after(session: Session, stores: Stores) -> None:
    case = apply(session, stores, make_programme(session))
    by, due_on = actor(make_official(session, Role.REVIEWER)), date(2026, 7, 2)  # a Thursday
    assert case.application.due_on == due_on
    holidays = frozenset({date(2026, 6, 30)})
    for today, seen in (
        (date(2026, 6, 25), (0, 0)),
        (date(2026, 6, 26), (1, 0)),
        (due_on, (1, 0)),
        (date(2026, 7, 3), (0, 1)),
    ):
        soon = working_day_after(today, work_queue.SOON, holidays)
        counts = work_queue.counts(session, by, on=today, soon=soon)
        assert (counts.due_soon, counts.overdue) == seen, today
        listed = work_queue.page(session, by, Filters(view="due_soon"), on=today, soon=soon).rows
        assert len(listed) == counts.due_soon


def test_a_supplement_that_ran_out_is_the_reviewers_turn_and_the_second_the_approvers(
    session: Session, stores: Stores
) -> None:
    it = desk(session, stores)
    it.ask()

    def waits_for(by: Actor, days_on: int) -> bool:
        on = korean_date(later(days_on))
        late = work_queue.page(session, by, Filters(view="answer_late"), on=on).rows
        turn = work_queue.page(session, by, Filters(view="my_turn"), on=on).rows
        assert work_queue.counts(session, by, on=on, soon=on).answer_late == len(late)
        return bool(late) and bool(turn)

    assert [waits_for(it.reviewer, day) for day in (7, 8)] == [False, True]
    assert not waits_for(it.approver, 8)
    it.ask(days_on=8, days=5)
    assert (waits_for(it.reviewer, 30), waits_for(it.approver, 30)) == (False, True)
