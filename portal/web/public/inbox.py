"""One's own inbox, whoever one is, and where one is told outside the portal."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.contacts import ContactForm, start_of
from portal.clock import now, today
from portal.domain.actors import Role
from portal.models.base import db, transaction_apart
from portal.queries import contacts, notifications
from portal.services import contacts as choices
from portal.services import mandates
from portal.services import notifications as services
from portal.web import notification_labels
from portal.web.access import actor, token
from portal.web.binding import bind, commit

_INDEX = "public/inbox/index.html"


def index() -> ResponseReturnValue:
    unread = request.args.get("view") == "unread"
    before = request.args.get("before", type=int)
    page = notifications.inbox(db.session(), actor(), unread=unread, before=before)
    return render_template(_INDEX, page=page, only_unread=unread, today=today())


def show(id: int) -> ResponseReturnValue:
    """On to the page where the matter stands; the line is read from then on."""
    with transaction_apart() as aside:
        found = services.open_one(aside, id, by=actor(), at=now())
        onward = notification_labels.address(found.kind, found.record_id)
        if not mandates.go_on_from(aside, token(), found, by=actor(), at=now()):
            onward = notification_labels.address_beside(actor())
    return redirect(onward)


def read_all() -> ResponseReturnValue:
    upto = request.form.get("upto", 0, type=int)
    bound = bind(Form, _INDEX, page=notifications.inbox(db.session(), actor()), today=today())
    if not bound.accepted:
        return bound.page()
    services.read_all(db.session(), upto, by=actor(), at=now())
    commit()
    return redirect(url_for("public.inbox_index"))


def settings() -> ResponseReturnValue:
    chosen = contacts.of_own(db.session(), actor())
    start = start_of(chosen.addresses, chosen.wanted, chosen.quiet, chosen.muted)
    about = {
        "chosen": chosen,
        "offered": current_app.config["SETTINGS"].channels,
        "works_here": not actor().has(Role.MERCHANT),
    }
    bound = bind(ContactForm, "public/inbox/settings.html", start=start, **about)
    if not bound.accepted:
        return bound.page()
    choices.choose(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("알림 받을 곳을 정했습니다."), "success")
    return redirect(url_for("public.inbox_index"))
