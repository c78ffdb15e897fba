"""Holds a supplement to what was asked for: keeps each part as the request found it, and refuses every other change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from portal.domain import identifiers
from portal.domain import supplement_parts as rules
from portal.domain.announcements import Announcement
from portal.domain.applications import ApplicationDraft, Consent
from portal.domain.errors import Incomplete, InvalidTransition, Problem
from portal.domain.questions import box
from portal.domain.supplement_parts import EXPLANATION, paper_box
from portal.models.applications import Application, Supplement
from portal.models.supplement_parts import SupplementPart
from portal.queries import programmes
from portal.queries import supplement_parts as known
from portal.queries.applications import slots

_NAMES = {
    EXPLANATION: "설명",
    "track": "신청 방법",
    "plan": "지원금을 어떻게 쓸지",
    "total_cost": "총사업비",
    "requested_amount": "신청하는 지원금",
    "contact_phone": "연락처",
}


def problems_in(application: Application, named: Collection[str]) -> list[Problem]:
    """A request names at least one part, and only such as the application has."""
    if not named:
        return [Problem("parts_required", "parts")]
    known_ones = known.offered(application)
    return [Problem("part_not_there", "parts", code) for code in sorted(named) if code not in known_ones]


def record(application: Application, asked: Supplement, named: Collection[str]) -> None:
    """Keeps every part as it is now, and which of them the request opens."""
    announcement, values = programmes.read(application.version).announcement, known.values(application)
    handed_in = [slot.requirement.code for slot in slots(application, application.documents) if slot.files]
    found = rules.standings(announcement, application.track, application.answered, named, handed_in)
    asked.parts = [
        SupplementPart(code=code, position=position, standing=standing, before=values.get(code, ""))
        for position, (code, standing) in enumerate(found.items())
    ]


def close(application: Application, asked: Supplement) -> None:
    """Keeps every part as the answer leaves it."""
    values = known.values(application)
    for part in asked.parts:
        part.after = values.get(part.code, "")


def allow(application: Application, command: ApplicationDraft) -> ApplicationDraft:
    """What was entered, with all that was left alone as it is. Raises Incomplete for each change nobody asked for."""
    opened = known.opened(application)
    announcement = programmes.read(application.version).announcement
    command = _completed(application, command)
    if opened is None or opened.everything:
        return command
    wrong = [
        Problem("not_asked_for", name) for name in _changed(application, announcement, command) if name not in opened
    ]
    then, given = known.found_then(application), dict(command.answers or {})
    for question in announcement.questions:
        code, part = question.code, box(question.code)
        if question.kind == "file" or part in opened:
            continue
        before = then.get(part, "")
        if given.get(code, before).strip() not in (before, application.answered.get(code, "")):
            wrong.append(Problem("not_asked_for", part))
        given[code] = before
    if wrong:
        raise Incomplete(problems=wrong)
    return replace(command, answers=given if command.answers is not None else None)


def refuse_paper(application: Application, code: str) -> None:
    """Raises InvalidTransition for a paper that the request does not name."""
    opened = known.opened(application)
    if opened is not None and paper_box(code) not in opened:
        raise InvalidTransition("not asked for", [Problem("not_asked_for", paper_box(code))])


def names(application: Application, codes: Collection[str]) -> list[str]:
    """The parts in words, for the letter."""
    announcement = programmes.read(application.version).announcement
    papers = {paper_box(each.code): each.name for each in announcement.papers(application.track, application.answered)}
    questions = {box(each.code): each.text for each in announcement.questions}
    said = _NAMES | questions | papers
    return [said.get(code, code) for code in known.offered(application) if code in codes]


def _completed(application: Application, command: ApplicationDraft) -> ApplicationDraft:
    """Boxes that were shown locked and not sent back say what the application says."""
    if not command.left_alone:
        return command
    stays = {name: getattr(application, name) for name in rules.STATED if name in command.left_alone}
    before = {row.code for row in application.consents}
    given = {one for one in Consent if one in (before if f"consent_{one}" in command.left_alone else command.consents)}
    told = command.answers
    if told is not None:
        told = {code: text for code, text in told.items() if box(code) not in command.left_alone}
        told = application.answered | told
    return replace(command, **stays, consents=frozenset(given), answers=told, left_alone=frozenset())


def _changed(application: Application, announcement: Announcement, command: ApplicationDraft) -> list[str]:
    """The boxes, without those of questions, in which something else stands than the application says."""
    phone = identifiers.normalise_phone(command.contact_phone) or command.contact_phone
    wished = {"plan": command.plan, "total_cost": command.total_cost, "contact_phone": phone}
    if announcement.grant.kind != "fixed":
        wished["requested_amount"] = command.requested_amount
    if command.track is not None:
        wished["track"] = command.track
    found = [name for name, value in wished.items() if value != getattr(application, name)]
    before = {row.code for row in application.consents}
    return found + [f"consent_{one}" for one in Consent if (one in before) != (one in command.consents)]
