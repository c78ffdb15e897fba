"""The work queue, the case page, and the papers of a case."""

from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from forms.reviews import QueueForm
from portal import data
from portal.clock import today
from portal.domain.applications import ApplicationStatus
from portal.domain.approvals import Matter
from portal.domain.bulk import offered
from portal.domain.deadlines import period_of, working_day_after
from portal.domain.permissions import Permission
from portal.domain.support_history import years_before
from portal.models.base import db
from portal.queries import (
    cases,
    clocks,
    declarations,
    grant_changes,
    objection_pages,
    signings,
    support_history,
    tags,
    work_queue,
)
from portal.services import holidays
from portal.web.access import actor
from portal.web.files import attachment, stores
from portal.web.labels import APPLICATION_STATUSES

# What the queue shows before anything is asked for.
_FIRST = MultiDict({"view": "undecided"})


def queue() -> ResponseReturnValue:
    form = QueueForm(request.args or _FIRST)
    known = work_queue.choices(db.session(), actor())
    form.offer(APPLICATION_STATUSES, known.programmes, known.officers, known.tags)
    table = frozenset(holidays.observed(db.session(), actor().organisation_id or 0))
    soon = working_day_after(today(), work_queue.SOON, table)
    page = work_queue.page(
        db.session(),
        actor(),
        form.to_filters(),
        on=today(),
        soon=soon,
        after=request.args.get("after", type=int),
        before=request.args.get("before", type=int),
    )
    about = {
        "form": form,
        "page": page,
        "counts": work_queue.counts(db.session(), actor(), on=today(), soon=soon),
        "changes": grant_changes.waiting(db.session(), actor()),
        "today": today(),
        "soon": soon,
        "tags": tags.of_cases(db.session(), [row.id for row in page.rows]) if known.tags else {},
        "offered": offered(actor()) if actor().may(Permission.BULK_PREPARE) else (),
    }
    return render_template("official/applications/queue.html", **about)


def show(id: int) -> ResponseReturnValue:
    found = cases.case(db.session(), id, actor(), on=today())
    declared = declarations.of_case(db.session(), id, actor().person_id)
    decided = found.decision is not None and found.decision.outcome is not None
    signing = signings.of(db.session(), Matter.DECISION, id) if decided else None
    table = holidays.observed(db.session(), actor().organisation_id or 0)
    clock = clocks.of(db.session(), found.application, table, actor(), on=today())
    granted = found.application.status is ApplicationStatus.APPROVED
    changes = grant_changes.of_application(db.session(), id) if granted else ()
    about = {"case": found, "declared": declared, "signing": signing, "changes": changes, "granted": granted}
    about["history"] = support_history.of_merchant(
        db.session(), found.application.merchant_id, actor(), since=_history_since()
    )
    raised = objection_pages.about_application(db.session(), id) if found.decision else ()
    return render_template("official/applications/show.html", raised=raised, clock=clock, **about)


def _history_since() -> date:
    """So many years back support is looked for as the Act says."""
    years = period_of(data.act_periods(), "local", "support_history", today()).days
    return years_before(today(), years)


def document(id: int, document_id: int) -> ResponseReturnValue:
    """A paper of the case, as an attachment."""
    paper = cases.document(db.session(), id, document_id, actor())
    return attachment(stores().evidence.read(paper.sha256), paper.filename, paper.media_type)
