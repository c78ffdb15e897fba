"""A draft as a merchant will see it: the call, and the form on which one applies."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from forms.applications import application_form
from portal.clock import now, today
from portal.domain.tracks import of_merchants
from portal.models.base import db
from portal.queries import programme_drafts
from portal.web import labels
from portal.web.access import actor
from portal.web.consents import TERMS
from portal.web.merchant.steps import STEPS
from portal.web.official.programme_drafts import about


def call(id: int) -> ResponseReturnValue:
    draft = programme_drafts.of_organisation(db.session(), id, actor())
    found = programme_drafts.specimen(draft)
    if found is None:
        return render_template("official/programme_drafts/unreadable.html", **about(id))
    return render_template(
        "public/programmes/show.html",
        found=found,
        is_open=found.announcement.call.is_open(today()),
        outlook=programme_drafts.outlook(found, at=now()),
        preview=draft,
    )


def form(id: int) -> ResponseReturnValue:
    draft = programme_drafts.of_organisation(db.session(), id, actor())
    found = programme_drafts.specimen(draft)
    if found is None:
        return render_template("official/programme_drafts/unreadable.html", **about(id))
    return render_template(
        "official/programme_drafts/form_preview.html",
        preview=draft,
        found=found,
        announcement=found.announcement,
        form=application_form(labels.CONSENTS, found.announcement.questions, of_merchants(found.announcement.tracks))(),
        terms=TERMS,
        steps=STEPS,
    )
