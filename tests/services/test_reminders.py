"""People are reminded of deadlines three days and a day before, once, in working hours, and not of what is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import notice_jobs
from portal.domain.applications import SupplementRequest
from portal.domain.notifications import Kind
from portal.domain.periods import KOREA
from portal.models.notifications import Notification
from portal.services import reminders, reviews, supplements
from portal.storage.objects import Stores
from tests import approved_claims, cases
from tests.approved_claims import Office
from tests.cases import Applied
from tests.factories import AT, actor


def morning(on: date, hour: int = 9) -> datetime:
    return datetime(on.year, on.month, on.day, hour, tzinfo=KOREA)


@pytest.fixture
def office(session: Session) -> Office:
    return approved_claims.open_office(session)


@pytest.fixture
def case(session: Session, stores: Stores, office: Office) -> Applied:
    return cases.apply(session, stores, office.programme)


def reminded(session: Session, *kinds: Kind) -> list[tuple[Kind, int, date | None]]:
    query = select(Notification).where(Notification.day.is_not(None)).order_by(Notification.id)
    return [
        (line.kind, line.account_id, line.due_on) for line in session.scalars(query) if not kinds or line.kind in kinds
    ]


def asked(session: Session, stores: Stores, office: Office, case: Applied) -> date:
    reviews.take_up(session, case.id, by=actor(office.reviewer), at=AT)
    request = SupplementRequest("통장 사본이 흐립니다.", 10)
    return reviews.request_supplement(session, stores, case.id, request, by=actor(office.reviewer), at=AT).due_on


def test_a_supplement_is_reminded_of_three_days_and_a_day_before_and_once_each(session, stores, office, case) -> None:
    due_on = asked(session, stores, office, case)
    for days in range(6, -2, -1):
        for hour in (9, 10, 17):
            reminders.remind(session, at=morning(due_on - timedelta(days=days), hour))
    found = reminded(session, Kind.SUPPLEMENT_DUE)
    assert found == [(Kind.SUPPLEMENT_DUE, case.owner.id, due_on)] * 2


def test_what_was_answered_is_not_reminded_of(session, stores, office, case) -> None:
    due_on = asked(session, stores, office, case)
    supplements.answer(session, case.id, "다시 올렸습니다.", by=actor(case.owner), at=AT)
    reminders.remind(session, at=morning(due_on - timedelta(days=1)))
    assert reminded(session, Kind.SUPPLEMENT_DUE) == []


def test_before_nine_nobody_is_reminded(session, stores, office, case) -> None:
    due_on = asked(session, stores, office, case)
    assert reminders.remind(session, at=morning(due_on - timedelta(days=1), 8)) == 0
    assert reminders.remind(session, at=morning(due_on - timedelta(days=1))) > 0


def test_whoever_still_writes_an_application_is_told_that_the_call_closes(session, stores, office) -> None:
    draft_id, owner = cases.draft(session, stores, office.programme)
    closes = office.programme.announcement.call.apply_to
    for days in (4, 3, 2, 1, 0):
        reminders.remind(session, at=morning(closes - timedelta(days=days)))
    assert reminded(session, Kind.CALL_CLOSES) == [(Kind.CALL_CLOSES, owner.id, closes)] * 2
    line = session.scalars(select(Notification).where(Notification.kind == Kind.CALL_CLOSES).limit(1)).one()
    assert line.record_id == draft_id


def test_an_official_has_one_digest_on_a_working_day_of_own_cases_and_those_of_nobody(session, stores, office) -> None:
    mine, _nobodys, others, done = (cases.apply(session, stores, office.programme) for _ in range(4))
    due_on = mine.application.due_on or AT.date()
    reviews.take_up(session, mine.id, by=actor(office.reviewer), at=AT)
    others.application.reviewer_id = office.approver.id
    done.application.due_on = due_on + timedelta(days=30)
    for hour in (9, 12):
        reminders.remind(session, at=morning(due_on, hour))
    assert reminded(session, Kind.CASES_DUE) == [(Kind.CASES_DUE, office.reviewer.id, due_on)]
    about = select(Notification.about).where(Notification.kind == Kind.CASES_DUE)
    assert session.scalars(about).one() == "2"
    reminders.remind(session, at=morning(date(2026, 7, 18)))  # a Saturday
    assert len(reminded(session, Kind.CASES_DUE)) == 1


def test_the_worker_reminds_and_a_second_worker_adds_nothing(app: Flask, session, stores, office, case, clock) -> None:
    due_on = asked(session, stores, office, case)
    session.commit()
    clock.move_to(morning(due_on - timedelta(days=1)))
    assert notice_jobs.remind(app) >= 1
    assert notice_jobs.remind(app) == 0
