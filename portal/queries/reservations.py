"""Looks up what is reserved and who waits, in the order of a selection's ranks, else of the queue numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.actors import Actor
from portal.domain.letters import LetterKind
from portal.domain.periods import day_bounds
from portal.domain.reservations import LIFECYCLE, OPEN, ReservationStatus
from portal.domain.selection_rules import SelectionRules
from portal.domain.selections import SelectionStatus
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.audit import AuditEvent
from portal.models.letters import Letter
from portal.models.programmes import Programme
from portal.models.reservations import Reservation
from portal.models.selections import Selection

S = ReservationStatus
SHOWN = 100
# Whoever has no rank in a programme that ranks came back by an objection, and stands behind those who have.
IN_ORDER = (Reservation.rank.is_(None), Reservation.rank, Application.queue_number)


@dataclass(frozen=True, slots=True)
class Place:
    """An application's reservation; `ahead`: how many wait before it, None where it does not wait."""

    reservation: Reservation
    ahead: int | None

    @property
    def waits(self) -> bool:
        return self.ahead is not None

    @property
    def number(self) -> int | None:
        """Its number on the waiting list, from 1."""
        return None if self.ahead is None else self.ahead + 1


@dataclass(frozen=True, slots=True)
class Line:
    """The open reservations of a programme: how many hold money and how much, how many wait and for how much."""

    reserved: int
    reserved_won: int
    waiting: int
    waiting_won: int


def of_application(session: Session, application_id: int) -> Reservation | None:
    """As it is now, whatever this session read earlier; to be changed only while the budget lines are held."""
    return session.get(Reservation, application_id, populate_existing=True)


def programme_of(session: Session, application_id: int) -> int | None:
    """The programme in which this application has a reservation, None where it has none."""
    return session.scalar(
        select(Application.programme_id)
        .join(Reservation, Reservation.application_id == Application.id)
        .where(Application.id == application_id)
    )


def next_in_line(session: Session, programme_id: int, year: int) -> Reservation | None:
    """The first in the programme who was not given all that was asked for.

    What was kept in part in an earlier year stays a part: a grant is paid from the lines of one year.
    """
    part = (Reservation.reserved < Reservation.amount) & (Reservation.reserved_at >= day_bounds(date(year, 1, 1))[0])
    return session.scalars(
        select(Reservation)
        .join(Application, Application.id == Reservation.application_id)
        .where(Application.programme_id == programme_id, Reservation.status.in_(OPEN))
        .where(or_(Reservation.status == S.WAITING, part))
        .order_by(*IN_ORDER)
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()


def holders(session: Session, programme_id: int) -> int:
    """How many of a programme hold money or were granted it: the places of a selection that are taken."""
    return session.scalars(
        select(func.count())
        .select_from(Reservation)
        .join(Application, Application.id == Reservation.application_id)
        .where(Application.programme_id == programme_id, Reservation.status.in_((S.RESERVED, S.USED)))
    ).one()


def closed(session: Session, programme_id: int, rules: SelectionRules | None) -> bool:
    """Whether a programme that chooses gives nobody money now: until it has chosen, and once all places are taken."""
    if rules is None:
        return False
    chosen = (Selection.programme_id == programme_id, Selection.status == SelectionStatus.CONFIRMED)
    if session.scalar(select(Selection.id).where(*chosen)) is None:
        return True
    return rules.places is not None and holders(session, programme_id) >= rules.places


def place(session: Session, application_id: int) -> Place | None:
    """Where an application stands; None where its programme keeps no money at acceptance."""
    return places(session, [application_id]).get(application_id)


def places(session: Session, application_ids: Collection[int]) -> dict[int, Place]:
    """Application id -> where it stands, in one statement; those without a reservation are left out."""
    found = session.execute(select(Reservation, _ahead()).where(Reservation.application_id.in_(application_ids)))
    return {
        reservation.application_id: Place(reservation, ahead if reservation.status == S.WAITING else None)
        for reservation, ahead in found
    }


def line(session: Session, programme_id: int) -> Line:
    """What is reserved and what waits in a programme, in one statement."""
    rows = session.execute(
        select(Reservation.status, func.count(), func.sum(Reservation.reserved), func.sum(Reservation.amount))
        .join(Application, Application.id == Reservation.application_id)
        .where(Application.programme_id == programme_id, Reservation.status.in_(OPEN))
        .group_by(Reservation.status)
    )
    found = {status: (count, int(reserved), int(amount)) for status, count, reserved, amount in rows}
    kept, waits = found.get(S.RESERVED, (0, 0, 0)), found.get(S.WAITING, (0, 0, 0))
    return Line(kept[0], kept[1], waits[0], waits[2])


def moved_up(session: Session) -> Sequence[int]:
    """The applications that stood on the waiting list, have money kept by now, and were not told of it by letter."""
    told = select(Letter.id).where(
        Letter.application_id == Reservation.application_id, Letter.kind == LetterKind.RESERVED
    )
    moved = select(Reservation.application_id).where(
        Reservation.status == S.RESERVED, Reservation.reserved_at > Reservation.entered_at, ~told.exists()
    )
    return session.scalars(moved.order_by(Reservation.application_id)).all()


def to_tell(session: Session, application_id: int) -> tuple[Reservation, User] | None:
    """One of them, held until the transaction ends, with whoever's act moved it up; None where one was told."""
    query = select(Reservation).where(Reservation.application_id == application_id)
    held = query.with_for_update(of=Reservation, key_share=True).execution_options(populate_existing=True)
    reservation = session.scalars(held).one()
    if application_id not in moved_up(session):
        return None
    event = select(AuditEvent.user_id).where(
        AuditEvent.noun == LIFECYCLE.noun, AuditEvent.record_id == application_id, AuditEvent.action == "reserve"
    )
    user_id = session.scalars(event.order_by(AuditEvent.id.desc()).limit(1)).one()
    return reservation, session.get_one(User, user_id)


def waiting(session: Session, programme_id: int, by: Actor, *, limit: int = SHOWN) -> Sequence[Reservation]:
    """The waiting list of a programme of the official's organisation, first come first."""
    return session.scalars(
        select(Reservation)
        .join(Application, Application.id == Reservation.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Application.programme_id == programme_id,
            Programme.organisation_id == by.organisation_id,
            Reservation.status == S.WAITING,
        )
        .order_by(*IN_ORDER)
        .limit(limit)
    ).all()


def _ahead() -> ColumnElement[int]:
    """How many of the same programme wait before it: with a lower rank, or a lower number where neither has a rank."""
    mine, other, waits = aliased(Application), aliased(Application), aliased(Reservation)
    by_rank = (waits.rank < Reservation.rank) | (waits.rank.is_not(None) & Reservation.rank.is_(None))
    by_number = waits.rank.is_(None) & Reservation.rank.is_(None) & (other.queue_number < mine.queue_number)
    return (
        select(func.count())
        .select_from(mine)
        .join(other, other.programme_id == mine.programme_id)
        .join(waits, (waits.application_id == other.id) & (waits.status == S.WAITING))
        .where(mine.id == Reservation.application_id, by_rank | by_number)
        .scalar_subquery()
    )
