"""Choosing on the pages: from the candidates to the minutes, the draw for everybody, and what is refused to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.selections import SelectionStatus
from portal.models.accounts import User
from portal.models.selections import Selection
from portal.storage.objects import Stores
from tests.choosing import LOTTERY, OPINION, VALUE, Panel, panel
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.pages import problems, text_of

ClientOf = Callable[[User], PortalClient]
POINTS = r"(?<!\w)57(?!\w)"  # a receipt number may hold them too
SHEET = {"points-plan": "50", "points-need": "30", "comment": "계획이 분명합니다.", "confirmed": "y"}


@pytest.fixture
def desk(session: Session, stores: Stores) -> Panel:
    return panel(session, stores)


def address(desk: Panel) -> str:
    return f"/office/selections/{desk.programme.programme.id}"


def only(session: Session) -> Selection:
    session.expire_all()
    return session.scalars(select(Selection)).one()


def test_from_the_candidates_to_the_minutes(desk: Panel, session: Session, client_of: ClientOf) -> None:
    (case,) = desk.candidates(1)
    page, name = address(desk), case.application.merchant.trade_name
    secretary, chair = client_of(desk.secretary), client_of(desk.chair)
    assert f'href="{page}"' in secretary.get("/office/selections").text
    assert "후보가 될 신청(검토 중) 1건" in text_of(secretary.get(page).text)
    assert secretary.submit(f"{page}/candidates").location == page
    for user in (desk.first, desk.second):
        assessor = client_of(user)
        assert f"{page}/sheets/{case.id}" in assessor.get(page).text
        assert assessor.submit(f"{page}/sheets/{case.id}", SHEET).location == page
        assert "냈음" in assessor.get(page).text
    assert secretary.submit(f"{page}/ranking").location == page
    shown = chair.get(f"{page}/confirmation").text
    assert name in shown
    assert "80.00" in shown
    assert "선정" in shown
    done = {"opinion": OPINION, "confirmed": "y"}
    assert chair.submit(f"{page}/confirmation", done).location == page
    assert only(session).status is SelectionStatus.CONFIRMED
    paper = chair.get(f"{page}/minutes")
    assert paper.data.startswith(b"%PDF")
    owner = client_of(case.owner)
    assert "선정심의에서 선정되었습니다" in owner.get("/inbox").text


def test_what_is_wrong_with_a_sheet_is_said_at_its_box_and_what_was_typed_stays(
    desk: Panel, client_of: ClientOf
) -> None:
    (case,) = desk.candidates(1)
    desk.fix()
    assessor = client_of(desk.first)
    answer = assessor.submit(f"{address(desk)}/sheets/{case.id}", SHEET | {"points-plan": "61"})
    assert answer.status_code == 422
    assert any("0 ~ 60" in problem for problem in problems(answer))
    assert "계획이 분명합니다." in answer.text


def test_nobody_sees_another_s_points_before_the_ranking(desk: Panel, client_of: ClientOf) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    desk.give(selection, case, desk.first, 57, 33)
    second = client_of(desk.second)
    assert not re.search(POINTS, text_of(second.get(address(desk)).text))
    desk.give(selection, case, desk.second, 50, 30)
    desk.ranked(selection)
    assert re.search(POINTS, text_of(second.get(address(desk)).text))


def test_an_approver_cannot_score_and_a_reviewer_cannot_confirm(desk: Panel, client_of: ClientOf) -> None:
    (case,) = desk.candidates(1)
    selection = desk.fix()
    page = address(desk)
    assert client_of(desk.chair).get(f"{page}/sheets/{case.id}").status_code == 403
    desk.score(selection, case, (50, 30), (50, 30))
    desk.ranked(selection)
    assert client_of(desk.first).get(f"{page}/confirmation").status_code == 403


def test_a_draw_is_announced_to_all_drawn_once_and_its_list_is_what_its_hash_is_of(
    session: Session, stores: Stores, client_of: ClientOf, client: PortalClient, clock: Clock
) -> None:
    desk = panel(session, stores, LOTTERY)
    desk.candidates(3)
    selection, page, code = desk.fix(), address(desk), desk.programme.programme.code
    assert client.get(f"/programmes/{code}/draw").status_code == 404
    said = {"public_source": "2026. 6. 20. 로또 6/45 당첨번호", "draws_on": "2026-06-22"}
    assert client_of(desk.secretary).submit(f"{page}/announcement", said).location == page
    announced = client.get(f"/programmes/{code}/draw").text
    assert (only(session).commitment or "none") in announced
    assert "추첨할 때 공개" in announced
    assert f"/programmes/{code}/draw" in client.get(f"/programmes/{code}").text
    lines = client.get(f"/programmes/{code}/draw/list").text.splitlines()
    assert lines == sorted(each.application.receipt_number or "" for each in only(session).candidates)
    chair = client_of(desk.chair)
    early = chair.submit(f"{page}/draw", {"public_value": VALUE, "confirmed": "y"})
    assert early.status_code == 422
    clock.shift(timedelta(days=7))
    assert client_of(desk.chair).submit(f"{page}/draw", {"public_value": VALUE, "confirmed": "y"}).location == page
    again = client_of(desk.chair).submit(f"{page}/draw", {"public_value": "1,2", "confirmed": "y"})
    assert "이미 추첨했습니다" in again.text
    assert only(session).public_value == VALUE
    drawn = client.get(f"/programmes/{code}/draw").text
    assert (only(session).seed or "none") in drawn
    assert only(session).id == selection.id
