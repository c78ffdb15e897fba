"""Whom a case may be given to, and how many cases are spread evenly: by turns, and never to who must not have it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from portal.domain.applications import ApplicationStatus as S
from portal.domain.assignments import Charge, Officer, reason_missing, refused, spread

KIM, LEE, PARK = (Officer(number, number * 10, name) for number, name in ((1, "김"), (2, "이"), (3, "박")))
AWAY = Officer(4, 40, "최", away=True)


def case(number: int = 1, **told: Any) -> Charge:
    known: dict[str, Any] = {"application_id": number, "status": S.SUBMITTED, "owner": 99} | told
    return Charge(**known)


@pytest.mark.parametrize(
    ("officer", "told", "code"),
    [
        (KIM, {}, None),
        (KIM, {"status": S.IN_REVIEW, "officer_id": 2}, None),
        (KIM, {"status": S.APPROVED}, "case_decided"),
        (KIM, {"status": S.WITHDRAWN}, "case_decided"),
        (KIM, {"officer_id": 1}, "officer_already"),
        (AWAY, {}, "officer_absent"),
        (KIM, {"owner": 10}, "officer_owner"),
        (KIM, {"interested": frozenset({10})}, "officer_interest"),
        (KIM, {"interested": frozenset({20})}, None),
        (KIM, {"objected_to": frozenset({10})}, "officer_took_part"),
    ],
)
def test_a_case_is_given_to_who_may_have_it(officer: Officer, told: dict[str, Any], code: str | None) -> None:
    problem = refused(officer, case(**told))
    assert (problem.code if problem else None) == code


@pytest.mark.parametrize(
    ("officer_id", "reason", "code"),
    [
        (None, "", None),
        (2, "", "reassign_reason"),
        (2, " 휴직 ", "reassign_reason"),
        (2, "육아휴직에 들어감", None),
        (None, "가" * 501, "too_long"),
    ],
)
def test_only_a_change_of_hands_needs_a_reason(officer_id: int | None, reason: str, code: str | None) -> None:
    problem = reason_missing(case(officer_id=officer_id), reason)
    assert (problem.code if problem else None) == code


def test_cases_go_round_in_their_order_and_nobody_gets_two_more_than_another() -> None:
    shares = spread([case(number) for number in range(1, 9)], [KIM, LEE, PARK])
    assert [share.officer_id for share in shares] == [1, 2, 3, 1, 2, 3, 1, 2]
    assert sorted(Counter(share.officer_id for share in shares).values()) == [2, 3, 3]


def test_who_is_away_gets_nothing_and_who_has_an_interest_gets_others_instead() -> None:
    tied = frozenset({KIM.person_id})
    cases = [case(1, interested=tied), case(2, interested=tied), case(3), case(4)]
    shares = spread(cases, [KIM, AWAY, LEE])
    assert [share.officer_id for share in shares] == [2, 2, 1, 1]


def test_what_nobody_can_have_is_said_with_the_reason_where_there_is_one() -> None:
    cases = [case(1, status=S.REJECTED), case(2, officer_id=1), case(3, owner=10), case(4)]
    shares = spread(cases, [KIM, AWAY])
    found = [(share.officer_id, share.problem.code if share.problem else None) for share in shares]
    assert found == [(None, "case_decided"), (None, "officer_already"), (None, "nobody_fits"), (1, None)]
    assert spread([case()], [AWAY])[0].problem is not None
