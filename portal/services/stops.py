"""Stopping all payments and letting them go on. Whoever sends money asks here first, inside the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain import stops
from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, InvalidTransition, NotPermitted, PaymentsStopped, Problem
from portal.domain.permissions import Permission
from portal.domain.stops import NEEDS_REASON, StopKind
from portal.models.accounts import Organisation
from portal.models.stops import PaymentStop
from portal.queries import reconciliations
from portal.queries import stops as standings
from portal.services import steps

NOUN = "payment_stop"
MAX_REASON = 500


def refuse_while_stopped(session: Session, organisation_id: int) -> None:
    """Raises PaymentsStopped. Whoever stops payments waits for those that have passed here, and nobody passes after."""
    if stopped(session, organisation_id):
        raise PaymentsStopped(problems=[Problem("payments_stopped")])


def stopped(session: Session, organisation_id: int) -> bool:
    """Whether payments of this organisation are stopped, which stays so until the transaction ends."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(read=True))
    return standings.standing(session, organisation_id).stopped


def take(session: Session, kind: StopKind, *, whole: bool, reason: str, by: Actor, at: datetime) -> PaymentStop:
    """One step of a person: of their office, or (`whole`) about a stop that the portal has made.

    Raises NotPermitted, InvalidTransition, SamePerson, Incomplete without a reason or while a check is still broken.
    """
    if by.organisation_id is None or not by.may(Permission.PAYMENT_STOP):
        raise NotPermitted(NOUN)
    _hold(session, None if whole else by.organisation_id)
    found = standings.standing(session, by.organisation_id)
    if whole and kind in (StopKind.ASK, StopKind.STOP):
        raise InvalidTransition("officials stop the payments of their own office")
    stops.check(found.portal if whole else found.office, kind, by.person_id)
    if kind in NEEDS_REASON and not reason.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    if whole and kind in (StopKind.ASK_RESTART, StopKind.RESTART):
        _refuse_while_broken(session)
    event = PaymentStop(
        organisation_id=None if whole else by.organisation_id,
        kind=kind,
        reason=reason.strip()[:MAX_REASON],
        user_id=by.user_id,
        person_id=by.person_id,
        at=at,
    )
    session.add(event)
    session.flush()
    steps.write(session, NOUN, event.id, kind, by=by, at=at, note=event.reason)
    return event


def stop_for(session: Session, broken: Sequence[str], *, at: datetime) -> PaymentStop | None:
    """Stops all payments of the portal because of what is broken; None where they are stopped already."""
    _hold(session, None)
    if standings.standing(session, None).portal.stopped:
        return None
    event = PaymentStop(kind=StopKind.VIOLATION, reason="; ".join(broken)[:MAX_REASON], at=at)
    session.add(event)
    session.flush()
    return event


def _hold(session: Session, organisation_id: int | None) -> None:
    """One after the other: who stops, who lets go on, and (read) who pays."""
    query = select(Organisation.id).order_by(Organisation.id).with_for_update(key_share=True)
    if organisation_id is not None:
        query = query.where(Organisation.id == organisation_id)
    session.execute(query)


def _refuse_while_broken(session: Session) -> None:
    last = reconciliations.last(session)
    if last is not None and last.broken:
        raise Incomplete(problems=[Problem("still_broken")])
