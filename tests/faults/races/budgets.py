"""Budgets that hold exactly so many grants, cases ready to be approved from them, and what postings committed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.ledger import Account
from portal.models.accounts import User
from portal.models.ledger import BudgetLine, Posting
from portal.queries.programmes import Published
from portal.services import declarations
from portal.storage.objects import Stores
from tests.cases import apply, recommend
from tests.factories import AT, GURYE, actor, make_official, make_programme

GRANT = 500_000
SHARES = {"national": 250_000, "province": 75_000, "county": 175_000}


def programme_for(session: Session, number: int, places: int) -> Published:
    """A programme whose budget holds exactly so many grants."""
    text = GURYE.replace('code = "gurye-2020-o2o"', f'code = "race-{number}"')
    for source, full in (("national", "60_000_000"), ("province", "18_000_000"), ("county", "42_000_000")):
        text = text.replace(f"amount = {full}", f"amount = {SHARES[source] * places}")
    return make_programme(session, text=text)


def recommended(
    session: Session, stores: Stores, programme: Published, applicants: int, *, handlers: Sequence[User] = ()
) -> list[int]:
    """Cases that wait for their approval. `handlers`: a reviewer and those who approve; all there are, if left out.

    Among thousands of cases only they declare that they have no interest: each of all would take longer with each.
    """
    reviewer = handlers[0] if handlers else make_official(session, Role.REVIEWER)
    cases = [apply(session, stores, programme, declared=not handlers) for _ in range(applicants)]
    for each in handlers:
        declarations.declare_none(session, [case.id for case in cases], by=actor(each), at=AT)
    for case in cases:
        recommend(session, case.application, actor(reviewer))
    return [case.id for case in cases]


def committed(session: Session, programme_id: int) -> dict[str, int]:
    """Source -> won that postings have committed."""
    rows = session.execute(
        select(BudgetLine.source, func.coalesce(func.sum(Posting.amount), 0))
        .join(Posting, (Posting.budget_line_id == BudgetLine.id) & (Posting.debit == Account.COMMITTED), isouter=True)
        .where(BudgetLine.programme_id == programme_id)
        .group_by(BudgetLine.source)
    )
    return {source: int(amount) for source, amount in rows}
