"""The same step for many cases: what can be taken in bulk, and what is to be expected of it for each case.

A forecast asks the rules of the single step, of facts read beforehand; the step itself is taken by the single-case
service, which has the last word. Never in bulk: a recommendation, whose checklist is ticked by looking at each case; an
approval; a rejection, whose reasons are one applicant's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE, ApplicationStatus
from portal.domain.assignments import Charge, Share, reason_missing
from portal.domain.errors import InvalidTransition, NotPermitted, Problem, Refusal
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.permissions import Permission
from portal.domain.supplement_parts import EXPLANATION
from portal.domain.supplements import Request, refuse_request

MOST_CASES = 1_000  # of one run
MIN_ITEMS = 5  # characters of a request for supplement


class BulkAction(StrEnum):
    """In the order in which they are offered."""

    ASSIGN = "assign"
    TAKE_UP = "take_up"
    REQUEST_SUPPLEMENT = "request_supplement"
    TAG = "tag"
    UNTAG = "untag"


NEEDS: Mapping[BulkAction, Permission] = {
    BulkAction.ASSIGN: Permission.CASE_ASSIGN,
    BulkAction.TAG: Permission.CASE_TAG,
    BulkAction.UNTAG: Permission.CASE_TAG,
    BulkAction.TAKE_UP: Permission.APPLICATION_REVIEW,
    BulkAction.REQUEST_SUPPLEMENT: Permission.APPLICATION_REVIEW,
}
STEPS_OF_REVIEW = (BulkAction.TAKE_UP, BulkAction.REQUEST_SUPPLEMENT)
_IN_WORDS = {"invalid_transition": "not_in_status", "not_permitted": "role_missing", "not_found": "case_gone"}


def offered(by: Actor) -> tuple[BulkAction, ...]:
    """What this person may ask for."""
    return tuple(action for action in BulkAction if by.may(NEEDS[action]))


class RunStatus(StrEnum):
    PREPARED = "prepared"  # previewed, nothing done
    CONFIRMED = "confirmed"  # being done, case by case
    FINISHED = "finished"


class Result(StrEnum):
    """What became of one case of a run that was confirmed."""

    DONE = "done"
    LEFT_OUT = "left_out"  # it could not be done when the preview was made, and was not tried
    CHANGED = "changed"  # since the preview
    REFUSED = "refused"  # by the single step


RUN_LIFECYCLE = Lifecycle(
    "bulk_run",
    RunStatus.PREPARED,
    (
        Step(RunStatus.PREPARED, "confirm", RunStatus.CONFIRMED, None),
        Step(RunStatus.CONFIRMED, "finish", RunStatus.FINISHED, None),
    ),
)


@dataclass(frozen=True, slots=True)
class PrepareRun:
    """One step for many cases, with what it needs: officers to spread over, a tag, what is asked, for how long and
    which parts it opens.

    `no_interest`: the person declares to have none in any of them, where they said nothing yet.
    """

    action: BulkAction
    application_ids: tuple[int, ...]
    officer_ids: tuple[int, ...] = ()
    reason: str = ""
    tag_id: int | None = None
    items: str = ""
    days: int = 0
    parts: frozenset[str] = frozenset({EXPLANATION})
    no_interest: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one case. `said`: what the person asking declared of it, None for nothing; `last_event`: of its
    history; `requests`: for supplement, those that count.
    """

    application_id: int
    receipt_number: str
    trade_name: str
    status: ApplicationStatus
    amount: int
    owner: int
    officer_id: int | None
    last_event: int
    said: bool | None
    done_by: Mapping[str, frozenset[int] | set[int]] = field(default_factory=dict)
    interested: frozenset[int] = field(default_factory=frozenset)
    requests: Sequence[Request] = ()
    tag_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def seen(self) -> str:
        """What a preview saw of it: any step, paper or change of hands since makes another."""
        return f"{self.status.value}:{self.last_event}:{self.officer_id or 0}"

    @property
    def charge(self) -> Charge:
        took_part = frozenset(self.done_by.get("objected_to", ()))
        return Charge(self.application_id, self.status, self.owner, self.officer_id, self.interested, took_part)


def forecast(
    command: PrepareRun, case: Standing, by: Actor, on: date, *, absent: bool, longest: int, share: Share | None = None
) -> Problem | None:
    """Why the step is not to be taken for this case, as the single step would say it; None where it can be.

    `absent`: the person is on leave; `longest`: days that one more request for supplement may give; `share`: who gets
    it, where cases are assigned.
    """
    if case.owner == by.person_id:
        return Problem("own_application")
    if command.action in (BulkAction.TAG, BulkAction.UNTAG):
        return _tagging(command, case)
    if case.said or absent:
        return Problem("interest_declared" if case.said else "absent_now")
    if command.action is BulkAction.ASSIGN:
        refused = share.problem if share is not None else Problem("nobody_fits")
        return refused or reason_missing(case.charge, command.reason)
    if case.said is None and not command.no_interest:
        return Problem("interest_undeclared")
    return _step(command, case, by, on, longest)


def said(refusal: Refusal) -> Problem:
    """Why a single step was refused, in one problem."""
    if refusal.problems:
        return refusal.problems[0]
    return Problem(_IN_WORDS.get(refusal.code, refusal.code))


def _tagging(command: PrepareRun, case: Standing) -> Problem | None:
    on_it = command.tag_id in case.tag_ids
    if command.action is BulkAction.TAG:
        return Problem("tag_on_already") if on_it else None
    return None if on_it else Problem("tag_not_on")


def _step(command: PrepareRun, case: Standing, by: Actor, on: date, longest: int) -> Problem | None:
    name = command.action.value
    if command.action is BulkAction.REQUEST_SUPPLEMENT and case.status is ApplicationStatus.SUPPLEMENT_REQUESTED:
        name = "request_again"
    try:
        step = LIFECYCLE.step(case.status, name)
        if command.action is BulkAction.REQUEST_SUPPLEMENT:
            refuse_request(case.requests, on)
        LIFECYCLE.check(step, by, case.done_by)
    except (InvalidTransition, NotPermitted) as refusal:
        return said(refusal)
    if command.action is BulkAction.REQUEST_SUPPLEMENT and case.requests and command.days > longest:
        return Problem("days_out_of_range", "days", str(longest))
    return None


def problems_in(command: PrepareRun) -> list[Problem]:
    """What is missing of the step itself, whichever cases it is for."""
    found = []
    if not command.application_ids:
        found.append(Problem("no_case_chosen"))
    elif len(command.application_ids) > MOST_CASES:
        found.append(Problem("too_many_cases", value=f"{MOST_CASES:,}"))
    if command.action is BulkAction.ASSIGN and not command.officer_ids:
        found.append(Problem("required", "officers"))
    if command.action in (BulkAction.TAG, BulkAction.UNTAG) and command.tag_id is None:
        found.append(Problem("required", "tag"))
    if command.action is BulkAction.REQUEST_SUPPLEMENT and len(command.items.strip()) < MIN_ITEMS:
        found.append(Problem("too_short", "items"))
    if command.action is BulkAction.REQUEST_SUPPLEMENT and not command.parts:
        found.append(Problem("parts_required", "parts"))
    return found
