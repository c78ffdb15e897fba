"""Whoever an objection put back before a programme has chosen is a candidate like the others, and has no money yet."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import Recommendation
from portal.domain.objections import Outcome as Grant
from portal.queries import reservation_invariants as invariants
from portal.services import decisions, reviews
from portal.storage.objects import Stores
from tests.choosing import panel
from tests.factories import AT, actor, make_official
from tests.first_come import standing
from tests.objecting import open_chamber

KEPT = ("reserved", 500_000)


def test_whoever_an_objection_put_back_before_the_choice_keeps_no_money_and_is_a_candidate(
    session: Session, stores: Stores
) -> None:
    desk = panel(session, stores)
    chamber = open_chamber(session, stores, desk.programme)
    (case,) = desk.candidates(1)
    ticked = Recommendation("reject", "지원 제외 업종에 해당합니다.")
    reviews.recommend(session, case.id, ticked, by=actor(desk.secretary), at=AT)
    decisions.reject(session, stores, case.id, reasons=ticked.reasons, by=actor(chamber.approver), at=AT)
    chamber.answered(chamber.file(case), Grant.GRANT)
    assert standing(session, case.id) == [("waiting", 0)]
    assert list(invariants.waiting_list_in_order(session)) == []
    reviews.take_up(session, case.id, by=actor(desk.first), at=AT)
    (other,) = desk.candidates(1)
    selection = desk.fix()
    third = make_official(session, Role.REVIEWER, name="평가다")
    for user in (desk.second, third):
        desk.give(selection, case, user, 50, 30)
        desk.give(selection, other, user, 30, 20)
    desk.confirm(desk.ranked(selection))
    assert standing(session, case.id) == [KEPT]
