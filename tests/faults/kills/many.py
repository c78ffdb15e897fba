"""Many cases at once, killed on their way: one assigned, all distributed and asked in bulk runs, all looked at for
signals. The jobs commit case by case: another worker takes up what a killed one left.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.assignments import Assign
from portal.domain.bulk import BulkAction, PrepareRun
from portal.domain.signals import JudgeSignal, Verdict
from portal.models.applications import Application
from portal.models.bulk import BulkRun
from portal.models.signals import Signal
from portal.services import assignments, bulk, reviews, signal_rounds, signals
from portal.services.reconcile import Files
from tests.distributed import ITEMS, open_team
from tests.factories import AT
from tests.faults.kills import workers
from tests.faults.kills.workflows import Cast, Step, person
from tests.signalled import REASON

OFFICERS, CASES = 2, 3
OF_JOBS = ("audit_event", "job")  # another worker leaves its own traces there: that it took the job up, and when


def build(session: Session, files: Files, *_: object) -> Cast:
    """An office with cases that nobody is in charge of; all businesses give one street and telephone."""
    team = open_team(session, files.stores, cases=CASES, officers=OFFICERS)
    cast = {"chief": team.chief.id} | {f"case{number}": case_id for number, case_id in enumerate(team.ids)}
    return cast | {f"officer{number}": officer.id for number, officer in enumerate(team.officers)}


def assign_case(session: Session, _files: Files, cast: Cast) -> object:
    command = Assign(cast["officer1"])
    return assignments.assign(session, cast["case0"], command, by=person(session, cast, "chief"), at=AT)


def preview_distribution(session: Session, _files: Files, cast: Cast) -> object:
    cases = tuple(cast[f"case{number}"] for number in range(CASES))
    officers = tuple(cast[f"officer{number}"] for number in range(OFFICERS))
    command = PrepareRun(BulkAction.ASSIGN, cases, officer_ids=officers)
    return bulk.prepare(session, command, by=person(session, cast, "chief"), at=AT)


def start_distribution(session: Session, _files: Files, cast: Cast) -> object:
    return _start(session, cast, "chief")


def preview_requests(session: Session, _files: Files, cast: Cast) -> object:
    """An officer takes up what was assigned to them, and is about to ask each for the same."""
    by = person(session, cast, "officer0")
    mine = session.scalars(select(Application.id).where(Application.reviewer_id == by.user_id).order_by(Application.id))
    cases = tuple(mine)
    for case_id in cases:
        reviews.take_up(session, case_id, by=by, at=AT)
    command = PrepareRun(BulkAction.REQUEST_SUPPLEMENT, cases, items=ITEMS, days=7)
    return bulk.prepare(session, command, by=by, at=AT)


def start_requests(session: Session, _files: Files, cast: Cast) -> object:
    return _start(session, cast, "officer0")


def ask_for_signals(session: Session, _files: Files, cast: Cast) -> object:
    return signal_rounds.ask(session, by=person(session, cast, "officer0"), at=AT)


def judge_signal(session: Session, _files: Files, cast: Cast) -> object:
    first, by = session.scalars(select(Signal).order_by(Signal.id)).first(), person(session, cast, "officer1")
    assert first is not None
    return signals.judge(session, first.id, JudgeSignal(Verdict.DISMISS, REASON), by=by, at=AT)


def distribute(session: Session, files: Files, _cast: Cast) -> object:
    return workers.do_waiting(session, files, at=AT)


def request_from_many(session: Session, files: Files, _cast: Cast) -> object:
    """A letter to each."""
    return workers.do_waiting(session, files, at=AT)


def look_for_signals(session: Session, files: Files, _cast: Cast) -> object:
    return workers.do_waiting(session, files, at=AT)


def take_over(session: Session, files: Files, _cast: Cast) -> object:
    return workers.take_over(session, files, at=AT)


def _start(session: Session, cast: Cast, who: str) -> object:
    last = session.scalars(select(BulkRun.id).order_by(BulkRun.id.desc())).first()
    return bulk.confirm(session, last or 0, by=person(session, cast, who), at=AT)


STEPS = (
    Step("assign_case", assign_case, aside=True),
    Step("preview_distribution", preview_distribution, again_in=("bulk_run", "bulk_case")),
    Step("start_distribution", start_distribution),
    Step("distribute", distribute, taken_over=take_over, again_in=OF_JOBS),
    Step("start_requests", start_requests, before=preview_requests),
    Step("request_from_many", request_from_many, taken_over=take_over, again_in=OF_JOBS),
    Step("ask_for_signals", ask_for_signals),
    Step("look_for_signals", look_for_signals, taken_over=take_over, again_in=OF_JOBS),
    Step("judge_signal", judge_signal),
)
