"""A programme's draft on its pages: what is to be mended, where, and what each section holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import format_decimal
from flask_babel import gettext as _

from forms import programme_criteria, programme_items, programme_sections
from forms.messages import sentence
from forms.programme_fields import PartForm
from forms.programme_words import SECTIONS, WORDS
from portal.domain.contradictions import Remark
from portal.domain.programme_drafts import PARTS, Document, Section, part, parts, place_of, value_at
from portal.web.programme_labels import label, part_name, value


@dataclass(frozen=True, slots=True)
class Said:
    """A remark for a page: where it is mended, and in which section; nowhere for what concerns the whole."""

    sentence: str
    label: str
    url: str
    section: Section | None
    blocks: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section on the draft's page. `tone`, `state`: as its worst remark."""

    section: Section
    title: object
    url: str
    holds: str
    state: str
    tone: str


def section_url(draft_id: int, section: Section) -> str:
    """The page of a section: a form, or the list of its parts."""
    endpoint = "official.programme_parts_index" if section in PARTS else "official.programme_sections_edit"
    return url_for(endpoint, id=draft_id, section=section.value)


def said(draft_id: int, document: Document, remarks: Iterable[Remark]) -> list[Said]:
    """Every remark with its place."""
    return [_said(draft_id, document, remark) for remark in remarks]


def rows(draft_id: int, document: Document, told: Sequence[Said]) -> list[SectionRow]:
    """All sections of a draft in the order of writing."""
    found = []
    for section, title in SECTIONS.items():
        mine = [each for each in told if each.section is section]
        wrong = sum(each.blocks for each in mine)
        state, tone = _("이상 없음"), "success"
        if mine:
            state, tone = _("확인할 점 %(count)s", count=len(mine)), "attention"
        if wrong:
            state, tone = _("고칠 점 %(count)s", count=wrong), "danger"
        found.append(SectionRow(section, title, section_url(draft_id, section), _holds(section, document), state, tone))
    return found


def form_of(section: Section, kind: str = "") -> type[PartForm] | None:
    """The form of a section, or of a part of it."""
    if section is Section.ITEMS:
        return programme_items.ItemForm
    if section is Section.ELIGIBILITY:
        return programme_criteria.FORMS.get(kind)
    return programme_sections.FORMS[section]


def _said(draft_id: int, document: Document, remark: Remark) -> Said:
    problem = remark.problem
    if not problem.field:
        return Said(sentence(problem), "", "", None, remark.blocks)
    place = place_of(problem.field)
    url, name = section_url(draft_id, place.section), label(_words_of(problem.field))
    if place.part is not None and place.part <= len(parts(document, place.section)):
        table = part(document, place.section, place.part)
        form = form_of(place.section, str(table.get("kind")))
        name = f"{part_name(place.section, table)} · {_last(problem.field)}"
        box = form.box_of(place.path) if form and place.path else None
        url = url_for(
            "official.programme_parts_edit", id=draft_id, section=place.section.value, number=place.part, _anchor=box
        )
    elif place.section not in PARTS and (form := form_of(place.section)):
        url = url_for(
            "official.programme_sections_edit",
            id=draft_id,
            section=place.section.value,
            _anchor=form.box_of(problem.field),
        )
    return Said(sentence(problem), name, url, place.section, remark.blocks)


def _words_of(path: str) -> list[str]:
    """`budget[2].amount` -> budget, amount: the number of a row says nothing to a reader."""
    return [step.split("[")[0] for step in path.split(".")]


def _last(path: str) -> str:
    key = ".".join(_words_of(path))
    return str(WORDS.get(key, key.rsplit(".", 1)[-1]))


def _holds(section: Section, document: Document) -> str:
    """What a section says, in a few words for the draft's page."""
    if section in PARTS:
        return ", ".join(part_name(section, each) for each in parts(document, section))
    return _HOLDS[section](document)


def _budget(document: Document) -> str:
    won = sum(line.get("amount", 0) for line in document.get("budget", ()))
    return _("모두 %(won)s원", won=format_decimal(won))


def _dates(document: Document) -> str:
    return " ~ ".join(value([], value_at(document, f"call.{key}")) for key in ("apply_from", "apply_to"))


_HOLDS: Mapping[Section, Callable[[Document], str]] = {
    Section.CALL: _dates,
    Section.LAW: lambda document: str(document.get("legal_basis", "")),
    Section.BUDGET: _budget,
    Section.SELECTION: lambda document: value(["selection", "basis"], value_at(document, "selection.basis") or "all"),
    Section.SERVICES: lambda document: ", ".join(
        str(each.get("name", "")) for each in value_at(document, "services.kind") or ()
    ),
    Section.LIMITS: lambda document: value(["platforms"], document.get("platforms")) or _("모든 플랫폼"),
    Section.DOCUMENTS: lambda document: ", ".join(str(each.get("name", "")) for each in document.get("document", ())),
    Section.TRACKS: lambda document: ", ".join(str(each.get("name", "")) for each in document.get("track", ())),
    Section.QUESTIONS: lambda document: ", ".join(str(each.get("text", "")) for each in document.get("question", ())),
    Section.DAYS: lambda document: _("%(days)s일", days=value_at(document, "call.processing_days") or "–"),
    Section.EXAMPLES: lambda document: _("%(count)s곳", count=len(value_at(document, "example.paths") or ())),
}
