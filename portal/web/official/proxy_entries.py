"""Entry by proxy: for whom an official entered, entering for one more, and the consent behind a case."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from forms.base import Form
from forms.mandates import ProxyAgainForm, ProxyEntryForm, RefuseEntryForm
from portal.clock import now, today
from portal.models.base import db
from portal.queries import consents, mandates
from portal.queries import proxy_entries as proxy_entries_seen
from portal.services import mandates as acting
from portal.services import proxy_entries, proxy_looks
from portal.web.access import actor, token
from portal.web.binding import bind, commit
from portal.web.files import paper_of, stores
from portal.web.registering import on_record, registration_form


def index() -> ResponseReturnValue:
    entered = mandates.entered(db.session(), actor())
    handed_in = mandates.handed_in(db.session(), actor())
    return render_template("official/proxy_entries/index.html", entered=entered, handed_in=handed_in, today=today())


def new() -> ResponseReturnValue:
    place = mandates.entered_place(db.session(), request.args.get("again", 0, type=int), actor())
    kind = registration_form(
        ProxyAgainForm if place else ProxyEntryForm, (row.year for row in place.sales) if place else ()
    )
    offered = consents.offered(db.session(), actor(), at=now())
    start = _typed_anew(on_record(place)) if place else {}
    start |= {"programmes": [offered[0][0]]} if len(offered) == 1 else {}
    bound = bind(partial(kind, offered=offered), "official/proxy_entries/new.html", start=start, place=place)
    if not bound.accepted:
        return bound.page()
    entry = proxy_entries.enter(db.session(), stores().evidence, bound.form.to_entry(), by=actor(), at=now())
    acting.begin_acting(db.session(), token(), entry.mandate_id, by=actor(), at=now())
    first, differing = entry.first_seen, sum(not each.added for each in entry.differences)
    commit()
    flash(_said(differing) if not first else _("사업장을 등록했습니다. 이제 이 사업장의 신청서를 씁니다."), "success")
    return redirect(url_for("merchant.applications_new"))


def waiting() -> ResponseReturnValue:
    """What waits for the second look of another official, and what was looked at last."""
    looks, done = proxy_entries_seen.waiting(db.session(), actor()), proxy_entries_seen.decided(db.session(), actor())
    return render_template("official/proxy_entries/waiting.html", looks=looks, done=done)


def show(id: int) -> ResponseReturnValue:
    """The consent beside what was entered."""
    look = proxy_entries_seen.look(db.session(), id, actor())
    return render_template("official/proxy_entries/show.html", look=look)


def confirm(id: int) -> ResponseReturnValue:
    look = proxy_entries_seen.look(db.session(), id, actor())
    bound = bind(Form, "official/proxy_entries/show.html", look=look)
    if not bound.accepted:
        return bound.page()
    proxy_looks.confirm(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("동의서를 확인했습니다. 이제 결정할 수 있고, 접수증의 활성화 코드도 쓸 수 있습니다."), "success")
    return redirect(url_for("official.proxy_entries_waiting"))


def refuse(id: int) -> ResponseReturnValue:
    look = proxy_entries_seen.look(db.session(), id, actor())
    bound = bind(RefuseEntryForm, "official/proxy_entries/refuse.html", look=look)
    if not bound.accepted:
        return bound.page()
    proxy_looks.refuse(db.session(), id, *bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("동의서를 반려했습니다. 입력한 쪽에 사유를 알렸습니다."), "success")
    return redirect(url_for("official.proxy_entries_waiting"))


def consent(id: int) -> ResponseReturnValue:
    """The signed consent of an entry."""
    return paper_of(proxy_entries_seen.look(db.session(), id, actor()).entry.mandate)


def paper(id: int) -> ResponseReturnValue:
    """The signed consent, or the power of attorney, by which the case was entered."""
    return paper_of(mandates.paper_of_case(db.session(), id, actor()))


def _typed_anew(start: dict[str, Any]) -> dict[str, Any]:
    """Who the person is comes from the identity card, never from the record it is compared with."""
    return {name: value for name, value in start.items() if name not in ("representative", "account_holder")}


def _said(differing: int) -> str:
    if not differing:
        return _("등록된 사업장을 찾았습니다. 이제 이 사업장의 신청서를 씁니다.")
    return ngettext(
        "등록된 사업장을 찾았습니다. 등록된 것과 다른 %(count)s가지는 다른 담당자가 확인한 뒤에 바뀝니다.",
        "등록된 사업장을 찾았습니다. 등록된 것과 다른 %(count)s가지는 다른 담당자가 확인한 뒤에 바뀝니다.",
        differing,
        count=differing,
    )
