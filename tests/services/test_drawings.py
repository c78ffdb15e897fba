"""A month is drawn up in the background: written once, and never older claims over newer ones."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import Conflict, Incomplete, NotPermitted
from portal.models.claims import Claim
from portal.models.drawings import Drawing
from portal.services import claims, drawings, month_assessments
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.drawn_up import draw_up
from tests.factories import AT, actor, make_official
from tests.settled import Office, line


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    made = Office(session, stores, lines)
    made.shop("S1")
    made.deliver([line("S1", f"2026-05-{day:02d} 12:00") for day in range(1, 4)], "2026-05")
    return made


def ask(office: Office, period: str = "2026-05") -> drawings.Asked:
    return drawings.ask(office.session, office.lines, office.code, period, by=actor(office.reviewer), at=AT)


def test_a_draw_up_is_computed_apart_and_written_in_the_last_act(office: Office) -> None:
    session, asked = office.session, ask(office)
    write = drawings.compute(lambda: nullcontext(session), office.stores, office.lines, asked.id, at=AT)
    assert session.scalar(select(func.count(Claim.id))) == 0
    write(session, AT)
    drawing = session.get_one(Drawing, asked.id)
    assert drawing.outcome is not None
    assert (drawing.outcome["drawn_up"], session.scalars(select(Claim.payable)).all()) == (1, [4_500])


def test_what_was_assessed_before_another_draw_up_is_not_written(office: Office) -> None:
    by = actor(office.reviewer)
    early = month_assessments.assess(office.session, office.stores, office.lines, office.code, "2026-05", by=by, at=AT)
    office.deliver([line("S1", "2026-05-20 12:00")], "2026-05")
    draw_up(office, "2026-05")
    with pytest.raises(Conflict) as refused:
        claims.write(office.session, early, by=by, at=AT)
    assert [problem.code for problem in refused.value.problems] == ["drawn_up_meanwhile"]
    assert office.session.scalars(select(Claim.payable)).all() == [6_000]


def test_another_month_drawn_up_meanwhile_is_no_obstacle(office: Office) -> None:
    by = actor(office.reviewer)
    office.deliver([line("S1", "2026-06-20 12:00")], "2026-06")
    may = month_assessments.assess(office.session, office.stores, office.lines, office.code, "2026-05", by=by, at=AT)
    draw_up(office, "2026-06")
    assert claims.write(office.session, may, by=by, at=AT).drawn_up == 1


def test_who_may_not_draw_up_and_what_is_no_month_is_said_at_once(office: Office, session: Session) -> None:
    with pytest.raises(Incomplete):
        ask(office, "2026-13")
    with pytest.raises(NotPermitted):
        drawings.ask(
            session, office.lines, office.code, "2026-05", by=actor(make_official(session, Role.AUDITOR)), at=AT
        )


def test_a_draw_up_that_waits_is_not_asked_for_twice(office: Office) -> None:
    assert ask(office).id == ask(office).id
    assert ask(office, "2026-04").id != ask(office).id
