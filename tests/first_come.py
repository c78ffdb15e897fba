"""A programme that commits at acceptance, with a small budget, for tests of who gets it and who waits."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.models.ledger import BudgetLine
from portal.models.reservations import Reservation
from portal.queries.programmes import Published
from tests.factories import GURYE, make_programme

GRANT = 500_000
SHARES = {"national": 250_000, "province": 75_000, "county": 175_000}
_FULL = (("national", "60_000_000"), ("province", "18_000_000"), ("county", "42_000_000"))


def text(*, won: int, code: str = "first-come", last_place: str = "none") -> str:
    """Gurye's programme with a budget of so many won, committed at acceptance. `won`: a multiple of 20."""
    found = GURYE.replace('code = "gurye-2020-o2o"', f'code = "{code}"')
    for source, full in _FULL:
        found = found.replace(f"amount = {full}", f"amount = {won * SHARES[source] // GRANT}")
    rule = f'commitment = "acceptance"\nlast_place = "{last_place}"'
    return found.replace('receipt_prefix = "GR"', f'receipt_prefix = "GR"\n{rule}')


def programme(session: Session, *, won: int, code: str = "first-come", last_place: str = "none") -> Published:
    return make_programme(session, text=text(won=won, code=code, last_place=last_place))


def standing(session: Session, *ids: int) -> list[tuple[str, int]]:
    """Status and won kept of each, as the database has them."""
    session.expire_all()
    found = {
        row.application_id: (row.status.value, row.reserved)
        for row in session.scalars(select(Reservation).where(Reservation.application_id.in_(ids)))
    }
    return [found[each] for each in ids]


def used(session: Session, programme_id: int) -> int:
    """Won that the guards of the programme's budget lines hold as used."""
    return session.scalar(select(func.sum(BudgetLine.used)).where(BudgetLine.programme_id == programme_id)) or 0
