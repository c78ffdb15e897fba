"""Who reads score sheets and averages, and when: nobody who may still score, and nobody of a case of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import NotPermitted
from portal.domain.selections import GiveScores
from portal.models.accounts import User
from portal.queries import proposals as known
from portal.queries import selection_pages
from portal.queries.declarations import said
from portal.services import declarations, proposal_choice, score_sheets, selections
from portal.storage.objects import Stores
from tests.choosing import LATER, Panel, panel
from tests.factories import AT, actor, make_merchant_user, make_official
from tests.in_kind import CALL, Ministry, points

HIGH = ((50, 40), (50, 40))


@pytest.fixture
def desk(session: Session, stores: Stores) -> Panel:
    return panel(session, stores)


@pytest.fixture
def ministry(session: Session, stores: Stores) -> Ministry:
    return Ministry(session, stores)


def test_sheets_are_hidden_from_whoever_may_still_score_and_kept_for_chair_and_auditor(
    desk: Panel, session: Session
) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    desk.score(selection, case, *HIGH)
    desk.ranked(selection)
    third = make_official(session, Role.REVIEWER, name="평가다")
    auditor = make_official(session, Role.AUDITOR, name="감사")

    def read(*users: User) -> list[int]:
        pages = [selection_pages.page(session, desk.programme.programme.id, actor(each)) for each in users]
        assert all(row.open == bool(page.sheets) for page in pages for row in page.rows)
        return [len(page.sheets) for page in pages]

    assert read(desk.first, desk.chair, auditor, desk.secretary, third) == [2, 2, 2, 2, 0]
    selections.send_back(session, selection.id, "평가표가 하나 더 필요합니다.", by=actor(desk.chair), at=LATER)
    assert read(desk.first, desk.chair, auditor, third) == [2, 2, 2, 0]
    sheet = GiveScores({"plan": 20, "need": 20})
    chair_too = make_official(session, Role.REVIEWER, person=desk.chair.person, name="겸직", login="chair-too")
    for reader in (chair_too, desk.secretary):
        with pytest.raises(NotPermitted):
            score_sheets.give(session, selection.id, case.id, sheet, by=actor(reader), at=LATER)
    score_sheets.give(session, selection.id, case.id, sheet, by=actor(third), at=LATER + timedelta(days=1))
    assert read(desk.first, third) == [2, 2]  # the new sheet only once it is ranked again
    desk.ranked(selection)
    assert read(desk.first, third, auditor) == [3, 3, 3]


def test_a_word_for_a_whole_list_leaves_out_one_s_own_case(desk: Panel, session: Session) -> None:
    owner = make_merchant_user(session, name="겸업")
    both = actor(make_official(session, Role.REVIEWER, person=owner.person, name="겸업", declares=False))
    mine, other = desk.candidates(2, owners=[owner])
    desk.fix()
    assert declarations.declare_none(session, [mine.id, other.id], by=both, at=AT) == 1
    assert said(session, [mine.id, other.id], both.person_id) == {other.id: False}
    page = selection_pages.page(session, desk.programme.programme.id, both)
    assert (page.unsaid, [row.own for row in page.rows]) == (0, [True, False])


def test_averages_are_read_once_every_proposal_has_its_sheets_and_not_by_who_scores(ministry: Ministry) -> None:
    whole, half = ministry.scored("syrup", 50), ministry.submitted("one-delivery")
    first, second, chair = (actor(each) for each in (ministry.first, ministry.second, ministry.approver))

    def read(by: Actor) -> dict[int, float] | None:
        rows = [whole, half]
        sheets = known.sheets_of(ministry.session, [row.id for row in rows])
        return known.averages(rows, sheets, 2, by)

    assert read(chair) is None
    proposal_choice.score(ministry.session, half.id, points(10), by=first, at=CALL)
    assert [read(by) for by in (chair, first, second)] == [None, None, None]
    proposal_choice.score(ministry.session, half.id, points(10), by=actor(ministry.reviewer), at=CALL)
    assert read(second) is None  # one more sheet of theirs may come
    assert read(chair) == {whole.id: 85.0, half.id: 45.0}
