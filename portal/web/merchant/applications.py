"""A merchant's applications: the list, the four steps of applying, the status page, taking one back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms import answers
from forms.applications import SubmitForm, WithdrawForm, application_form, short_form, start_form
from portal import data
from portal.clock import now, today
from portal.domain import tracks
from portal.domain.identifiers import format_phone
from portal.models.base import db
from portal.queries import (
    applications,
    clocks,
    home,
    merchants,
    objection_pages,
    outlooks,
    reuse,
    supplement_parts,
)
from portal.services import applications as services
from portal.services import holidays
from portal.web import labels
from portal.web.access import actor
from portal.web.binding import autosaving, bind, commit
from portal.web.consents import TERMS
from portal.web.merchant.guidance import guidance
from portal.web.merchant.steps import STEPS, mending


def index() -> ResponseReturnValue:
    before = request.args.get("before", type=int)
    page = applications.of_owner(db.session(), actor(), before=before)
    return render_template("merchant/applications/index.html", page=page, full=applications.PAGE)


def new() -> ResponseReturnValue:
    calls = home.calls_for(db.session(), actor(), at=now())
    places = merchants.of_owner(db.session(), actor())
    form = start_form(
        [(call.programme.code, call.programme.name) for call in calls],
        [(place.id, place.trade_name) for place in places],
    )
    bound = bind(form, "merchant/applications/new.html", start=_chosen(calls, places), calls=calls, places=places)
    if not bound.accepted:
        return bound.page()
    code, place_id = bound.form.to_command()
    started = services.start(db.session(), code, place_id, by=actor(), at=now())
    commit()
    way = services.shortest_way(started, on=today())
    return redirect(url_for("merchant.applications_short" if way else "merchant.applications_check", id=started.id))


def check(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    return render_template(
        "merchant/applications/check.html",
        dossier=dossier,
        steps=STEPS,
        ways=services.open_ways(dossier.application, on=today()),
        shortest=services.shortest_way(dossier.application, on=today()),
    )


def short(id: int) -> ResponseReturnValue:
    """Everything on one page, by the way that asks for nothing but consent."""
    dossier = applications.dossier(db.session(), id, actor())
    way = services.shortest_way(dossier.application, on=today())
    if way is None:
        return redirect(url_for("merchant.applications_check", id=id))
    form = short_form(labels.CONSENTS, way.code)
    about = {"dossier": dossier, "way": way, "ways": services.open_ways(dossier.application, on=today())}
    bound = bind(form, "merchant/applications/short.html", start=_entered(dossier), terms=TERMS, **about)
    if not bound.accepted:
        return bound.page()
    services.submit_short(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("신청서를 냈습니다."), "success")
    return redirect(url_for("merchant.applications_show", id=id))


def edit(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    asked = dossier.published.announcement
    mine = () if actor().is_association else tracks.of_merchants(asked.tracks)
    chosen = tracks.chosen(asked.tracks, dossier.application.track)
    offered = () if chosen is not None and chosen.association else mine
    opened = supplement_parts.opened(dossier.application)
    form = application_form(labels.CONSENTS, asked.questions, offered, opened=opened)
    bound = bind(
        form,
        "merchant/applications/edit.html",
        start=_entered(dossier),
        dossier=dossier,
        steps=STEPS,
        terms=TERMS,
        sources=reuse.sources(db.session(), id),
        opened=opened,
        kept=supplement_parts.kept(dossier.application),
    )
    if not bound.accepted:
        return bound.page()
    services.save_draft(db.session(), id, bound.form.to_command(), by=actor(), at=now())
    commit()
    return ("", 204) if autosaving() else _after_saving(dossier)


def submit(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    wrong = [*services.missing(dossier.application), *services.unsigned(db.session(), dossier.application)]
    missing = mending(id, wrong)
    bound = bind(SubmitForm, "merchant/applications/submit.html", dossier=dossier, missing=missing, steps=STEPS)
    if not bound.accepted:
        return bound.page()
    services.submit(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("신청서를 냈습니다."), "success")
    return redirect(url_for("merchant.applications_show", id=id))


def show(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    table = holidays.observed(db.session(), dossier.published.programme.organisation_id)
    prospect = outlooks.of_application(
        db.session(), dossier.application, dossier.published, at=now(), holidays=frozenset(table)
    )
    clock = clocks.of(db.session(), dossier.application, table, actor(), on=today())
    return render_template(
        "merchant/applications/show.html",
        dossier=dossier,
        guidance=guidance(dossier, prospect.place if prospect else None),
        prospect=prospect,
        door=objection_pages.of_application(db.session(), id, actor(), data.law_of_objections()),
        clock=clock,
        today=today(),
    )


def withdraw(id: int) -> ResponseReturnValue:
    dossier = applications.dossier(db.session(), id, actor())
    bound = bind(WithdrawForm, "merchant/applications/withdraw.html", dossier=dossier)
    if not bound.accepted:
        return bound.page()
    services.withdraw(db.session(), id, note=bound.form.note.data or "", by=actor(), at=now())
    commit()
    flash(_("신청을 취하했습니다."), "success")
    return redirect(url_for("merchant.applications_show", id=id))


def _chosen(calls: Any, places: Any) -> dict[str, Any]:
    """Where there is only one to choose it is chosen already; a link from a programme's page names the programme."""
    code = request.args.get("programme") or (calls[0].programme.code if len(calls) == 1 else None)
    return {"programme": code, "merchant": places[0].id if len(places) == 1 else None}


def _entered(dossier: Any) -> dict[str, Any]:
    record = dossier.application
    names = ("plan", "total_cost", "requested_amount", "contact_phone")
    given = {f"consent_{row.code}": True for row in record.consents}
    entered = {name: getattr(record, name) for name in names}
    track = record.track or request.args.get("track", "")
    told = answers.shown(dossier.published.announcement.questions, record.answered) | {"track": track}
    return {**entered, **given, **told, "contact_phone": format_phone(record.contact_phone)}


def _after_saving(dossier: Any) -> ResponseReturnValue:
    """On to the papers if any may be handed in, or back to the same page for whoever only wanted to save."""
    if request.form.get("intent") == "save":
        flash(_("저장했습니다."), "success")
        return redirect(url_for("merchant.applications_edit", id=dossier.application.id))
    opened = supplement_parts.opened(dossier.application)
    if opened is not None and not opened.papers:  # every paper is locked: there is nothing to do on their page
        return redirect(url_for("merchant.supplements_answer", id=dossier.application.id))
    return redirect(url_for("merchant.documents_index", id=dossier.application.id))
