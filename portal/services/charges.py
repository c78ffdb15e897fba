"""The one place where the charge of a case changes hands, and its history grows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.assignments import How
from portal.models.applications import Application
from portal.models.assignments import Assignment


def record(
    session: Session,
    application: Application,
    account_id: int | None,
    how: How,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    run_id: int | None = None,
) -> Assignment | None:
    """Who works the case from now on, nobody with None; nothing where it stays in the same hands."""
    before, application.reviewer_id, application.changed_at = application.reviewer_id, account_id, at
    if before == account_id:
        return None
    row = Assignment(
        application_id=application.id,
        account_id=account_id,
        before_id=before,
        how=how,
        reason=reason,
        run_id=run_id,
        assigned_by=by.user_id,
        assigned_at=at,
    )
    session.add(row)
    session.flush()
    return row
