"""Putting an officer in charge of a case (담당자 지정), with a history that is only added to.

Nobody may do more for being in charge: every step still asks for roles, declarations and four eyes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.assignments import Assign, How, reason_missing, refused
from portal.domain.errors import Incomplete, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.models.applications import Application
from portal.queries import assignments, cases
from portal.services import absences, charges, declarations, steps

NOUN = "assignment"


def assign(
    session: Session, application_id: int, command: Assign, *, by: Actor, at: datetime, run_id: int | None = None
) -> Application:
    """Gives a case that is not decided to one who reviews; the officer finds it in their inbox.

    Raises NotFound, NotPermitted, Incomplete where the officer cannot have it (absent, own, an interest, took part in
    what was objected to) or a change of hands has no reason. `run_id`: of a bulk run, which tells the officer once.
    """
    if not by.may(Permission.CASE_ASSIGN):
        raise NotPermitted("assigning is for those who distribute cases")
    application = cases.to_handle(session, application_id, by)
    declarations.keep_away(session, [application_id], by=by)
    absences.acting(session, None, by=by, at=at)
    known = {officer.account_id: officer for officer in assignments.officers(session, by, on=korean_date(at))}
    officer = known.get(command.officer_id)
    if officer is None:
        raise Incomplete(problems=[Problem("unknown_choice", "officer")])
    case = assignments.charge(session, application)
    problem = refused(officer, case) or reason_missing(case, command.reason)
    if problem is not None:
        raise Incomplete(problems=[problem])
    row = charges.record(
        session,
        application,
        officer.account_id,
        How.ASSIGNED,
        by=by,
        at=at,
        reason=command.reason.strip(),
        run_id=run_id,
    )
    assert row is not None  # the officer is another than before
    details = {"application": application_id, "officer": officer.account_id}
    action = "assign" if run_id is None else "assign_in_bulk"
    steps.write(session, NOUN, row.id, action, by=by, at=at, note=row.reason, details=details)
    return application
