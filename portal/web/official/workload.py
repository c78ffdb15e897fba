"""Who has how much on the desk."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.clock import today
from portal.domain.assignments import OPEN_CASES
from portal.domain.deadlines import working_day_after
from portal.models.base import db
from portal.queries import work_queue, workload
from portal.services import holidays
from portal.web.access import actor


def show() -> ResponseReturnValue:
    table = frozenset(holidays.observed(db.session(), actor().organisation_id or 0))
    soon = working_day_after(today(), work_queue.SOON, table)
    team = workload.team(db.session(), actor(), on=today(), soon=soon)
    return render_template("official/workload/show.html", team=team, states=OPEN_CASES)
