"""Many hand in at the same moment: the queue has no gap and no twin, and nothing is handed in twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Refusal
from portal.models.applications import Application
from portal.models.letters import Letter
from portal.services import applications, decisions
from portal.storage.objects import Stores
from tests import applying
from tests.cases import apply, recommend
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme


def test_numbers_of_the_queue_have_no_gap_and_no_twin_when_many_submit_at_once(
    session: Session, stores: Stores, make_sessions: Callable[[], Session]
) -> None:
    programme = make_programme(session)
    owners = [make_merchant_user(session) for _ in range(8)]
    drafts = [
        applying.ready(session, stores, programme, owner, serial=serial, account_number=f"30101234567{serial:02d}")
        for serial, owner in enumerate(owners, start=1)
    ]
    jobs = [(draft.id, actor(owner), make_sessions()) for draft, owner in zip(drafts, owners, strict=True)]
    session.commit()
    at_once(lambda job: submit_and_commit(job[2], job[0], job[1]), jobs)
    session.expire_all()
    numbers = session.scalars(select(Application.queue_number).order_by(Application.queue_number)).all()
    assert numbers == list(range(1, 9))


def test_one_of_two_submissions_of_the_same_application_wins(
    session: Session, stores: Stores, make_sessions: Callable[[], Session]
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    jobs = [(draft.id, actor(owner), make_sessions()) for _ in range(4)]
    session.commit()
    answers = at_once(lambda job: submit_and_commit(job[2], job[0], job[1]), jobs)
    assert sorted(answers) == ["done", "invalid_transition", "invalid_transition", "invalid_transition"]


def test_of_two_who_decide_at_the_same_moment_one_decides_and_the_other_is_told_who(
    session: Session, stores: Stores, make_sessions: Callable[[], Session]
) -> None:
    case = apply(session, stores, make_programme(session))
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER)))
    deciders = [actor(make_official(session, Role.APPROVER, name=name)) for name in ("결재가", "결재나")]
    jobs, case_id = [(by, make_sessions()) for by in deciders], case.id
    session.commit()

    def decide(job: Any) -> str:
        by, own = job
        try:
            if by is deciders[0]:
                decisions.approve(own, stores, case_id, by=by, at=AT)
            else:
                decisions.reject(own, stores, case_id, reasons="지원 제외 업종에 해당합니다.", by=by, at=AT)
            own.commit()
        except Refusal as refusal:
            own.rollback()
            return refusal.problems[0].code
        return "done"

    assert sorted(at_once(decide, jobs)) == ["case_moved_on", "done"]
    assert session.scalar(select(func.count(Letter.id))) == 1


def submit_and_commit(own: Session, application_id: int, by: Any) -> str:
    try:
        applications.submit(own, application_id, by=by, at=AT)
        own.commit()
    except Refusal as refusal:
        own.rollback()
        return refusal.code
    return "done"


def at_once(act: Callable[[Any], str], jobs: list[Any]) -> list[str]:
    """Runs every job in a thread of its own, all let go together."""
    gate, answers = threading.Barrier(len(jobs)), list[str]()

    def run(job: Any) -> None:
        gate.wait(10)
        answers.append(act(job))

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
