"""The officials' desk on its pages: choosing, previewing, confirming, who may, and in how many statements."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.bulk import BulkAction
from portal.models.accounts import User
from portal.models.assignments import Assignment
from portal.models.tags import Tag
from portal.services import reviews
from portal.storage.objects import Stores
from tests.cases import apply
from tests.clients import PortalClient
from tests.distributed import ITEMS, Team, open_team
from tests.factories import AT, actor, make_official
from tests.pages import text_of
from tests.working import do_all

ClientOf = Callable[[User], PortalClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
QUEUE, NEW = "/office/applications", "/office/bulk/new"


@pytest.fixture
def team(session: Session, stores: Stores) -> Team:
    return open_team(session, stores)


def address(team: Team, action: str, *ids: int) -> str:
    return f"{NEW}?action={action}&scope=chosen" + "".join(f"&case={number}" for number in ids or team.ids)


def test_all_that_match_are_spread_previewed_confirmed_and_done_once(
    app: Flask, team: Team, session: Session, client_of: ClientOf
) -> None:
    chief = client_of(team.chief)
    page = chief.get(f"{NEW}?action=assign&scope=all&view=undecided&officer=none").text
    assert "고른 사건 3건" in page
    chosen = {"officers": [str(officer.id) for officer in team.officers]}
    preview = chief.submit(f"{NEW}?action=assign&scope=all&view=undecided&officer=none", chosen).location
    page = text_of(chief.get(preview).text)
    for said in ("담당1 2", "담당2 1", "1,500,000원", "3건 처리하기"):
        assert said in page, said
    assert session.scalar(select(func.count(Assignment.id))) == 0
    assert chief.submit(f"{preview}/confirmation").location == preview
    assert "차례 기다림" in chief.get(preview).text
    assert chief.get(f"{preview}/progress").headers.get("HX-Refresh") is None
    do_all(app)
    assert chief.get(f"{preview}/progress").headers.get("HX-Refresh") == "true"
    assert "처리 끝남" in chief.get(preview).text
    assert chief.submit(f"{preview}/confirmation").location == preview
    assert "두 번 처리하지 않았습니다" in chief.get(preview).text
    session.expire_all()
    assert session.scalar(select(func.count(Assignment.id))) == 3
    officer = client_of(team.officers[0])
    assert "새 사건을 여러 건 맡았습니다" in officer.get("/inbox").text
    assert officer.get(f"{QUEUE}?view=mine").text.count('scope="row"') == 2


def test_each_case_says_why_it_cannot_be_done_and_nothing_is_lost_of_what_was_typed(
    team: Team, session: Session, client_of: ClientOf
) -> None:
    reviewer = team.officers[0]
    reviews.take_up(session, team.ids[0], by=actor(reviewer), at=AT)
    desk = client_of(reviewer)
    short = desk.submit(address(team, "request_supplement"), {"items": "통장", "days": "7"})
    assert (short.status_code, "통장" in short.text) == (422, True)
    preview = desk.submit(address(team, "request_supplement"), {"items": ITEMS, "days": "7"}).location
    page = text_of(desk.get(preview).text)
    assert page.count("지금 상태에서는 할 수 없습니다") == 2
    assert "1건 처리하기" in page
    assert "처리하기" not in client_of(team.officers[1]).get(preview).text  # another's preview


def test_a_list_without_a_case_leads_nowhere(team: Team, client_of: ClientOf) -> None:
    desk = client_of(team.chief)
    assert "고른 사건이 없습니다" in desk.get(f"{NEW}?action=assign&scope=chosen").text
    assert desk.submit(f"{NEW}?action=assign&scope=chosen", {"officers": "1"}).status_code == 422
    assert "고른 사건 2건" in desk.get(address(team, "assign", *team.ids[:2], 987_654)).text


def test_who_may_not_assign_one_case_may_not_assign_many(team: Team, session: Session, client_of: ClientOf) -> None:
    reviewer, auditor = client_of(team.officers[0]), client_of(make_official(session, Role.AUDITOR))
    assert reviewer.get(address(team, "assign")).status_code == 403
    assert reviewer.submit(address(team, "assign"), {"officers": str(team.officers[0].id)}).status_code == 403
    assert auditor.get(address(team, "tag")).status_code == 403
    run = team.assign()
    assert auditor.get(f"/office/bulk/{run.id}").status_code == 200  # she looks at what was done
    assert auditor.submit(f"/office/bulk/{run.id}/confirmation").status_code == 403
    assert reviewer.submit(f"/office/bulk/{run.id}/confirmation").status_code == 404
    manager = client_of(make_official(session, Role.MANAGER))
    page = manager.get(f"/office/bulk/{run.id}").text
    assert team.cases[0].application.merchant.trade_name not in page  # distributing is not reading
    assert str(team.cases[0].application.receipt_number) in page


def test_one_case_is_assigned_and_tagged_on_a_page_of_its_own(
    team: Team, session: Session, client_of: ClientOf
) -> None:
    chief, first, second = client_of(team.chief), *team.officers
    url = f"{QUEUE}/{team.ids[0]}/officer"
    assert chief.submit(f"{url}/assignment", {"officer": str(first.id)}).location.endswith("/officer")
    refused = chief.submit(f"{url}/assignment", {"officer": str(second.id)})
    assert (refused.status_code, "바꾸는 까닭을" in refused.text) == (422, True)
    why = {"officer": str(second.id), "reason": "육아휴직에 들어갑니다."}
    assert chief.submit(f"{url}/assignment", why).status_code == 302
    assert "육아휴직에 들어갑니다." in chief.get(url).text
    assert chief.submit("/office/tags/new", {"name": "현장 확인", "colour": "red"}).status_code == 302
    again = chief.submit("/office/tags/new", {"name": "현장 확인", "colour": "blue"})
    assert (again.status_code, "이미 있습니다" in again.text) == (409, True)
    tag = session.scalar(select(func.max(Tag.id)))
    assert client_of(second).submit(f"{QUEUE}/{team.ids[0]}/tags", {"tag": str(tag)}).status_code == 302
    for page in (QUEUE, f"{QUEUE}/{team.ids[0]}", f"{QUEUE}?tag={tag}", "/office/tags"):
        assert 'class="ie-mark is-red">현장 확인' in chief.get(page).text, page
    assert chief.submit(f"{QUEUE}/{team.ids[0]}/tags/{tag}/removal").status_code == 302
    assert chief.submit(f"/office/tags/{tag}", {"name": "급함", "colour": "grey"}).status_code == 302
    assert chief.submit(f"/office/tags/{tag}/retirement").status_code == 302
    assert "급함" not in chief.get("/office/tags").text


def test_the_list_is_narrowed_by_officer_and_its_filter_is_carried_to_the_bulk_page(
    team: Team, client_of: ClientOf
) -> None:
    team.carry_out(team.assign(team.officers[0], ids=team.ids[:1]))
    desk = client_of(team.chief)
    rows = [desk.get(f"{QUEUE}?officer={who}").text.count('scope="row"') for who in (team.officers[0].id, "none", "x")]
    assert rows == [1, 2, 3]
    assert 'name="officer" value="none"' in desk.get(f"{QUEUE}?officer=none").text
    assert desk.get(f"{QUEUE}?officer=99999999999999999999&tag=99999999999999999999").status_code == 200


def test_pages_of_the_desk_take_as_many_statements_for_many_cases_as_for_few(
    team: Team, session: Session, stores: Stores, client_of: ClientOf, statement_counter: Counter
) -> None:
    tag = team.tag()
    chief = client_of(team.chief)
    pages = ["/office/workload", f"{NEW}?action=assign&scope=all", QUEUE, "/office/bulk"]
    counts: dict[str, list[int]] = {page: [] for page in pages}
    for more in (0, 12):
        team.cases.extend(apply(session, stores, team.programme) for _ in range(more))
        team.carry_out(team.prepare(BulkAction.TAG, tag_id=tag.id) if more else team.assign())
        for page, seen in counts.items():
            with statement_counter() as statements:
                assert chief.get(page).status_code == 200
            seen.append(len(statements))
    assert all(few == many for few, many in counts.values()), counts


def test_an_auditor_sees_the_workload_and_every_run(team: Team, session: Session, client_of: ClientOf) -> None:
    run = team.assign()
    auditor = client_of(make_official(session, Role.AUDITOR))
    assert "담당자 없음" in auditor.get("/office/workload").text
    assert f"/office/bulk/{run.id}" in auditor.get("/office/bulk").text
    assert client_of(team.cases[0].owner).get("/office/workload").status_code == 403
