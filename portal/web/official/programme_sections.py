"""The sections of a programme's draft that are one form each; what contradicts itself stands beside its box."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms import programme_sections as forms
from forms.programme_fields import PartForm
from forms.programme_words import KINDS, SECTIONS, WORDS
from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.programme_drafts import Document, Section, place_of
from portal.models.base import db
from portal.queries import programme_drafts
from portal.queries.programme_drafts import DraftPage
from portal.services import programme_drafts as services
from portal.web import codes, programme_labels, programme_remarks
from portal.web.access import actor
from portal.web.binding import Bound, bind, commit


def edit(id: int, section: str) -> ResponseReturnValue:
    chosen = section_named(section, forms.FORMS)
    page = drafted(id)
    kind = partial(forms.FORMS[chosen], **_offered(chosen, page.document))
    bound = opened(kind, f"official/programme_drafts/{chosen}.html", forms.FORMS[chosen], page, page.document, chosen)
    if not bound.accepted:
        return bound.page()
    form = bound.form
    services.save(db.session(), id, chosen, form.values(), was=form.was.data or "", by=actor(), at=now())
    commit()
    return saved(id, chosen, url_for("official.programme_sections_edit", id=id, section=section))


def section_named(name: str, among: Mapping[Section, Any]) -> Section:
    """The section of this name. Raises NotFound for another than these."""
    found = next((section for section in among if section.value == name), None)
    if found is None:
        raise NotFound(f"section {name}")
    return found


def drafted(id: int) -> DraftPage:
    """The draft with all that is wrong with it. Raises NotFound."""
    return programme_drafts.page(db.session(), id, actor(), services.known(now()))


def opened(
    kind: Any,
    template: str,
    form: type[PartForm],
    page: DraftPage,
    document: Document,
    section: Section,
    part: int | None = None,
) -> Bound[PartForm]:
    """The form on its page, with what contradicts itself beside its box as long as nothing was typed."""
    here = [
        (remark, place)
        for remark in page.remarks
        if remark.problem.field
        and (place := place_of(remark.problem.field)).section is section
        and (part is None or place.part == part)
    ]
    bound = bind(
        partial(kind, current=form.mark(document)),
        template,
        start=form.start(document),
        page=page,
        section=section,
        title=SECTIONS[section],
        kinds=KINDS,
        words=WORDS,
        notes=[each for each in programme_remarks.said(page.draft.id, page.document, page.remarks)
               if each.section is section and not each.blocks],
    )  # fmt: skip
    if request.method == "GET":
        bound.form.show_problems((remark.problem, place.path) for remark, place in here if remark.blocks)
    return bound


def saved(id: int, section: Section, again: str) -> ResponseReturnValue:
    """On to the draft's page; back to the section where something is to be mended in it."""
    page = drafted(id)
    wrong = [remark for remark in page.blocking if remark.problem.field]
    mine = [remark for remark in wrong if place_of(remark.problem.field).section is section]
    if mine:
        flash(_("저장했습니다. 이 부분에 고칠 점이 %(count)s가지 있습니다.", count=len(mine)), "warning")
        return redirect(again)
    flash(_("저장했습니다: %(section)s", section=SECTIONS[section]), "success")
    return redirect(url_for("official.programme_drafts_show", id=id))


def _offered(section: Section, document: Document) -> dict[str, Any]:
    """What there is to choose from on the section's page."""
    if section is Section.LIMITS:
        return {"known": dict(codes.platform_choices())}
    if section is Section.TRACKS:
        papers = {str(each.get("code")): each.get("name") for each in document.get("document", ())}
        return {"known": dict(codes.platform_choices()), "papers": papers}
    if section is Section.EXAMPLES:
        return {"marks": programme_labels.marks(document)}
    return {}
