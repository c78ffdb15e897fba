"""One step for many cases: what it needs, the preview, the confirmation, and what became of each case."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.base import Form
from forms.desk import BulkForm
from forms.reviews import QueueForm
from portal import jobs
from portal.clock import now, today
from portal.domain.bulk import MOST_CASES, BulkAction, RunStatus, offered
from portal.domain.deadlines import working_day_after
from portal.models.base import db
from portal.queries import assignments, bulk, tags, work_queue
from portal.services import bulk as services
from portal.services import holidays
from portal.web.access import actor
from portal.web.binding import bind, commit

_DAYS = 10  # what a request for supplement starts from


def index() -> ResponseReturnValue:
    rows = bulk.listed(db.session(), actor(), before=request.args.get("before", type=int))
    later = rows[-1][0].id if len(rows) == bulk.PAGE else None
    return render_template("official/bulk/index.html", rows=rows, later=later)


def new() -> ResponseReturnValue:
    action, chosen = _action(), _chosen()
    services.permit(action, by=actor())
    officers = [
        (each.account_id, _("%(name)s (오늘 부재)", name=each.name) if each.away else each.name)
        for each in assignments.officers(db.session(), actor(), on=today())
    ]
    labels = [(tag.id, tag.name) for tag in tags.living(db.session(), actor())]
    form = partial(BulkForm, action=action, officers=officers, tags=labels)
    bound = bind(form, "official/bulk/new.html", start={"days": _DAYS}, action=action, chosen=chosen, most=MOST_CASES)
    if not bound.accepted:
        return bound.page()
    run = services.prepare(db.session(), bound.form.to_command(action, chosen), by=actor(), at=now())
    number = run.id
    commit()
    return redirect(url_for("official.bulk_show", id=number))


def show(id: int) -> ResponseReturnValue:
    return render_template("official/bulk/show.html", **_about(id))


def progress(id: int) -> ResponseReturnValue:
    """The same as a part of the page; once it is over, the page is asked for anew."""
    about = _about(id)
    over = {"HX-Refresh": "true"} if about["found"].run.status is RunStatus.FINISHED else {}
    return Response(render_template("official/bulk/_progress.html", **about), headers=over)


def confirm(id: int) -> ResponseReturnValue:
    bound = bind(Form, "official/bulk/show.html", **_about(id))
    if not bound.accepted:
        return bound.page()
    job_id = services.confirm(db.session(), id, by=actor(), at=now())
    commit()
    if job_id is None:
        flash(_("이미 확인한 일괄 처리입니다. 두 번 처리하지 않았습니다."), "info")
    else:
        jobs.send(current_app._get_current_object(), job_id)  # ty: ignore[missing-attribute]
    return redirect(url_for("official.bulk_show", id=id))


def _about(id: int) -> dict[str, Any]:
    return {"found": bulk.page(db.session(), id, actor())}


def _action() -> BulkAction:
    asked = request.args.get("action", "")
    return BulkAction(asked) if asked in set(BulkAction) else offered(actor())[0]


def _chosen() -> list[int]:
    """The cases of the office that were ticked, or all that match the filter of the list."""
    if request.args.get("scope") != "all":
        ticked = request.args.getlist("case", type=int)[: MOST_CASES + 1]
        return work_queue.ours(db.session(), actor(), ticked)
    table = frozenset(holidays.observed(db.session(), actor().organisation_id or 0))
    soon = working_day_after(today(), work_queue.SOON, table)
    filters = QueueForm(request.args).to_filters()
    return work_queue.matching(db.session(), actor(), filters, on=today(), soon=soon, most=MOST_CASES + 1)
