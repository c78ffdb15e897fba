"""Budgets that hold exactly so many grants, cases ready to be approved from them, and what postings committed."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.ledger import Account
from portal.models.ledger import BudgetLine, Posting
from portal.queries.programmes import Published
from portal.storage.objects import Stores
from tests.cases import apply, recommend
from tests.factories import GURYE, actor, make_official, make_programme

GRANT = 500_000
SHARES = {"national": 250_000, "province": 75_000, "county": 175_000}


def programme_for(session: Session, number: int, places: int) -> Published:
    """A programme whose budget holds exactly so many grants."""
    text = GURYE.replace('code = "gurye-2020-o2o"', f'code = "race-{number}"')
    for source, full in (("national", "60_000_000"), ("province", "18_000_000"), ("county", "42_000_000")):
        text = text.replace(f"amount = {full}", f"amount = {SHARES[source] * places}")
    return make_programme(session, text=text)


def recommended(session: Session, stores: Stores, programme: Published, applicants: int) -> list[int]:
    reviewer = actor(make_official(session, Role.REVIEWER))
    cases = [apply(session, stores, programme) for _ in range(applicants)]
    for case in cases:
        recommend(session, case.application, reviewer)
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
