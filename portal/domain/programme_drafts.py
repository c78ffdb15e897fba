"""A programme being written: its sections, what each of them holds of the document, and how a part is put in.

The draft is the document of the rule set itself (the TOML of docs/reference/assessment.md and announcements.py), never
another form of it; what is wrong with it is found by the readers that a published version is read with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.domain.actors import Role
from portal.domain.errors import NotFound
from portal.domain.example_marks import is_there
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.tables import read_toml
from portal.domain.toml_text import as_text

Document = Mapping[str, Any]


class DraftStatus(StrEnum):
    EDITING = "editing"
    HANDED_OVER = "handed_over"
    DISCARDED = "discarded"


S, R = DraftStatus, Role

LIFECYCLE = Lifecycle(
    "programme_draft",
    S.EDITING,
    (
        Step(S.EDITING, "hand_over", S.HANDED_OVER, R.MANAGER),
        Step(S.EDITING, "discard", S.DISCARDED, R.MANAGER),
    ),
)


class Section(StrEnum):
    """The pages of the editor, in the order in which an announcement is written."""

    CALL = "call"
    LAW = "law"
    BUDGET = "budget"
    ELIGIBILITY = "eligibility"
    SELECTION = "selection"
    SERVICES = "services"
    ITEMS = "items"
    LIMITS = "limits"
    DOCUMENTS = "documents"
    TRACKS = "tracks"
    QUESTIONS = "questions"
    DAYS = "days"
    EXAMPLES = "examples"


# The sections that are lists of parts, each part with a page of its own: the document's key, without its marks [[...]].
PARTS: Mapping[Section, str] = {Section.ELIGIBILITY: "eligibility", Section.ITEMS: "item"}
# What a section is made of, by the beginning of a value's path; the longest beginning decides.
_OWNED: Mapping[str, Section] = {
    "": Section.CALL,
    "legal_basis": Section.LAW,
    "priority": Section.LAW,
    "call.act": Section.LAW,
    "call.commitment": Section.LAW,
    "call.last_place": Section.LAW,
    "selection": Section.SELECTION,
    "services": Section.SERVICES,
    "funding": Section.BUDGET,
    "budget": Section.BUDGET,
    "grant": Section.BUDGET,
    "eligibility": Section.ELIGIBILITY,
    "item": Section.ITEMS,
    "platforms": Section.LIMITS,
    "round_down_to": Section.LIMITS,
    "pool": Section.LIMITS,
    "document": Section.DOCUMENTS,
    "track": Section.TRACKS,
    "question": Section.QUESTIONS,
    "call.processing_days": Section.DAYS,
    "call.supplement_days": Section.DAYS,
    "example": Section.EXAMPLES,
}
_PART = re.compile(r"(eligibility|item)\[(\d+)\]\.?(.*)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is edited: the section, the number of the part (from 1) where it has parts, and the path there."""

    section: Section
    part: int | None
    path: str


def place_of(path: str) -> Place:
    """The page on which the value at a reader's path (`item[2].caps[1].amount`) is mended."""
    if found := _PART.fullmatch(path):
        section = Section.ELIGIBILITY if found[1] == "eligibility" else Section.ITEMS
        return Place(section, int(found[2]), found[3])
    beginnings = [key for key in _OWNED if not key or path == key or path.startswith((f"{key}.", f"{key}["))]
    return Place(_OWNED[max(beginnings, key=len)], None, path)


def value_at(document: Document, path: str) -> Any:
    """What stands at a dotted path; None where nothing does."""
    found: Any = document
    for step in path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def with_values(document: Document, values: Mapping[str, Any]) -> dict[str, Any]:
    """The document with these values at dotted paths; None takes a value away, and a table that it leaves empty."""
    changed = dict(document)
    for path, given in values.items():
        head, _, rest = path.partition(".")
        inner = changed.get(head)
        value = with_values(inner if isinstance(inner, Mapping) else {}, {rest: given}) or None if rest else given
        if value is None:
            changed.pop(head, None)
        else:
            changed[head] = value
    return changed


def parts(document: Document, section: Section) -> list[dict[str, Any]]:
    """The parts of a section that is a list."""
    found = document.get(PARTS[section], [])
    return list(found) if isinstance(found, list) else []


def part(document: Document, section: Section, number: int) -> dict[str, Any]:
    """One of them, counted from 1. Raises NotFound."""
    found = parts(document, section)
    if not 1 <= number <= len(found):
        raise NotFound(f"{section} {number}")
    return found[number - 1]


def with_part(document: Document, section: Section, number: int | None, table: Document) -> dict[str, Any]:
    """The document with a part put in place of the one of this number, or added at the end. Raises NotFound."""
    found = parts(document, section)
    if number is None:
        found.append(dict(table))
    else:
        part(document, section, number)
        found[number - 1] = dict(table)
    return with_values(document, {PARTS[section]: found})


def without_part(document: Document, section: Section, number: int) -> dict[str, Any]:
    """The document without that part. Raises NotFound."""
    part(document, section, number)
    found = parts(document, section)
    del found[number - 1]
    return with_values(document, {PARTS[section]: found or None})


def free_code(document: Document, section: Section, wanted: str) -> str:
    """`wanted`, or with a number behind it where another part is called that already."""
    taken = {str(each.get("code")) for each in parts(document, section)}
    return next(code for n in range(1, len(taken) + 2) if (code := wanted if n == 1 else f"{wanted}_{n}") not in taken)


def settled(document: Document) -> dict[str, Any]:
    """The document as it is stored: no example mark is left on what is not there any more."""
    marks = document.get("example")
    if not isinstance(marks, Mapping):
        return dict(document)
    kept = [path for path in marks.get("paths", ()) if is_there(document, path)]
    return with_values(document, {"example": {**marks, "paths": kept} if kept else None})


def read(text: str) -> dict[str, Any]:
    """The document of a draft's text. Raises FileRefused where it is no TOML."""
    return read_toml(text)


def write(document: Document) -> str:
    """The text of a document, settled."""
    return as_text(settled(document))


def fingerprint(values: Mapping[str, Any] | Sequence[Any] | None) -> str:
    """What a page was opened with, in a word: another one when it is saved means that somebody was quicker."""
    return hashlib.sha256(as_text({"values": values or {}}).encode()).hexdigest()[:16]
