"""Steps of a programme that commits at acceptance: the last place is taken, waited for, and given up."""

from __future__ import annotations

import itertools

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.applications import Application
from portal.models.programmes import Programme
from portal.queries import programmes
from portal.services import applications
from portal.services.reconcile import Files
from tests import cases, factories, first_come
from tests.factories import AT
from tests.faults.kills.workflows import Cast, Step, owner_of

CODE = "first-come"


def open_first_come(session: Session, files: Files, _cast: Cast) -> object:
    """Money for one grant, and two who are about to ask for it."""
    factories._numbers, cases._serial = itertools.count(1_000), itertools.count(1_000)  # others made the first ones
    first_come.programme(session, won=first_come.GRANT, code=CODE)
    published = programmes.in_force(session, CODE)
    return [cases.draft(session, files.stores, published, evidence=cases.PDF + bytes([n]) * 50) for n in (1, 2)]


def take_a_place(session: Session, _files: Files, _cast: Cast) -> object:
    return _submit(session, 0)


def wait_in_line(session: Session, _files: Files, _cast: Cast) -> object:
    return _submit(session, 1)


def give_up_a_place(session: Session, _files: Files, _cast: Cast) -> object:
    """Whoever waits gets the money in the same transaction."""
    mine = _mine(session)[0]
    return applications.withdraw(session, mine.id, note="사정이 있습니다.", by=owner_of(session, mine), at=AT)


def _submit(session: Session, place: int) -> Application:
    mine = _mine(session)[place]
    return applications.submit(session, mine.id, by=owner_of(session, mine), at=AT)


def _mine(session: Session) -> list[Application]:
    query = select(Application).join(Programme, Programme.id == Application.programme_id)
    return list(session.scalars(query.where(Programme.code == CODE).order_by(Application.id)))


STEPS = (
    Step("take_a_place", take_a_place, before=open_first_come),
    Step("wait_in_line", wait_in_line),
    Step("give_up_a_place", give_up_a_place),
)
