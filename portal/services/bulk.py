"""One step for many cases: prepared with a preview, confirmed once, then taken case by case by the single-case service.

Each case is a transaction of its own with its own result. A case that changed since the preview is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.applications import SupplementRequest
from portal.domain.assignments import Assign, Share, spread
from portal.domain.bulk import (
    NEEDS,
    RUN_LIFECYCLE,
    BulkAction,
    PrepareRun,
    Result,
    RunStatus,
    Standing,
    forecast,
    problems_in,
    said,
)
from portal.domain.deadlines import period_of
from portal.domain.errors import Conflict, Incomplete, NotPermitted, Problem, Refusal
from portal.domain.jobs import JobKind
from portal.domain.periods import korean_date
from portal.domain.reviews import MAX_SUPPLEMENT_DAYS
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.assignments import Assignment
from portal.models.bulk import BulkCase, BulkRun, BulkRunPart
from portal.queries import absences as leave
from portal.queries import accounts, bulk, supplement_parts, tags
from portal.queries import assignments as known
from portal.services import assignments, declarations, jobs, reviews, steps
from portal.services import tags as tagging
from portal.storage.objects import Stores

Apart = Callable[[], AbstractContextManager[Session]]
Progress = Callable[[int, int], None]
LastAct = Callable[[Session, datetime], None]
_CHANGED = "changed_since_preview"


def permit(action: BulkAction, *, by: Actor) -> None:
    """Raises NotPermitted for who may not take the step for one case either."""
    if not by.may(NEEDS[action]):
        raise NotPermitted(NEEDS[action])


def prepare(session: Session, command: PrepareRun, *, by: Actor, at: datetime) -> BulkRun:
    """Keeps what was asked for, what is to be expected of each case, and what was seen of it. Nothing else is done.

    Raises NotPermitted, NotFound for another office's tag, Incomplete.
    """
    permit(command.action, by=by)
    problems = problems_in(command)
    if command.action is BulkAction.REQUEST_SUPPLEMENT and not 1 <= command.days <= MAX_SUPPLEMENT_DAYS:
        problems.append(Problem("days_out_of_range", "days", str(MAX_SUPPLEMENT_DAYS)))
    if problems:
        raise Incomplete(problems=problems)
    if command.tag_id is not None:
        tags.one(session, command.tag_id, by)
    cases = bulk.standings(session, command.application_ids, by)
    if not cases:
        raise Incomplete(problems=[Problem("no_case_chosen")])
    run = BulkRun(
        organisation_id=by.organisation_id,
        prepared_by=by.user_id,
        action=command.action,
        tag_id=command.tag_id,
        reason=command.reason.strip(),
        items=command.items.strip(),
        days=command.days,
        no_interest=command.no_interest,
        prepared_at=at,
    )
    steps.begin(session, run, RUN_LIFECYCLE, "prepare", by=by, at=at)
    if command.action is BulkAction.REQUEST_SUPPLEMENT:
        session.add_all(BulkRunPart(run_id=run.id, code=code) for code in sorted(command.parts))
    session.add_all(_expected(session, run, command, cases, by, at))
    session.flush()
    return run


def confirm(session: Session, run_id: int, *, by: Actor, at: datetime) -> int | None:
    """Puts the run down to be done; the job's id. None where that was done before: nothing is done twice.

    Raises NotFound for a run that somebody else prepared, Incomplete where not one case can be done.
    """
    run = bulk.own(session, run_id, by)
    if run.status is not RunStatus.PREPARED:
        return None
    if not bulk.waiting(session, run_id):
        raise Incomplete(problems=[Problem("nothing_to_do")])
    run.confirmed_at = at
    steps.take(session, run, RUN_LIFECYCLE, "confirm", by=by, at=at)
    return jobs.ask(session, JobKind.BULK, run.id, by=by, at=at).id


def start_again(session: Session, run_id: int, *, by: Actor, at: datetime) -> int | None:
    """Puts a confirmed run whose job failed down again; the job's id, None while it is being done. Cases that have a
    result keep it: the step is taken for the others alone.

    Raises NotFound for a run that somebody else prepared.
    """
    run = bulk.own(session, run_id, by)
    job = None
    if run.status is RunStatus.CONFIRMED:
        job = jobs.ask_again(session, JobKind.BULK, run.id, by=by, at=at)
    return None if job is None else job.id


def carry_out(
    apart: Apart, stores: Stores, run_id: int, *, moment: Callable[[], datetime], progress: Progress
) -> LastAct:
    """Takes the step for every case that waits, each in a transaction of its own; may be begun again at any time."""
    with apart() as session:
        open_ones = list(bulk.waiting(session, run_id))
    for number, case_id in enumerate(open_ones):
        progress(number, len(open_ones))
        with apart() as session:
            _one(session, stores, case_id, at=moment())
    return lambda session, at: _finish(session, run_id, at=at)


def _one(session: Session, stores: Stores, case_id: int, *, at: datetime) -> None:
    case = session.get_one(BulkCase, case_id, with_for_update={"of": BulkCase}, populate_existing=True)
    if case.result is not None:
        return
    run = session.get_one(BulkRun, case.run_id)
    by = accounts.actor_of(session.get_one(User, run.prepared_by))
    attempt = session.begin_nested()
    try:
        _refuse_changed(session, case, by)
        _take(session, stores, run, case, by, at)
        attempt.commit()
        case.result = Result.DONE
    except Refusal as refused:
        attempt.rollback()
        problem = said(refused)
        case.result = Result.CHANGED if problem.code == _CHANGED else Result.REFUSED
        case.problem, case.value = problem.code, problem.value
    case.done_at = at
    session.flush()


def _take(session: Session, stores: Stores, run: BulkRun, case: BulkCase, by: Actor, at: datetime) -> None:
    """The single step, by the service that pages of one case use."""
    number = case.application_id
    if run.no_interest:
        declarations.declare_none(session, [number], by=by, at=at)
    match run.action:
        case BulkAction.ASSIGN:
            assignments.assign(session, number, Assign(case.officer_id or 0, run.reason), by=by, at=at, run_id=run.id)
        case BulkAction.TAG:
            tagging.put_on(session, number, run.tag_id or 0, by=by, at=at)
        case BulkAction.UNTAG:
            tagging.take_off(session, number, run.tag_id or 0, by=by, at=at)
        case BulkAction.TAKE_UP:
            reviews.take_up(session, number, by=by, at=at)
        case BulkAction.REQUEST_SUPPLEMENT:
            parts = frozenset(bulk.parts_of(session, run.id)) or supplement_parts.all_of(session, number)
            command = SupplementRequest(run.items, run.days, parts)
            reviews.request_supplement(session, stores, number, command, by=by, at=at)


def _finish(session: Session, run_id: int, *, at: datetime) -> None:
    """The run is over; each officer who got cases by it is told once, of how many."""
    run = session.get_one(BulkRun, run_id, with_for_update={"of": BulkRun}, populate_existing=True)
    by = accounts.actor_of(session.get_one(User, run.prepared_by))
    run.finished_at = at
    steps.take(session, run, RUN_LIFECYCLE, "finish", by=by, at=at)
    last = select(func.max(Assignment.id)).where(Assignment.run_id == run_id).group_by(Assignment.account_id)
    for assignment_id in session.scalars(last.order_by(func.max(Assignment.id))).all():
        steps.write(session, assignments.NOUN, assignment_id, "hand_out", by=by, at=at)


def _refuse_changed(session: Session, case: BulkCase, by: Actor) -> None:
    """Raises Conflict where anything happened to the case since the preview; it is held from here on."""
    session.execute(select(Application.id).where(Application.id == case.application_id).with_for_update(key_share=True))
    found = bulk.standings(session, [case.application_id], by)
    if not found or found[0].seen != case.seen:
        raise Conflict(problems=[Problem(_CHANGED)])


def _expected(
    session: Session, run: BulkRun, command: PrepareRun, cases: Sequence[Standing], by: Actor, at: datetime
) -> list[BulkCase]:
    """One row for each case; what cannot be done has its result already."""
    on = korean_date(at)
    absent = any(each.account.person_id == by.person_id for each in leave.on_day(session, run.organisation_id, on))
    longest = period_of(data.act_periods(), "petition", "supplement_again", on).days
    shares = _shares(session, command, cases, by, at)
    rows = []
    for case in cases:
        share = shares.get(case.application_id)
        problem = forecast(command, case, by, on, absent=absent, longest=longest, share=share)
        rows.append(
            BulkCase(
                run_id=run.id,
                application_id=case.application_id,
                seen=case.seen,
                officer_id=share.officer_id if share is not None and problem is None else None,
                result=Result.LEFT_OUT if problem else None,
                problem=problem.code if problem else "",
                value=problem.value if problem else "",
            )
        )
    return rows


def _shares(
    session: Session, command: PrepareRun, cases: Sequence[Standing], by: Actor, at: datetime
) -> dict[int, Share]:
    """Who gets which case: only those are shared out that could be given to somebody at all."""
    if command.action is not BulkAction.ASSIGN:
        return {}
    chosen = [
        each for each in known.officers(session, by, on=korean_date(at)) if each.account_id in command.officer_ids
    ]
    if not chosen:
        raise Incomplete(problems=[Problem("unknown_choice", "officers")])
    mine = [case.charge for case in cases if case.owner != by.person_id and not case.said]
    return {share.application_id: share for share in spread(mine, chosen)}
