"""The papers of an application: one box for each, every upload on its own, so that a bad file costs no other."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.documents import documents_form
from portal.clock import now
from portal.models.base import db
from portal.queries import applications, reuse, supplement_parts
from portal.services import documents
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.files import attachment, stores
from portal.web.merchant.steps import STEPS


def index(id: int) -> ResponseReturnValue:
    """The page of papers; a posted file is taken in."""
    dossier = applications.dossier(db.session(), id, actor())
    form = documents_form([slot.requirement for slot in dossier.slots])
    sources = reuse.sources(db.session(), id)
    bound = bind(form, "merchant/applications/documents.html", dossier=dossier, steps=STEPS, sources=sources,
                 opened=supplement_parts.opened(dossier.application))  # fmt: skip
    if not bound.accepted:
        return bound.page()
    attached = documents.attach(db.session(), stores().evidence, id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("‘%(name)s’ 파일을 올렸습니다.", name=attached.filename), "success")
    return redirect(url_for("merchant.documents_index", id=id, _anchor=f"paper-{attached.code}"))


def remove(id: int, document_id: int) -> ResponseReturnValue:
    removed = documents.remove(db.session(), id, document_id, by=actor(), at=now())
    commit()
    flash(_("‘%(name)s’ 파일을 뺐습니다.", name=removed.filename), "success")
    return redirect(url_for("merchant.documents_index", id=id, _anchor=f"paper-{removed.code}"))


def download(id: int, document_id: int) -> ResponseReturnValue:
    found = applications.document(db.session(), id, document_id, actor())
    return attachment(stores().evidence.read(found.sha256), found.filename, found.media_type)
