"""A lottery: announced before its value is known, drawn once by another, and repeated here by other code."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, InvalidTransition, NotPermitted
from portal.domain.lotteries import AnnounceDraw
from portal.domain.rankings import Outcome
from portal.models.selections import Selection
from portal.queries import reservation_invariants as invariants
from portal.services import applications, lotteries, selections
from portal.storage.objects import Stores
from tests import standing_in
from tests.choosing import LATER, LOTTERY, SCORED, VALUE, Panel, panel
from tests.factories import AT, actor, make_merchant_user, make_official
from tests.first_come import standing


@pytest.fixture
def desk(session: Session, stores: Stores) -> Panel:
    return panel(session, stores, LOTTERY)


def announced(desk: Panel, count: int = 4) -> Selection:
    desk.candidates(count)
    return desk.announced(desk.fix())


def again(selection: Selection) -> list[str]:
    """The order as anybody computes it from what is published."""
    numbers = sorted(each.application.receipt_number or "" for each in selection.candidates)
    fixed = hashlib.sha256(("\n".join(numbers) + "\n").encode()).hexdigest()
    assert fixed == selection.list_sha256
    seed, value = selection.seed or "", selection.public_value or ""
    assert hashlib.sha256((seed + "\n" + fixed + "\n").encode()).hexdigest() == selection.commitment
    key = hmac.new(bytes.fromhex(seed), (fixed + "\n" + value + "\n").encode(), hashlib.sha256).digest()
    return sorted(numbers, key=lambda number: hmac.new(key, number.encode(), hashlib.sha256).digest())


def test_the_draw_is_what_anybody_computes_from_the_published_list(desk: Panel) -> None:
    selection = announced(desk)
    assert selection.seed is None
    assert selection.sealed
    drawn = desk.drawn(selection, " 3, 14,27,30,41,45 ")
    assert (drawn.public_value, drawn.sealed) == (VALUE, None)
    placed = sorted(drawn.candidates, key=lambda each: each.rank or 0)
    assert [each.application.receipt_number for each in placed] == again(drawn)
    assert [each.rank for each in placed] == [1, 2, 3, 4]


def test_the_first_drawn_are_chosen_the_next_stands_in_reserve_and_moves_up(desk: Panel, session: Session) -> None:
    drawn = desk.drawn(announced(desk))
    desk.confirm(drawn)
    placed = sorted(drawn.candidates, key=lambda each: each.rank or 0)
    wanted = [Outcome.SELECTED, Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED]
    assert [each.outcome for each in placed] == wanted
    first, reserve = placed[0].application, placed[2].application
    assert standing(session, first.id, reserve.id) == [("reserved", 500_000), ("waiting", 0)]
    owner = session.get_one(type(desk.first), first.merchant.owner_id)
    applications.withdraw(session, first.id, by=actor(owner), at=LATER)
    assert standing(session, reserve.id) == [("reserved", 500_000)]
    assert list(invariants.waiting_list_in_order(session)) == []


def test_a_lottery_is_drawn_once_and_confirmed_or_not_never_again(desk: Panel) -> None:
    selection = desk.drawn(announced(desk))
    before = [(each.application_id, each.rank) for each in selection.candidates]
    with pytest.raises(AlreadyDone) as refused:
        desk.drawn(selection, "1,2,3,4,5,6")
    assert [problem.code for problem in refused.value.problems] == ["lottery_drawn"]
    with pytest.raises(InvalidTransition):
        desk.announced(selection)
    with pytest.raises(InvalidTransition):
        selections.send_back(desk.session, selection.id, "다시 추첨", by=actor(desk.chair), at=LATER)
    desk.confirm(selection)
    with pytest.raises(AlreadyDone):
        desk.drawn(selection)
    assert [(each.application_id, each.rank) for each in selection.candidates] == before


def test_nothing_is_drawn_before_it_is_announced_before_its_day_or_without_a_value(desk: Panel) -> None:
    desk.candidates(2)
    selection = desk.fix()
    with pytest.raises(InvalidTransition):
        desk.drawn(selection)
    desk.announced(selection)
    early = LATER - timedelta(days=1)
    with pytest.raises(Incomplete) as soon:
        lotteries.hold(desk.session, selection.id, VALUE, by=actor(desk.chair), at=early)
    with pytest.raises(Incomplete) as empty:
        desk.drawn(selection, " ")
    assert [each.value.problems[0].code for each in (soon, empty)] == ["draw_too_early", "required"]
    with pytest.raises(NotPermitted):
        lotteries.hold(desk.session, selection.id, VALUE, by=actor(desk.secretary), at=LATER)


def test_the_announced_day_lies_ahead(desk: Panel) -> None:
    desk.candidates(1)
    selection = desk.fix()
    command = AnnounceDraw("2026. 6. 13. 로또 6/45 당첨번호", AT.date())
    with pytest.raises(Incomplete):
        lotteries.announce(desk.session, selection.id, command, by=actor(desk.secretary), at=AT)


def test_a_list_that_was_changed_is_not_drawn(desk: Panel) -> None:
    selection = announced(desk, 2)
    selection.candidates[0].application.receipt_number = "GR-20260615-ZZZZ"
    desk.session.flush()
    with pytest.raises(Conflict):
        desk.drawn(selection)


def test_a_lottery_is_not_scored_and_a_scored_programme_not_drawn(session: Session, stores: Stores) -> None:
    lots, marks = panel(session, stores, LOTTERY, code="lots"), panel(session, stores, SCORED, code="marks")
    (case,) = lots.candidates(1)
    marks.candidates(1)
    drawing, scoring = lots.fix(), marks.fix()
    with pytest.raises(InvalidTransition):
        lots.give(drawing, case, lots.first, 50, 30)
    with pytest.raises(InvalidTransition):
        lots.ranked(drawing)
    with pytest.raises(InvalidTransition):
        marks.announced(scoring)


def test_nobody_draws_for_a_business_that_they_may_act_for(desk: Panel, session: Session, stores: Stores) -> None:
    (case,) = desk.candidates(1)
    selection = desk.announced(desk.fix())
    agent = make_merchant_user(session, name="세무사")
    standing_in.give(session, stores, case.application.merchant, case.owner, agent)
    official = make_official(session, Role.APPROVER, person=agent.person)
    with pytest.raises(NotPermitted) as refused:
        lotteries.hold(session, selection.id, VALUE, by=actor(official), at=LATER)
    assert [problem.code for problem in refused.value.problems] == ["stands_in"]
    desk.drawn(selection)
