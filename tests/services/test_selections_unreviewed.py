"""Nobody loses a place in a selection because their case is being looked at again while it is ranked or confirmed."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from portal.domain.applications import Recommendation, SupplementRequest
from portal.domain.errors import Incomplete
from portal.domain.rankings import Outcome
from portal.models.selections import Candidate
from portal.services import decisions, reviews, supplements
from portal.storage.objects import Stores
from tests.choosing import panel
from tests.factories import AT, actor


def test_nobody_is_ranked_or_left_out_while_a_candidate_is_not_reviewed_again(session: Session, stores: Stores) -> None:
    desk = panel(session, stores)
    by, asks = actor(desk.secretary), SupplementRequest("통장 사본이 흐립니다.", 10)
    asked, other = desk.candidates(2)
    selection = desk.fix()
    for case in (asked, other):
        desk.score(selection, case, (50, 40), (50, 40))
    reviews.request_supplement(session, stores, asked.id, asks, by=by, at=AT)
    with pytest.raises(Incomplete, match="not_all_reviewed"):
        desk.ranked(selection)
    supplements.answer(session, asked.id, "다시 찍어 올렸습니다.", by=actor(asked.owner), at=AT)
    desk.ranked(selection)
    reject = Recommendation("reject", "지원 제외 업종에 해당합니다.")
    reviews.recommend(session, asked.id, reject, by=by, at=AT)
    with pytest.raises(Incomplete, match="not_all_reviewed"):
        desk.confirm(selection)
    decisions.send_back(session, asked.id, reasons="업종을 다시 봐 주세요.", by=actor(desk.chair), at=AT)
    desk.confirm(selection)
    found = [session.get_one(Candidate, case.id) for case in (asked, other)]
    assert [(each.rank, each.outcome) for each in found] == [(1, Outcome.SELECTED), (2, Outcome.SELECTED)]
