"""Every scenario file from application to letter: who may apply, with which papers, by when, for how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from io import BytesIO

import pytest
from pypdf import PdfReader

from portal import data
from portal.config import ROOT
from portal.domain import questions, tracks
from portal.domain.deadlines import appeal_due_on, period_of, processing_due_at
from portal.domain.funding import split
from portal.domain.kinds import SOURCE_NAMES
from portal.domain.money import for_document
from portal.domain.periods import KOREA, document_date, korean_date
from reports.letters import decision
from reports.page import register_fonts
from tests.reports import samples
from tests.scenarios.scenes import Scene, claimed, findings, scenes

APPLICANTS, COURSES = scenes("applicant"), scenes("course")


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    register_fonts(ROOT / "node_modules" / "@expo-google-fonts" / "noto-sans-kr")


@pytest.mark.parametrize("scene", APPLICANTS, ids=lambda scene: scene.name)
def test_an_applicant_is_judged_by_the_version_of_the_day(scene: Scene) -> None:
    found = findings(scene)
    assert sorted(code for code, passed in found.items() if passed is False) == sorted(scene.values.get("fails", []))
    assert sorted(code for code, passed in found.items() if passed is None) == sorted(scene.values.get("open", []))
    announcement, track = scene.version().announcement, scene.values.get("track", "")
    assert [each.code for each in tracks.faults(announcement.tracks, track, scene.on)] == scene.values.get(
        "refused", []
    )
    answers = scene.values.get("answers", {})
    asked = announcement.questions_of(track)
    assert questions.faults(asked, answers) == questions.unanswered(asked, answers) == []
    if "papers" in scene.values:
        needed = [paper.code for paper in announcement.papers(track, answers) if paper.required]
        assert needed == scene.values["papers"]
    if "answered_by" in scene.values:
        received = datetime.combine(scene.on, time(10), KOREA)
        due = processing_due_at(received, announcement.call.processing_days, data.holidays())
        assert korean_date(due) == scene.values["answered_by"]


@pytest.mark.parametrize("scene", COURSES, ids=lambda scene: scene.name)
def test_orders_come_to_the_amounts_of_the_original(scene: Scene) -> None:
    version, expected = scene.version(), scene.values["pays"]
    found = claimed(scene)
    assert found == expected
    assert sum(found.values()) <= version.announcement.grant.amount
    if "letter" in scene.values:
        _assert_letter(scene, sum(expected.values()))


def _assert_letter(scene: Scene, total: int) -> None:
    """The decision on what the course came to: in words, by source, with the last day of the appeal."""
    version, letter = scene.version(), scene.values["letter"]
    act, on = version.announcement.call.act, letter["notified_on"]
    period = period_of(data.act_periods(), act, "appeal", on)
    until = appeal_due_on(on, act, data.act_periods(), data.holidays())
    assert until == letter["appeal_until"]
    parts = split(total, version.terms.funding)
    assert parts == letter["parts"]
    drawn = replace(
        samples.decision(),
        programme=version.terms.name,
        amount=total,
        funding=tuple((SOURCE_NAMES[source], won) for source, won in parts.items()),
        appeal_until=until,
        appeal_days=period.days,
        act=period.article,
        example_note=version.announcement.example_note,
    )
    pages = PdfReader(BytesIO(decision.render(drawn))).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())
    assert letter["words"] == for_document(total)
    for piece in (letter["words"], document_date(until), version.terms.name, period.article):
        assert piece in text, piece
    assert ("예시" in text) is bool(version.announcement.example_note)
