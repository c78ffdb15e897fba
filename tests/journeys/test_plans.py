"""A plan is reported on by one manager, confirmed by another, read by a policymaker, and by anybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal import data
from portal.domain.actors import Role
from portal.services import plans
from portal.storage.objects import stores_under
from tests import planned
from tests.factories import AT, actor, make_official, make_organisation
from tests.journeys.conftest import Server
from tests.journeys.looking import look
from tests.journeys.menu import follow
from tests.journeys.test_official_decides import sign_in

pytestmark = pytest.mark.browser
BUSAN = data.FOLDER / "plans" / "busan-2020-contactless.toml"


def prepare(server: Server) -> None:
    with server.session() as session:
        busan = make_organisation(session, "busan", name="부산광역시(데모)", region_code="26000")
        people = [(Role.MANAGER, "first"), (Role.MANAGER, "second"), (Role.POLICYMAKER, "policy")]
        first, second, _policy = (
            make_official(session, role, organisation=busan, name=f"부산 {login}", login=f"{login}@example.kr")
            for role, login in people
        )
        loaded = plans.load(session, BUSAN.read_text(encoding="utf-8"), by=actor(first), at=AT)
        plans.confirm(session, loaded.version.id, by=actor(second), at=AT)
        planned.in_every_stage(session, stores_under(server.settings.store))


def test_from_the_report_to_the_public_page(
    server: Server, new_page: Callable[..., Page], axe: Callable[[Page], None], tmp_path: Path
) -> None:
    prepare(server)
    first, second, policy, anybody = (new_page() for _ in range(4))
    sign_in(first, "first@example.kr")
    follow(first, "계획과 실적")
    look(first, "plans", axe)
    first.get_by_role("link", name="부산광역시 비대면 경제 육성계획").click()
    expect(first.get_by_text("522,400,000,000원").first).to_be_visible()
    look(first, "plan", axe)
    first.get_by_role("link", name="전통시장·골목상권의 온라인 판로").click()
    look(first, "plan-task", axe)
    first.get_by_role("link", name="전통시장 청년 IT 매니저 배치").click()
    look(first, "plan-project", axe)

    # a slip first, then as it should be
    first.get_by_role("link", name="실적 적기").click()
    look(first, "plan-report-new", axe)
    first.get_by_label("연도").select_option("2021")
    first.get_by_role("button", name="확인 요청").click()
    expect(first.get_by_role("alert")).to_be_visible()
    first.get_by_label("기준일").fill("2021-12-31")
    first.get_by_label("집행액 · 시비").fill("1,700,000,000")
    first.get_by_label("전자상거래에 들어온 업체 (곳)").fill("150")
    first.get_by_label("근거 문서 필수").fill("혁신경제과-77 (2022. 1. 14.)")
    paper = tmp_path / "실적.pdf"
    paper.write_bytes(b"%PDF-1.4\n%%EOF\n")
    first.get_by_label("근거 문서 파일(선택)").set_input_files(paper)
    first.get_by_role("button", name="확인 요청").click()
    expect(first.get_by_text("다른 사업 담당이 확인하면 실적에 들어갑니다.")).to_be_visible()
    look(first, "plan-report-waits", axe)

    # the other manager is told of it and confirms
    sign_in(second, "second@example.kr")
    second.goto("/inbox")
    second.get_by_role("link", name="확인을 기다리는 계획 실적이 있습니다").click()
    look(second, "plan-report", axe)
    second.get_by_role("button", name="확인", exact=True).click()
    expect(second.get_by_text("확인했습니다. 이제 실적에 들어갑니다.")).to_be_visible()

    # the policymaker sees it on every level, and takes it away
    sign_in(policy, "policy@example.kr")
    policy.goto("/policy/plans/busan-2020-contactless")
    field = policy.get_by_role("row", name="O2O 기반 비대면 비즈니스 전환 유도")
    expect(field).to_contain_text("1,700,000,000")
    policy.get_by_label("보기").select_option("project")
    policy.get_by_label("연도").select_option("2021")
    policy.get_by_role("button", name="조회").click()
    expect(policy.locator("tbody .ie-plan-node.is-project")).to_have_count(82)
    look(policy, "plan-year", axe)
    with policy.expect_download() as book:
        policy.get_by_role("link", name="엑셀(XLSX)").click()
    assert Path(book.value.path()).read_bytes().startswith(b"PK")

    # and anybody, but for who reported it
    anybody.goto("/")
    anybody.get_by_role("link", name="육성계획의 예산과 실적 보기").click()
    anybody.get_by_role("link", name="부산광역시 비대면 경제 육성계획").click()
    look(anybody, "plan-public", axe)
    anybody.goto("/plans/busan-2020-contactless/youth-it")
    expect(anybody.get_by_text("1,700,000,000").first).to_be_visible()
    expect(anybody.get_by_text("부산 first")).to_have_count(0)
    look(anybody, "plan-public-project", axe)
