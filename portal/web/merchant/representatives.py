"""Joint representatives of a business, and which of them signed an application."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.mandates import RepresentativeForm, SignaturesForm
from portal.clock import now
from portal.models.base import db
from portal.queries import applications, merchants, proxy_entries
from portal.queries import representatives as look_up
from portal.services import representatives
from portal.web.access import actor
from portal.web.binding import bind, commit


def index(id: int) -> ResponseReturnValue:
    place = merchants.owned(db.session(), id, actor())
    proxy_entries.refuse_record(db.session(), actor())
    people = look_up.of_merchant(db.session(), id)
    bound = bind(RepresentativeForm, "merchant/representatives/index.html", place=place, people=people)
    if not bound.accepted:
        return bound.page()
    representatives.add(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("공동대표를 적었습니다."), "success")
    return redirect(url_for("merchant.representatives_index", id=id))


def remove(id: int, one: int) -> ResponseReturnValue:
    representatives.remove(db.session(), id, one, by=actor(), at=now())
    commit()
    flash(_("공동대표를 뺐습니다."), "success")
    return redirect(url_for("merchant.representatives_index", id=id))


def signatures(id: int) -> ResponseReturnValue:
    application = applications.owned(db.session(), id, actor())
    people = look_up.with_signatures(db.session(), id, application.merchant_id)
    start = {"signed": [str(one.id) for one, signed in people if signed]}
    form = partial(SignaturesForm, people=[(one.id, one.name) for one, _signed in people])
    bound = bind(form, "merchant/representatives/signatures.html", start=start, application=application)
    if not bound.accepted:
        return bound.page()
    representatives.mark_signed(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("서명한 대표자를 표시했습니다."), "success")
    return redirect(url_for("merchant.applications_submit", id=id))
