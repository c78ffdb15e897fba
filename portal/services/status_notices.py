"""Telling applicants how a long case stands, every thirty days until it is decided (민원처리법 시행령 제23조).

What was told stands in a row of its own, one per case and turn: a worker that runs again tells nobody twice.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.deadlines import period_of, status_notices_due
from portal.domain.periods import korean_date
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.clocks import StatusNotice
from portal.models.merchants import Merchant
from portal.queries import accounts
from portal.queries.clocks import OFFICES_TURN, UNDECIDED
from portal.services import clock_letters, clocks
from portal.storage.objects import Stores


def due(session: Session, *, at: datetime) -> list[int]:
    """The undecided applications for which a turn has come that was not told of yet."""
    on = korean_date(at)
    rows = session.execute(
        select(Application.id, Application.submitted_at, func.max(StatusNotice.number))
        .outerjoin(StatusNotice, StatusNotice.application_id == Application.id)
        .where(Application.status.in_(UNDECIDED), Application.submitted_at.is_not(None))
        .group_by(Application.id, Application.submitted_at)
        .order_by(Application.id)
    )
    return [case for case, received_at, told in rows if received_at and _turn(received_at, on) > (told or 0)]


def tell(session: Session, stores: Stores, application_id: int, *, at: datetime) -> StatusNotice | None:
    """One letter, for the latest turn alone where several were missed; None where another worker told it.

    It goes out in the name of whoever handles the case, or of the applicant where nobody does yet.
    """
    application = session.scalars(
        select(Application)
        .where(Application.id == application_id)
        .with_for_update(of=Application, key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if application_id not in due(session, at=at):
        return None
    number = _turn(application.submitted_at or at, korean_date(at))
    by = _speaker(session, application)
    waits = application.status not in OFFICES_TURN
    letter = clock_letters.issue_status(session, stores, application, by=by, at=at)
    notice = StatusNotice(
        application_id=application.id,
        number=number,
        letter_id=letter.id,
        due_on=None if waits else application.due_on,
        sent_at=at,
    )
    session.add(notice)
    clocks.note(session, application, "tell_status", "", by=by, at=at, details={"number": number})
    return notice


def _turn(received_at: datetime, on: date) -> int:
    every = period_of(data.act_periods(), "petition", "status_notice", on).days
    return status_notices_due(korean_date(received_at), on, every)


def _speaker(session: Session, application: Application) -> Actor:
    owner = select(Merchant.owner_id).where(Merchant.id == application.merchant_id).scalar_subquery()
    account = application.reviewer_id if application.reviewer_id is not None else owner
    return accounts.actor_of(session.scalars(select(User).where(User.id == account)).unique().one())
