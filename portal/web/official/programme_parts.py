"""The sections of a programme's draft that are lists: tests of eligibility and items of support, a page for each."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.programme_criteria import NewCriterionForm
from forms.programme_items import ItemForm
from forms.programme_words import KINDS, SECTIONS, WORDS
from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.programme_drafts import PARTS, Document, Section, free_code, part, parts
from portal.models.base import db
from portal.services import programme_drafts as services
from portal.web import codes, line_labels, programme_remarks
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.official.programme_sections import drafted, opened, saved, section_named
from portal.web.programme_labels import part_name


def index(id: int, section: str) -> ResponseReturnValue:
    return render_template("official/programme_drafts/parts.html", **_about(id, section))


def add(id: int, section: str) -> ResponseReturnValue:
    """A new part: of eligibility the kind is chosen on the list, an item is one."""
    chosen = section_named(section, PARTS)
    page = drafted(id)
    table = _blank(chosen, page.document)
    kind = partial(_form(chosen, table), **_offered(chosen, table))
    start = _form(chosen, table).start(table)
    template = f"official/programme_drafts/{chosen}.html"
    context = {"page": page, "section": chosen, "title": SECTIONS[chosen], "notes": []}
    context |= {"kinds": KINDS, "words": WORDS}
    bound = bind(kind, template, start=start, **context)
    if not bound.accepted:
        return bound.page()
    number = services.save_part(db.session(), id, chosen, None, bound.form.table(), by=actor(), at=now())
    commit()
    return saved(id, chosen, _url(id, chosen, number))


def edit(id: int, section: str, number: int) -> ResponseReturnValue:
    chosen = section_named(section, PARTS)
    page = drafted(id)
    table = part(page.document, chosen, number)
    form = _form(chosen, table)
    kind = partial(form, **_offered(chosen, table))
    bound = opened(kind, f"official/programme_drafts/{chosen}.html", form, page, table, chosen, number)
    if not bound.accepted:
        return bound.page()
    was = bound.form.was.data or ""
    services.save_part(db.session(), id, chosen, number, bound.form.table(), was=was, by=actor(), at=now())
    commit()
    return saved(id, chosen, _url(id, chosen, number))


def remove(id: int, section: str, number: int) -> ResponseReturnValue:
    chosen = section_named(section, PARTS)
    shown = _about(id, section)
    part(shown["page"].document, chosen, number)
    bound = bind(Form, "official/programme_drafts/parts.html", **shown)
    if not bound.accepted:
        return bound.page()
    services.remove_part(db.session(), id, chosen, number, by=actor(), at=now())
    commit()
    flash(_("뺐습니다."), "success")
    return redirect(url_for("official.programme_parts_index", id=id, section=section))


def _about(id: int, section: str) -> dict[str, Any]:
    chosen = section_named(section, PARTS)
    page = drafted(id)
    told = programme_remarks.said(id, page.document, page.remarks)
    named = [(number, part_name(chosen, table), table) for number, table in enumerate(parts(page.document, chosen), 1)]
    mine = [each for each in told if each.section is chosen]
    shown = {"page": page, "section": chosen, "title": SECTIONS[chosen], "named": named, "told": mine}
    return shown | {"adding_form": NewCriterionForm()}


def _url(id: int, section: Section, number: int) -> str:
    return url_for("official.programme_parts_edit", id=id, section=section.value, number=number)


def _blank(section: Section, document: Document) -> Document:
    """What a new part begins with."""
    if section is Section.ITEMS:
        return ItemForm.blank()
    kind = request.args.get("kind", "")
    return {"kind": kind, "code": free_code(document, section, kind)}


def _form(section: Section, table: Document) -> Any:
    """The form for this part. Raises NotFound where there is none for its kind."""
    form = programme_remarks.form_of(section, str(table.get("kind", "")))
    if form is None:
        raise NotFound(f"{section} of kind {table.get('kind')}")
    return form


def _offered(section: Section, table: Document) -> dict[str, Any]:
    platforms = dict(codes.platform_choices())
    if section is Section.ITEMS:
        return {"channel_names": line_labels.CHANNELS, "platforms": platforms, "own_code": str(table.get("code", ""))}
    if table.get("kind") == "region":
        return {"places": codes.every_region([str(row.get("code", "")) for row in table.get("regions", ())])}
    return {"known": platforms} if table.get("kind") == "platform" else {}
