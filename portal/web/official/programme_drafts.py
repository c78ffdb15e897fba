"""Programmes being written: the list, what a draft begins with, its page, handing it over to another person."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.programme_drafts import Beginning, HandOverForm, NewDraftForm
from portal import data
from portal.clock import now
from portal.domain.programme_drafts import read
from portal.models.base import db
from portal.queries import programme_drafts, programmes
from portal.services import programme_drafts as services
from portal.web import programme_labels, programme_remarks
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment


def index() -> ResponseReturnValue:
    drafts = [(draft, read(draft.text)) for draft in programme_drafts.rows(db.session(), actor())]
    return render_template("official/programme_drafts/index.html", drafts=drafts)


def new() -> ResponseReturnValue:
    templates = {name: read(text) for name, text in data.programme_templates().items()}
    versions = programmes.published(db.session(), organisation_id=actor().organisation_id)
    kind = partial(
        NewDraftForm,
        templates={name: document["name"] for name, document in templates.items()},
        versions={each.version.id: _("%(name)s 수정공고", name=each.programme.name) for each in versions},
    )
    bound = bind(kind, "official/programme_drafts/new.html", templates=templates)
    if not bound.accepted:
        return bound.page()
    draft = _begun(bound.form.to_command())
    commit()
    flash(_("초안을 만들었습니다. 부분마다 열어 고치고 저장해 주세요."), "success")
    return redirect(url_for("official.programme_drafts_show", id=draft.id))


def amend(id: int) -> ResponseReturnValue:
    """An amendment of a version, from its own page."""
    draft = services.from_version(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("게시된 판을 복사했습니다. 고칠 부분을 열어 고치고 저장해 주세요."), "success")
    return redirect(url_for("official.programme_drafts_show", id=draft.id))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/programme_drafts/show.html", form=HandOverForm(), **about(id))


def hand_over(id: int) -> ResponseReturnValue:
    bound = bind(HandOverForm, "official/programme_drafts/show.html", **about(id))
    if not bound.accepted:
        return bound.page()
    sure = bool(bound.form.sure.data)
    version = services.hand_over(db.session(), id, sure=sure, by=actor(), at=now())
    commit()
    flash(_("넘겼습니다. 다른 사업 담당자가 확인하고 게시합니다."), "success")
    return redirect(url_for("official.programmes_show", id=version.id))


def discard(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/programme_drafts/show.html", **about(id))
    if not bound.accepted:
        return bound.page()
    services.discard(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("초안을 버렸습니다."), "success")
    return redirect(url_for("official.programme_drafts_index"))


def download(id: int) -> ResponseReturnValue:
    """The rule set as far as it is written, as TOML."""
    draft = programme_drafts.of_organisation(db.session(), id, actor())
    code = read(draft.text).get("code", "programme")
    return attachment(draft.text.encode(), f"{code}.toml", "application/toml")


def about(id: int) -> dict[str, Any]:
    """What the draft's page shows."""
    page = programme_drafts.page(db.session(), id, actor(), services.known(now()))
    told = programme_remarks.said(id, page.document, page.remarks)
    before = read(page.before.text) if page.before else {}
    return {
        "page": page,
        "told": told,
        "sections": programme_remarks.rows(id, page.document, told),
        "changes": programme_labels.changes(page.changes, before, page.document),
    }


def _begun(given: Beginning) -> Any:
    session, by, at = db.session(), actor(), now()
    if given.file is not None:
        draft, left_out = services.from_file(session, given.file.text, given.file.file, by=by, at=at)
        if left_out:
            places = ", ".join(dict.fromkeys(each.field for each in left_out))
            flash(_("칸에 넣을 수 없는 값은 빼고 가져왔습니다: %(places)s", places=places), "warning")
        return draft
    if given.template:
        return services.from_template(session, given.template, by=by, at=at)
    return services.from_version(session, given.version_id, by=by, at=at)
