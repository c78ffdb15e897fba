"""Extending the processing period: once by the reviewer, once more when the applicant says yes.

민원처리법 시행령 제21조. Either way the applicant has it in writing, with the reason and the new day.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import InvalidTransition, Problem
from portal.domain.extensions import LIFECYCLE, ExtendProcessing, ExtensionStatus, check, next_number
from portal.domain.periods import document_date, korean_date
from portal.models.applications import Application
from portal.models.clocks import ProcessingExtension
from portal.queries import cases, clocks, programmes
from portal.services import absences, clock_letters, declarations, steps
from portal.services import clocks as counting
from portal.services.applications import locked
from portal.storage.objects import Stores

S = ExtensionStatus


def extend(
    session: Session, stores: Stores, application_id: int, command: ExtendProcessing, *, by: Actor, at: datetime
) -> ProcessingExtension:
    """The first extension binds at once, the second when the applicant agrees. Raises Incomplete, and
    InvalidTransition where it is not the office's turn, too late, or enough.
    """
    application = cases.to_handle(session, application_id, by)
    declarations.check(session, application_id, by=by)
    absences.acting(session, application.reviewer_id, by=by, at=at)
    due_on = application.due_on
    if application.status not in clocks.OFFICES_TURN or due_on is None:
        raise InvalidTransition("the clock does not run", [Problem("clock_stands")])
    found = clocks.extensions(session, application_id)
    in_force = sum(each.status is S.IN_FORCE for each in found)
    number = next_number(in_force, any(each.status is S.ASKED for each in found), due_on, korean_date(at))
    check(command, programmes.read(application.version).announcement.call.processing_days)
    extension = ProcessingExtension(
        application_id=application.id,
        number=number,
        days=command.days,
        reason=command.reason.strip(),
        due_before=due_on,
        asked_by=by.user_id,
        asked_at=at,
    )
    steps.begin(session, extension, LIFECYCLE, "ask", by=by, at=at)
    if number == 1:
        _bind(session, stores, application, extension, "extend", by=by, at=at)
    else:
        counting.note(session, application, "ask_extension", extension.reason, by=by, at=at)
        clock_letters.issue_extension_asked(session, stores, application, extension, by=by, at=at)
    return extension


def agree(session: Session, stores: Stores, application_id: int, *, by: Actor, at: datetime) -> ProcessingExtension:
    """The applicant agrees to a second extension. Raises InvalidTransition where none waits or the case went on."""
    application, extension = _asked(session, application_id, by)
    extension.answered_by, extension.answered_at = by.user_id, at
    _bind(session, stores, application, extension, "agree", by=by, at=at)
    return extension


def decline(session: Session, application_id: int, *, by: Actor, at: datetime) -> ProcessingExtension:
    """The applicant does not agree: the day stays."""
    application, extension = _asked(session, application_id, by)
    extension.answered_by, extension.answered_at = by.user_id, at
    steps.take(session, extension, LIFECYCLE, "decline", by=by, at=at)
    counting.note(session, application, "decline_extension", "", by=by, at=at)
    return extension


def _bind(
    session: Session, stores: Stores, application: Application, extension: ProcessingExtension, action: str, *,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """From here on the period is longer: the day is counted anew and told."""
    table = counting.observed(session, application)
    more = clocks.days_more(clocks.extensions(session, application.id), since=application.reopened_at) + extension.days
    application.due_on = extension.due_on = due_on = counting.count(application, table, more=more)
    application.changed_at = at
    steps.take(session, extension, LIFECYCLE, action, by=by, at=at)
    note = f"{document_date(extension.due_before)} → {document_date(due_on)} ({extension.reason})"
    said = {"extend": "extend", "agree": "agree_extension"}[action]
    details = {"from": extension.due_before.isoformat(), "to": due_on.isoformat(), "days": extension.days}
    counting.note(session, application, said, note, by=by, at=at, details=details)
    clock_letters.issue_extension(session, stores, application, extension, by=by, at=at)


def _asked(session: Session, application_id: int, by: Actor) -> tuple[Application, ProcessingExtension]:
    """One's own application and the extension that waits for one's word, locked."""
    application = locked(session, application_id, by)
    extension = clocks.waiting_for_consent(session, application_id)
    if extension is None or application.status not in clocks.OFFICES_TURN:
        raise InvalidTransition("no extension waits", [Problem("no_extension_waits")])
    return application, extension
