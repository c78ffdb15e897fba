"""A draft is tried with its ways to apply, its questions and its decision basis; nothing is stored, so no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.eligibility import Applicant
from portal.domain.errors import Incomplete
from portal.domain.programme_trials import MadeUpOrders, Trial
from portal.domain.trial_choices import Contest, Way
from portal.services import programme_trials
from tests.asked import QUESTIONS, TRACKS, programme
from tests.choosing import SCORED, text

WHO = Applicant(
    region_code="4673025000",
    industry_edition=11,
    industry_code="56111",
    opened_on=date(2020, 3, 1),
    sales={2025: 120_000_000},
    platforms=frozenset({"yogiyo"}),
    owner_business_count=1,
    tax_status="01",
)
ORDERS = MadeUpOrders(3, "baemin", "delivery", "card", 20_000, 3_000, 0, 0, 0)
TRIAL = Trial(WHO, date(2026, 6, 15), "2026-06", [ORDERS])
SAYS = programme(TRACKS + QUESTIONS)


def test_the_way_of_applying_brings_its_test_its_papers_and_its_questions() -> None:
    fast = programme_trials.run(SAYS, replace(TRIAL, track="fast"))
    assert [each["passed"] for each in fast.findings if each["code"] == "track-fast"] == [False]
    assert (fast.said, fast.missing) == ([], [])
    answered = {"how": "직접", "times": "3"}
    verified = programme_trials.run(SAYS, replace(TRIAL, track="verified", answers=answered))
    assert verified.said == [("어떻게 배달하나요?", "직접"), ("몇 번 배달했나요?", "3")]
    papers = {each.code for each in verified.papers if each.required}
    assert papers >= {"small_merchant_certificate", "log"}
    assert "log" not in {each.code for each in fast.papers}


@pytest.mark.parametrize(
    ("track", "answers", "missing"),
    [
        ("", {"how": "대행사"}, {"track"}),
        ("verified", {}, {"answer_how"}),
        ("verified", {"how": "직접"}, {"answer_times"}),
        ("verified", {"how": "자전거"}, {"answer_how"}),
        ("verified", {"how": "대행사"}, set()),
    ],
)
def test_what_the_application_would_be_sent_back_for(track: str, answers: dict[str, str], missing: set[str]) -> None:
    found = programme_trials.run(SAYS, replace(TRIAL, track=track, answers=answers))
    assert {each.field for each in found.missing} == missing


def test_the_choice_is_tried_with_points_and_bad_points_are_refused() -> None:
    contest = Contest(0, {"plan": 50, "need": 30}, 500_000)
    choice = programme_trials.run(text(SCORED), replace(TRIAL, contest=contest)).choice
    assert (choice.way, choice.outcome.value, choice.score) == (Way.SCORED, "selected", 80)
    with pytest.raises(Incomplete) as refused:
        programme_trials.run(text(SCORED), replace(TRIAL, contest=Contest(0, {"plan": 61, "need": 1})))
    assert [each.code for each in refused.value.problems] == ["points_out_of_range"]
