"""Which parts a request opens beside those it names, by track and by condition."""

from __future__ import annotations

import pytest

from portal.domain.announcements import read_announcement
from portal.domain.supplement_parts import led_to, parts_of, standings
from tests.asked import QUESTIONS, TRACKS, programme

SAYS = read_announcement(programme(TRACKS + QUESTIONS))
BOXES = {"plan", "total_cost", "requested_amount"}


@pytest.mark.parametrize(
    ("track", "answers", "named", "led"),
    [
        ("verified", {"how": "대행사"}, {"plan"}, set()),
        ("verified", {"how": "대행사"}, {"answer_how"}, {"answer_times", "file-log"}),
        ("verified", {"how": "직접", "times": "3"}, {"answer_how"}, set()),
        ("verified", {"how": "직접", "times": "3"}, {"answer_times"}, set()),
        ("fast", {}, {"contact_phone"}, set()),
    ],
)
def test_what_changing_the_named_may_bring(track: str, answers: dict[str, str], named: set[str], led: set[str]) -> None:
    assert led_to(SAYS, track, answers, named) == led


def test_another_track_brings_all_that_it_asks_for_and_the_paper_it_needs() -> None:
    led = led_to(SAYS, "fast", {}, {"track"}, handed_in=("bankbook",))
    assert led >= BOXES | {"answer_how", "answer_times", "file-log", "file-small_merchant_certificate"}
    assert "file-bankbook" not in led
    there = led_to(SAYS, "fast", {}, {"track"}, handed_in=("small_merchant_certificate",))
    assert "contact_phone" not in there


def test_every_part_of_the_application_stands_in_the_request() -> None:
    found = standings(SAYS, "verified", {"how": "대행사"}, {"plan", "explanation"}, ())
    assert set(found) == {*parts_of(SAYS, "verified", {"how": "대행사"}), "explanation"}
    assert {code for code, how in found.items() if how == "named"} == {"plan", "explanation"}
