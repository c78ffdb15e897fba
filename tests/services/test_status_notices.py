"""Every thirty days an applicant whose case is not decided yet is told how it stands, once."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import upkeep_jobs
from portal.domain.letters import LetterKind
from portal.models.clocks import StatusNotice
from portal.queries import audit
from portal.services import applications, status_notices
from portal.storage.objects import Stores
from tests.clocks import Clock
from tests.waiting import Desk, desk, later


def told(it: Desk, days_on: int) -> int:
    """What a worker does at its turn; how many letters it sent."""
    due = status_notices.due(it.session, at=later(days_on))
    return sum(status_notices.tell(it.session, it.stores, each, at=later(days_on)) is not None for each in due)


def test_after_thirty_days_one_letter_and_after_sixty_another(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    assert [told(it, day) for day in (29, 30, 30, 45, 59, 60, 61)] == [0, 1, 0, 0, 0, 1, 0]
    assert [letter.kind for letter in it.letters()] == [LetterKind.STATUS_NOTICE] * 2
    assert session.scalars(select(StatusNotice.number).order_by(StatusNotice.id)).all() == [1, 2]
    assert audit.timeline(session, "application", it.case.id)[-1].action == "tell_status"


def test_turns_that_were_missed_are_one_letter(session: Session, stores: Stores) -> None:
    it = desk(session, stores, taken_up=False)  # nobody handles it yet: it goes out in the applicant's own name
    assert [told(it, day) for day in (95, 96, 119, 120)] == [1, 0, 0, 1]
    assert session.scalars(select(StatusNotice.number).order_by(StatusNotice.id)).all() == [3, 4]


def test_while_a_supplement_is_waited_for_it_names_no_day(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    it.ask(days_on=25, days=30)
    assert told(it, 31) == 1
    assert session.scalars(select(StatusNotice)).one().due_on is None


def test_two_workers_tell_it_once_and_what_is_over_is_not_told(session: Session, stores: Stores) -> None:
    it = desk(session, stores)
    assert status_notices.tell(session, stores, it.case.id, at=later(30)) is not None
    assert status_notices.tell(session, stores, it.case.id, at=later(30)) is None
    applications.withdraw(session, it.case.id, by=it.owner, at=later(31))
    assert told(it, 60) == 0


def test_the_worker_tells_everybody_whose_turn_it_is(
    app: Flask, session: Session, stores: Stores, clock: Clock
) -> None:
    it = desk(session, stores)
    session.commit()
    clock.move_to(later(30))
    assert [upkeep_jobs.keep_informed(app), upkeep_jobs.keep_informed(app)] == [1, 0]
    session.expire_all()
    assert [letter.kind for letter in it.letters()] == [LetterKind.STATUS_NOTICE]
