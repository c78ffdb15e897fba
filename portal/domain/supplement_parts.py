"""Which parts of an application a request for supplement opens; everything else stays as it was handed in.

A part is called as its box on the applicant's pages: `plan`, `answer_<question>`, `file-<paper>`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.announcements import Announcement
from portal.domain.money import Won
from portal.domain.questions import Answers, Question, asked, box
from portal.domain.tracks import chosen

EXPLANATION = "explanation"  # words are enough: nothing of the application is to be changed
STATED = ("track", "plan", "total_cost", "requested_amount", "contact_phone")
EVERYTHING = "everything"  # of requests that were made before they named their parts

PAPERS = "file-"


class Standing(StrEnum):
    """How a part stands in one request."""

    NAMED = "named"
    LED = "led"  # not part of the application yet; changing a named one may bring it
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """A part whose value is another than when the supplement was asked for; texts as they are stored."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Amounts:
    """What follows from the sums of an application, in won: its own share, and what approval would grant at most."""

    own_share: Won
    grant: Won


def paper_box(code: str) -> str:
    """What the box of a paper is called on the page of papers."""
    return f"{PAPERS}{code}"


def parts_of(announcement: Announcement, track: str, answers: Answers) -> tuple[str, ...]:
    """All that an application by this track with these answers consists of, in the order of its pages."""
    reached = asked(announcement.questions_of(track), answers)
    return (
        *_fields(announcement, track),
        *(box(each.code) for each in reached if each.kind != "file"),
        *(paper_box(each.code) for each in announcement.papers(track, answers)),
    )


def led_to(
    announcement: Announcement, track: str, answers: Answers, named: Collection[str], handed_in: Collection[str] = ()
) -> frozenset[str]:
    """The parts that changing the named ones may bring: questions on condition of them, what another track asks for.

    `handed_in`: codes of the papers that lie there; one that another track needs and that is missing is opened too.
    """
    there = set(parts_of(announcement, track, answers))
    others = [each for each in announcement.tracks if each.code != track] if "track" in named else []
    found: set[str] = set()
    for code in (track, *(each.code for each in others)):
        found |= {each for each in parts_of(announcement, code, answers) if each not in there}
        for question in announcement.questions_of(code):
            if _part(question) not in there and _may_come(question, {*named, *found}):
                found.add(_part(question))
    for each in others:
        found |= {paper_box(code) for code in each.documents if code not in handed_in}
    return frozenset(found - set(named))


def standings(
    announcement: Announcement, track: str, answers: Answers, named: Collection[str], handed_in: Collection[str]
) -> dict[str, Standing]:
    """Every part of the application, and those that may come, with how the request leaves them."""
    led = led_to(announcement, track, answers, named, handed_in)
    found = dict.fromkeys(parts_of(announcement, track, answers), Standing.KEPT)
    return found | dict.fromkeys(sorted(led), Standing.LED) | dict.fromkeys(sorted(named), Standing.NAMED)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """What differs, in the order in which it was kept at the request; an amount that nobody states is empty."""
    return [Change(code, old, after.get(code, "")) for code, old in before.items() if old != after.get(code, "")]


def amounts(announcement: Announcement, total: Won | None, requested: Won | None) -> Amounts | None:
    """What follows from the total cost and the sum asked for; None while one of them is missing."""
    if not total or not requested:
        return None
    return Amounts(total - requested, announcement.grant.amount_for(requested))


def _fields(announcement: Announcement, track: str) -> tuple[str, ...]:
    own = chosen(announcement.tracks, track)
    found = ("track",) if announcement.tracks else ()
    if not (own and own.short):
        found += ("plan", "total_cost")
        found += ("requested_amount",) if announcement.grant.kind != "fixed" else ()
    return (*found, "contact_phone")


def _part(question: Question) -> str:
    return paper_box(question.code) if question.kind == "file" else box(question.code)


def _may_come(question: Question, open_ones: Collection[str]) -> bool:
    return question.when is None or box(question.when.question) in open_ones
