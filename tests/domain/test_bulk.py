"""What is to be expected of one step for each of many cases; some steps are never taken for many at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from portal.domain.actors import Actor, Role
from portal.domain.applications import LIFECYCLE
from portal.domain.applications import ApplicationStatus as S
from portal.domain.assignments import Share
from portal.domain.bulk import NEEDS, BulkAction, PrepareRun, Standing, forecast, offered, problems_in

ON = date(2026, 6, 15)
BY = Actor(1, 10, "김", frozenset({Role.REVIEWER}))
ME, OWNER = BY.person_id, 99


@dataclass(frozen=True)
class Asked:
    due_on: date
    answered: bool = True


def case(**told: object) -> Standing:
    known = {
        "application_id": 1,
        "receipt_number": "R1",
        "trade_name": "가게",
        "status": S.SUBMITTED,
        "amount": 1,
        "owner": OWNER,
        "officer_id": None,
        "last_event": 7,
        "said": False,
    }
    return Standing(**(known | told))  # ty: ignore[invalid-argument-type]


def command(action: BulkAction, **told: object) -> PrepareRun:
    needed = {"officer_ids": (2,), "tag_id": 5, "items": "통장 사본", "days": 10}
    return PrepareRun(action, (1,), **(needed | told))  # ty: ignore[invalid-argument-type]


A = BulkAction
PAST, AHEAD = date(2026, 6, 1), date(2026, 6, 30)


@pytest.mark.parametrize(
    ("action", "told", "code"),
    [
        (A.TAKE_UP, {}, None),
        (A.TAKE_UP, {"status": S.IN_REVIEW}, "not_in_status"),
        (A.TAKE_UP, {"owner": ME}, "own_application"),
        (A.TAKE_UP, {"said": True}, "interest_declared"),
        (A.TAKE_UP, {"said": None}, "interest_undeclared"),
        (A.TAKE_UP, {"done_by": {"objected_to": {ME}}}, "same_person"),
        (A.REQUEST_SUPPLEMENT, {}, "not_in_status"),
        (A.REQUEST_SUPPLEMENT, {"status": S.IN_REVIEW}, None),
        (A.REQUEST_SUPPLEMENT, {"status": S.IN_REVIEW, "requests": [Asked(PAST)] * 2}, "supplement_asked_twice"),
        (A.REQUEST_SUPPLEMENT, {"status": S.SUPPLEMENT_REQUESTED, "requests": [Asked(PAST, False)]}, None),
        (
            A.REQUEST_SUPPLEMENT,
            {"status": S.SUPPLEMENT_REQUESTED, "requests": [Asked(AHEAD, False)]},
            "supplement_still_running",
        ),
        (A.TAG, {"status": S.APPROVED, "said": None}, None),
        (A.TAG, {"tag_ids": frozenset({5})}, "tag_on_already"),
        (A.UNTAG, {"tag_ids": frozenset({5})}, None),
        (A.UNTAG, {}, "tag_not_on"),
        (A.UNTAG, {"owner": ME, "tag_ids": frozenset({5})}, "own_application"),
        (A.ASSIGN, {"said": None}, None),
        (A.ASSIGN, {"said": True}, "interest_declared"),
        (A.ASSIGN, {"officer_id": 3}, "reassign_reason"),
    ],
)
def test_the_forecast_says_what_the_rules_of_the_single_step_say(
    action: BulkAction, told: dict[str, object], code: str | None
) -> None:
    share = Share(1, 2) if action is A.ASSIGN else None
    problem = forecast(command(action), case(**told), BY, ON, absent=False, longest=10, share=share)
    assert (problem.code if problem else None) == code


def test_one_declaration_for_all_leaves_what_was_said_before_as_it_is() -> None:
    wide = command(A.TAKE_UP, no_interest=True)
    found = [forecast(wide, case(said=said), BY, ON, absent=False, longest=10) for said in (None, False, True)]
    assert [problem.code if problem else None for problem in found] == [None, None, "interest_declared"]


def test_who_is_absent_takes_no_step_but_may_tag() -> None:
    found = [forecast(command(action), case(), BY, ON, absent=True, longest=10) for action in (A.TAKE_UP, A.TAG)]
    assert [problem.code if problem else None for problem in found] == ["absent_now", None]


def test_a_second_request_is_kept_to_its_days() -> None:
    waits = case(status=S.SUPPLEMENT_REQUESTED, requests=[Asked(PAST, False)])
    for days, code in ((10, None), (11, "days_out_of_range")):
        problem = forecast(command(A.REQUEST_SUPPLEMENT, days=days), waits, BY, ON, absent=False, longest=10)
        assert (problem.code if problem else None) == code


def test_what_needs_a_look_at_each_case_is_never_done_in_bulk() -> None:
    never = {"recommend", "approve", "reject", "return", "send_back"}
    assert never <= LIFECYCLE.actions_known
    assert not never & {action.value for action in BulkAction}


def test_each_role_is_offered_what_it_may_do_for_one_case() -> None:
    def by(role: Role) -> Actor:
        return Actor(1, 1, "", frozenset({role}))

    assert set(offered(by(Role.REVIEWER))) == {A.TAG, A.UNTAG, A.TAKE_UP, A.REQUEST_SUPPLEMENT}
    assert set(offered(by(Role.APPROVER))) == {A.ASSIGN, A.TAG, A.UNTAG}
    assert offered(by(Role.MANAGER)) == (A.ASSIGN,)
    assert offered(by(Role.AUDITOR)) == offered(by(Role.PAYER)) == ()
    assert set(NEEDS) == set(BulkAction)


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (command(A.TAKE_UP), []),
        (PrepareRun(A.TAKE_UP, ()), ["no_case_chosen"]),
        (PrepareRun(A.TAKE_UP, tuple(range(1_000))), []),
        (PrepareRun(A.TAKE_UP, tuple(range(1_001))), ["too_many_cases"]),
        (PrepareRun(A.ASSIGN, (1,)), ["required"]),
        (PrepareRun(A.TAG, (1,)), ["required"]),
        (PrepareRun(A.REQUEST_SUPPLEMENT, (1,), items="통장"), ["too_short"]),
    ],
)
def test_what_is_missing_of_the_step_itself_is_said(asked: PrepareRun, codes: list[str]) -> None:
    assert [problem.code for problem in problems_in(asked)] == codes


def test_a_preview_notices_every_step_paper_and_change_of_hands() -> None:
    seen = case().seen
    assert case().seen == seen
    assert seen not in {case(last_event=8).seen, case(officer_id=3).seen, case(status=S.IN_REVIEW).seen}
