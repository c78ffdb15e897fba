"""A random life of a waiting list against a model in a few lines: who has how much is the same after every step."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.ledger import PostingKind
from portal.models.ledger import BudgetLine
from portal.queries import reservation_invariants as invariants
from portal.services import applications, decisions, ledger, reservations
from portal.storage.objects import Stores
from tests.cases import Applied, apply, recommend
from tests.factories import AT, actor, make_official
from tests.first_come import GRANT, SHARES, programme, standing, used

STEPS = 16
UNIT = 20  # of these every source's share is whole


@dataclass(slots=True)
class Entry:
    case: Applied
    amount: int
    reserved: int = 0
    open: bool = True


@dataclass(slots=True)
class Model:
    """First come, first served, over one sum of money."""

    won: int
    partial: bool
    entries: list[Entry] = field(default_factory=list)

    def fill(self) -> None:
        for entry in (each for each in self.entries if each.open):
            left = self.won - sum(each.reserved for each in self.entries)
            missing = entry.amount - entry.reserved
            entry.reserved += missing if missing <= left else left if self.partial else 0
            if entry.reserved < entry.amount:
                return


@pytest.mark.parametrize(("seed", "last_place"), [(1, "none"), (2, "partial")])
def test_every_step_leaves_the_line_as_the_model_has_it(
    session: Session, stores: Stores, seed: int, last_place: str
) -> None:
    random = Random(seed)
    call = programme(session, won=GRANT * 2, last_place=last_place)
    reviewer, approver = (actor(make_official(session, role)) for role in (Role.REVIEWER, Role.APPROVER))
    lines = session.scalars(select(BudgetLine).where(BudgetLine.programme_id == call.programme.id)).all()
    model = Model(GRANT * 2, last_place == "partial")
    for step in range(STEPS):
        living = [each for each in model.entries if each.open]
        act = random.choice(["apply", "apply", "withdraw", "reject", "approve", "more"]) if living else "apply"
        chosen = random.choice(living) if living else None
        if act == "apply":
            amount = random.randrange(UNIT, GRANT + UNIT, UNIT)
            model.entries.append(Entry(apply(session, stores, call, requested=amount), amount))
        elif act == "withdraw" and chosen:
            applications.withdraw(session, chosen.case.id, by=actor(chosen.case.owner), at=AT)
            chosen.reserved, chosen.open = 0, False
        elif act == "reject" and chosen:
            recommend(session, chosen.case.application, reviewer, outcome="reject")
            decisions.reject(session, stores, chosen.case.id, reasons="요건에 맞지 않습니다.", by=approver, at=AT)
            chosen.reserved, chosen.open = 0, False
        elif act == "approve" and chosen and chosen.reserved:
            lower = random.randrange(UNIT, chosen.amount + UNIT, UNIT)
            chosen.case.application.requested_amount = lower
            recommend(session, chosen.case.application, reviewer)
            decisions.approve(session, stores, chosen.case.id, by=approver, at=AT)
            chosen.reserved, chosen.open = min(lower, chosen.reserved), False
        elif act == "more":
            won = random.randrange(UNIT, GRANT, UNIT)
            more = {line.id: won * SHARES[line.source] // GRANT for line in lines}
            ledger.post(session, PostingKind.APPROPRIATE, more, source_key=f"more:{step}", by=approver, at=AT)
            reservations.fill(session, call.programme.id, by=approver, at=AT)
            model.won += won
        model.fill()
        found = [won for _, won in standing(session, *(each.case.id for each in model.entries))]
        assert found == [each.reserved for each in model.entries], (seed, step, act)
        assert used(session, call.programme.id) == sum(each.reserved for each in model.entries)
        for invariant in (invariants.reservations_kept, invariants.waiting_list_in_order):
            assert list(invariant(session)) == [], (seed, step, act)
