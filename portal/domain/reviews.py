"""What a reviewer ticks off: one item per required paper and per condition of the programme. Nothing ticks itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.domain.announcements import DocumentRequirement
from portal.domain.errors import Incomplete, Problem

MIN_REASONS = 10  # characters: a rejection without a reason cannot be appealed against
MAX_SUPPLEMENT_DAYS = 30
NOBODY = "none"  # in the filter: cases that are in nobody's charge


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the work queue; empty means all. `view`: my_turn, mine, due_soon, overdue, answer_late.

    `officer`: the account in charge, or `none`; `tag`: its id.
    """

    text: str = ""
    programme: str = ""
    status: str = ""
    view: str = ""
    sort: str = "due"
    officer: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """`code` is `document:<code>` or `finding:<code>`; `met` is what the portal found out, None where it could not."""

    code: str
    name: str
    met: bool | None
    legal: str = ""
    found: str = ""


def checklist(
    documents: Sequence[DocumentRequirement], handed_in: Collection[str], findings: Sequence[Mapping[str, Any]]
) -> tuple[CheckItem, ...]:
    """The items of one case. `handed_in`: codes of papers on file; `findings`: as stored with the application."""
    papers = [
        CheckItem(f"document:{paper.code}", paper.name, paper.code in handed_in)
        for paper in documents
        if paper.required
    ]
    conditions = [
        CheckItem(
            f"finding:{finding['code']}",
            finding.get("name") or finding["code"],
            finding.get("passed"),
            finding.get("legal", ""),
            finding.get("found", ""),
        )
        for finding in findings
    ]
    return (*papers, *conditions)


def check_recommendation(outcome: str, reasons: str, ticked: Collection[str], items: Sequence[CheckItem]) -> None:
    """Raises Incomplete: approval needs every item ticked and none failed, rejection needs reasons for the letter."""
    if outcome not in ("approve", "reject"):
        raise Incomplete(problems=[Problem("unknown_choice", "outcome", outcome)])
    if outcome == "reject" and len(reasons.strip()) < MIN_REASONS:
        raise Incomplete(problems=[Problem("reasons_too_short", "reasons")])
    if outcome == "approve":
        problems = [Problem("condition_not_met", "outcome", item.name) for item in items if item.met is False]
        problems += [Problem("not_ticked", "checklist", item.name) for item in items if item.code not in ticked]
        if problems:
            raise Incomplete(problems=problems)
