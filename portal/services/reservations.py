"""Keeps money for applications in the order of their acceptance or of a selection, gives it back, and moves the waiting
list up.

Every change holds all budget lines of the programme from before the application is locked: they are the one lock that
two changes of the same waiting list wait for. Lock order: budget lines by id, application, programme.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import BudgetExhausted, Problem
from portal.domain.funding import split, split_within
from portal.domain.ledger import PostingKind
from portal.domain.periods import fiscal_year, korean_date
from portal.domain.reservations import LIFECYCLE, ReservationStatus, to_commit
from portal.models.applications import Application
from portal.models.reservations import Reservation
from portal.queries import budget, programmes, reservations
from portal.queries import ledger as balances
from portal.services import ledger, steps

S = ReservationStatus


def hold(session: Session, application_id: int, *, at: datetime) -> None:
    """Locks the budget lines behind an application's reservation; nothing where it has none.

    To be called before the application itself is locked.
    """
    programme_id = reservations.programme_of(session, application_id)
    if programme_id is not None:
        budget.locked(session, programme_id, fiscal_year(korean_date(at)))


def enter(session: Session, application: Application, amount: int, *, by: Actor, at: datetime) -> Reservation:
    """An accepted application takes its place in line, and the money if it is there for it."""
    budget.locked(session, application.programme_id, fiscal_year(korean_date(at)))
    reservation = Reservation(application_id=application.id, amount=amount, reserved=0, entered_at=at)
    steps.begin(session, reservation, LIFECYCLE, "enter", by=by, at=at)
    fill(session, application.programme_id, by=by, at=at)
    return reservation


def enter_ranked(
    session: Session, ranked: Sequence[tuple[int, Application, int]], *, by: Actor, at: datetime
) -> list[Reservation]:
    """Those chosen by a selection and its reserve list (예비), with their rank and the won each is granted, take their
    places, and the money while it is there. The budget lines must be held. Who has a place already waits, because an
    objection put it back before it was chosen.
    """
    entered = []
    for rank, application, amount in ranked:
        reservation = reservations.of_application(session, application.id)
        if reservation is None:
            reservation = Reservation(application_id=application.id, amount=amount, reserved=0, entered_at=at)
            steps.begin(session, reservation, LIFECYCLE, "enter", by=by, at=at)
        reservation.rank, reservation.amount = rank, amount
        entered.append(reservation)
    session.flush()
    if entered:
        fill(session, ranked[0][1].programme_id, by=by, at=at)
    return entered


def enter_again(session: Session, application: Application, amount: int, *, by: Actor, at: datetime) -> Reservation:
    """An application that an objection put back takes its place in line by its old number, and the money if it is
    there; in a programme that keeps none at acceptance too. The budget lines must be held.
    """
    since = balances.last_entry(session)
    reservation = reservations.of_application(session, application.id)
    if reservation is None:
        reservation = Reservation(application_id=application.id, amount=amount, reserved=0, entered_at=at, since=since)
        steps.begin(session, reservation, LIFECYCLE, "enter", by=by, at=at)
    else:
        reservation.since, reservation.entered_at = since, at
        reservation.reserved_at = reservation.closed_at = None
        steps.take(session, reservation, LIFECYCLE, "enter_again", by=by, at=at)
    fill(session, application.programme_id, by=by, at=at)
    return reservation


def fill(session: Session, programme_id: int, *, by: Actor, at: datetime) -> int:
    """Gives what is available this year to those who wait, strictly in their order; returns how many were served.

    To be called wherever money of a programme comes free or is appropriated, in the same transaction. The first who
    does not fit ends it: nobody is served before somebody with a lower number. Where it is chosen, nobody is served
    before that, nor once all places are taken.
    """
    year = fiscal_year(korean_date(at))
    lines = budget.locked(session, programme_id, year)
    served = 0
    while (first := reservations.next_in_line(session, programme_id, year)) is not None:
        version = programmes.read(first.application.version)
        if first.status == S.WAITING and reservations.closed(session, programme_id, version.announcement.selection):
            break
        left = {room.source: room.left for room in budget.room(session, programme_id, year)}
        missing = first.amount - first.reserved
        won = to_commit(missing, version.announcement.call.last_place, version.terms.funding, left)
        if won:
            parts = split(won, version.terms.funding)
            _keep(session, first, {lines[source]: part for source, part in parts.items() if part}, by=by, at=at)
            served += 1
        if won < missing:
            break
    return served


def use(session: Session, reservation: Reservation, wanted: int, *, by: Actor, at: datetime) -> dict[str, int]:
    """The decision takes what was reserved, at most `wanted` won, and the rest goes to the next; returns won by source.

    Raises BudgetExhausted where the application still waits, who is decided on when money is there for it, or where
    what was kept is gone with its year.
    """
    programme_id = reservation.application.programme_id
    fill(session, programme_id, by=by, at=at)
    if reservation.status == S.WAITING:
        raise BudgetExhausted("still on the waiting list", [Problem("still_waiting")])
    kept = balances.commitment_left(session, [reservation.application_id])[reservation.application_id]
    held = {line_id: won for line_id, won in kept.items() if won}  # not the lines that it was carried over from
    if sum(held.values()) < min(wanted, reservation.reserved):
        raise BudgetExhausted(
            "what was kept was given up", [Problem("reservation_gone", value=f"{sum(held.values()):,}")]
        )
    source_of = balances.sources(session, held)
    shares = programmes.read(reservation.application.version).terms.funding
    left = {source_of[line_id]: won for line_id, won in held.items()}
    parts = split_within(min(wanted, reservation.reserved), shares, left)
    surplus = {line_id: won - parts.get(source_of[line_id], 0) for line_id, won in held.items()}
    if any(surplus.values()):
        _give_back(session, reservation, surplus, "decision", by=by, at=at)
    reservation.reserved, reservation.closed_at = sum(parts.values()), at
    steps.take(session, reservation, LIFECYCLE, "use", by=by, at=at)
    fill(session, programme_id, by=by, at=at)
    return parts


def release(session: Session, application: Application, cause: str, *, by: Actor, at: datetime) -> None:
    """Gives up the place in line with all that was kept, if it has one; `cause`: withdrawal or rejection."""
    reservation = reservations.of_application(session, application.id)
    if reservation is None:
        return
    action = "leave" if reservation.status == S.WAITING else "release"
    if action == "release":
        held = balances.commitment_left(session, [application.id])[application.id]
        _give_back(session, reservation, held, cause, by=by, at=at)
    reservation.reserved, reservation.closed_at = 0, at
    steps.take(session, reservation, LIFECYCLE, action, by=by, at=at)
    fill(session, application.programme_id, by=by, at=at)


def leave(session: Session, application_id: int, *, by: Actor, at: datetime) -> None:
    """Whoever waits and was not chosen leaves the line, if it stands there; no money comes free by that."""
    reservation = reservations.of_application(session, application_id)
    if reservation is not None and reservation.status is S.WAITING:
        reservation.closed_at = at
        steps.take(session, reservation, LIFECYCLE, "leave", by=by, at=at)


def _keep(session: Session, reservation: Reservation, amounts: dict[int, int], *, by: Actor, at: datetime) -> None:
    """Commits to the first in line what is there for it now; what is added later has a source key of its own."""
    application_id, won = reservation.application_id, sum(amounts.values())
    again = reservation.status == S.RESERVED
    cause = f"commit:application:from-{reservation.reserved}" if again else "commit:application"
    cause = _told_apart(cause, reservation)
    ledger.post(
        session, PostingKind.COMMIT, amounts,
        source_key=f"{cause}:{application_id}", by=by, at=at, application_id=application_id,
    )  # fmt: skip
    reservation.reserved += won
    details = {"won": won, "reserved": reservation.reserved}
    if again:
        steps.write(session, LIFECYCLE.noun, application_id, "add", by=by, at=at, details=details)
    else:
        reservation.reserved_at = at
        steps.take(session, reservation, LIFECYCLE, "reserve", by=by, at=at, details=details)


def _give_back(
    session: Session, reservation: Reservation, amounts: dict[int, int], cause: str, *, by: Actor, at: datetime
) -> None:
    application_id = reservation.application_id
    told = _told_apart(f"release:application:{cause}", reservation)
    ledger.post(
        session, PostingKind.RELEASE, amounts,
        source_key=f"{told}:{application_id}", by=by, at=at, application_id=application_id,
    )  # fmt: skip


def _told_apart(cause: str, reservation: Reservation) -> str:
    """The cause of an entry of a place that was entered again: another than the same cause had before."""
    return f"{cause}:since-{reservation.since}" if reservation.since is not None else cause
