"""Simulations: a manager tries a draft of terms on stored lines, and reads what it would have cost."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.simulation_numbers import numbers_form
from forms.simulations import TextForm
from portal import data, jobs
from portal.clock import now
from portal.domain.errors import NotFound
from portal.domain.terms import parse_terms
from portal.domain.terms_text import as_toml
from portal.models.base import db
from portal.queries import programmes, simulations
from portal.queries.pages import next_key
from portal.services import simulations as services
from portal.web.access import actor
from portal.web.binding import bind, commit
from portal.web.dates import month
from portal.web.files import attachment, stores
from portal.web.official import simulation_tables
from reports import simulations as files

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def index() -> ResponseReturnValue:
    rows = simulations.page(db.session(), actor(), before=request.args.get("before", type=int))
    in_force = programmes.published(db.session(), organisation_id=actor().organisation_id)
    return render_template(
        "official/simulations/index.html",
        rows=[(row, simulation_tables.changes(row)) for row in rows],
        programmes=in_force,
        earlier=next_key(rows, simulations.PAGE),
    )


def new(code: str) -> ResponseReturnValue:
    about = _about(code)
    form = numbers_form(parse_terms(about["text"]), {code: p.name for code, p in data.platform_catalogue().items()})
    kind = partial(form, months=about["months"])
    bound = bind(kind, "official/simulations/new.html", start=form.start() | about["plan"], **about)
    return _asked(code, bound)


def write(code: str) -> ResponseReturnValue:
    about = _about(code)
    start = about["plan"] | {"text": as_toml(parse_terms(about["text"]))}
    kind = partial(TextForm, months=about["months"])
    return _asked(code, bind(kind, "official/simulations/write.html", start=start, **about))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/simulations/show.html", **_shown(id))


def progress(id: int) -> ResponseReturnValue:
    """How far it has come, as a part of the page; once it is over, the page is asked for anew."""
    asked = simulations.of_organisation(db.session(), id, actor())
    over = {"HX-Refresh": "true"} if asked.over else {}
    return Response(render_template("official/simulations/_progress.html", asked=asked), headers=over)


def cancel(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/simulations/show.html", **_shown(id))
    if not bound.accepted:
        return bound.page()
    services.cancel(db.session(), id, by=actor(), at=now())
    commit()
    flash(_("계산을 그만두었습니다."), "success")
    return redirect(url_for("official.simulations_show", id=id))


def download(id: int, kind: str) -> ResponseReturnValue:
    asked = simulations.of_organisation(db.session(), id, actor())
    return attachment(*_file(asked, kind))


def _asked(code: str, bound: Any) -> ResponseReturnValue:
    if not bound.accepted:
        return bound.page()
    asked = services.ask(db.session(), code, bound.form.to_command(), by=actor(), at=now())
    job_id = asked.job.id
    commit()
    jobs.send(current_app._get_current_object(), job_id)  # ty: ignore[missing-attribute]
    return redirect(url_for("official.simulations_show", id=asked.id))


def _about(code: str) -> dict[str, Any]:
    """The programme, what a draft may start from and does, and the months there are lines of."""
    published = simulations.programme_of(db.session(), code, actor())
    version, like = (request.args.get(name, type=int) for name in ("version", "like"))
    months = simulations.months(db.session(), published.programme.organisation_id)
    return {
        "published": published,
        "versions": simulations.versions(db.session(), published.programme.id),
        "chosen": version or published.version.id,
        "text": simulations.start(db.session(), published.programme, version=version, like=like),
        "months": [(each, month(each)) for each in months],
        "plan": {"since": months[0], "until": months[-1]} if months else {},
    }


def _shown(id: int) -> dict[str, Any]:
    asked = simulations.of_organisation(db.session(), id, actor())
    return simulation_tables.page(asked, services.result(stores(), asked))


def _file(asked: simulations.Asked, kind: str) -> tuple[bytes, str, str]:
    """Bytes, file name and media type. Raises NotFound for another kind, and where nothing is computed yet."""
    result = services.result(stores(), asked)
    if result is None or kind not in ("xlsx", "csv"):
        raise NotFound(f"simulation {asked.id} as {kind}")
    tables = list(simulation_tables.tables(asked, result).values())
    name = f"simulation-{asked.simulation.programme.code}-{asked.id}.{kind}"
    if kind == "csv":
        return files.csv(tables), name, "text/csv; charset=utf-8"
    title, demo = asked.simulation.programme.name, current_app.config["SETTINGS"].demo
    return files.workbook(tables, title=title, demo=demo), name, _XLSX
