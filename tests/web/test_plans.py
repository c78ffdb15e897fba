"""Plans are read by policymakers, reported on and confirmed by managers, and open to all where the plan says so."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Role
from portal.models.accounts import User
from portal.services import plans
from portal.storage.objects import Stores
from tests import pages
from tests.clients import PortalClient
from tests.factories import AT, make_merchant_user, make_official, make_organisation, make_programme
from tests.planned import CODE, MALL, TEXT, Desk, open_desk

ClientOf = Callable[[User], PortalClient]
PLAN = f"/policy/plans/{CODE}"
MALL_PAGE = f"{PLAN}/nodes/mall"
TYPED = {"year": "2025", "as_of": "2025-12-31", "spent_national": "90", "reached_rate": "0", "document": "경제-101"}
MOST_STATEMENTS = 16


@pytest.fixture
def desk(session: Session, stores: Stores) -> Desk:
    return open_desk(session, stores)


def test_the_tree_says_budget_spending_target_and_actual_on_every_level(desk: Desk, client_of: ClientOf) -> None:
    desk.confirmed()
    client = client_of(make_official(desk.session, Role.POLICYMAKER))
    assert PLAN in client.get("/policy/plans").text
    page = client.get(f"{PLAN}?depth=project")
    said = pages.text_of(page.text)
    assert page.status_code == 200
    figures = "공공 온라인몰 예시 300 140 46.7% 10 5 50.0% 1/1"
    for part in ("1,000원", "전환 분야", "시장 과제 예시", "배달 지원 연결된 사업", figures):
        assert part in said
    assert "공공 온라인몰" not in pages.text_of(client.get(PLAN).text)  # tasks first; sub-projects behind them
    one_year = pages.text_of(client.get(f"{PLAN}?depth=project&year=2025&indicator=rate").text)
    assert "공공 온라인몰 예시 151 140 92.7% 0 0 –" in one_year
    assert client.get(f"{PLAN}?depth=x&year=1&indicator=y").status_code == 200


def test_the_page_of_a_linked_sub_project_says_where_its_figures_come_from(desk: Desk, client_of: ClientOf) -> None:
    client = client_of(desk.managers[0])
    assert "아직 게시되지 않았습니다" in client.get(f"{PLAN}/nodes/linked").text
    make_programme(desk.session)
    page = client.get(f"{PLAN}/nodes/linked").text
    assert "장부에서" in page
    assert "실적 적기" not in page


def test_one_manager_reports_and_another_confirms(desk: Desk, client_of: ClientOf) -> None:
    first, second = map(client_of, desk.managers)
    assert "실적 적기" in first.get(MALL_PAGE).text
    paper = (io.BytesIO(b"%PDF-1.4\n%%EOF"), "실적.pdf")
    given = first.submit(f"{MALL_PAGE}/report", {**TYPED, "file": paper}, content_type="multipart/form-data")
    assert given.status_code == 302, pages.problems(given)
    report = given.location
    assert first.submit(f"{report}/confirmation").status_code == 403
    assert "다른 사업 담당이 확인합니다" in first.get(report).text
    assert report in second.get(PLAN).text
    assert second.get(f"{report}/document").data.startswith(b"%PDF")
    assert second.submit(f"{report}/refusal", {"note": ""}).status_code == 422
    assert second.submit(f"{report}/confirmation").status_code == 302
    assert "2025 국비 100 100 0 90 90.0%" in pages.text_of(second.get(MALL_PAGE).text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"spent_national": "", "reached_rate": ""}, "집행액이나 실적을 하나 이상 적어 주세요."),
        ({"spent_national": "구십"}, "집행액 · 국비: 금액은 숫자로 입력해 주세요."),
        ({"document": ""}, "근거 문서:"),
        ({"as_of": "2026-12-31"}, "기준일: 오늘보다 뒤의 날짜는 입력할 수 없습니다."),
        ({"as_of": "2024-12-31"}, "기준일: 기준일은 2025년이거나 그 뒤여야 합니다."),
        ({"year": "2030"}, "연도:"),
    ],
)
def test_a_slip_is_told_and_what_was_typed_stays(
    desk: Desk, client_of: ClientOf, typed: dict[str, str], said: str
) -> None:
    answer = client_of(desk.managers[0]).submit(f"{MALL_PAGE}/report", {**TYPED, **typed})
    assert answer.status_code == 422
    assert any(line.startswith(said) for line in pages.problems(answer)), pages.problems(answer)
    assert "경제-101" in answer.text or not typed.get("document", "x")


def test_a_refused_report_says_why(desk: Desk, client_of: ClientOf) -> None:
    made = desk.report()
    client = client_of(desk.managers[1])
    client.submit(f"/policy/plan-reports/{made.id}/refusal", {"note": "문서의 금액과 다릅니다."})
    page = client_of(desk.managers[0]).get(f"/policy/plan-reports/{made.id}").text
    assert "문서의 금액과 다릅니다." in page
    assert "확인하지 않음" in page


def test_readers_neither_report_nor_confirm(desk: Desk, client_of: ClientOf) -> None:
    made = desk.report()
    for role in (Role.POLICYMAKER, Role.AUDITOR, Role.APPROVER):
        client = client_of(make_official(desk.session, role))
        assert "실적 적기" not in client.get(MALL_PAGE).text
        assert client.get(f"/policy/plan-reports/{made.id}").status_code == 200
        assert client.submit(f"{MALL_PAGE}/report", TYPED).status_code == 403
        for step in ("confirmation", "refusal"):
            assert client.submit(f"/policy/plan-reports/{made.id}/{step}").status_code == 403


def test_others_do_not_see_what_is_internal(desk: Desk, client_of: ClientOf, client: PortalClient) -> None:
    made = desk.report()
    internal = [PLAN, MALL_PAGE, f"{PLAN}/files/csv", f"/policy/plan-reports/{made.id}"]
    for user in (make_merchant_user(desk.session), make_official(desk.session, Role.PAYER)):
        other = client_of(user)
        assert {other.get(url).status_code for url in internal} == {403}
    assert {client.get(url).status_code for url in internal} == {302}
    elsewhere = make_organisation(desk.session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = client_of(make_official(desk.session, Role.MANAGER, organisation=elsewhere))
    assert {stranger.get(url).status_code for url in [*internal, f"{MALL_PAGE}/report"]} == {404}
    assert stranger.submit(f"/policy/plan-reports/{made.id}/confirmation").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        f"{PLAN}/nodes/none",
        f"{PLAN}/nodes/{CODE}",
        f"{PLAN}/nodes/market/report",
        f"{PLAN}/files/docx",
        "/policy/plans/none",
        "/plans/none",
        f"/plans/{CODE}/{CODE}",
    ],
)
def test_what_does_not_exist_is_not_found(desk: Desk, client_of: ClientOf, url: str) -> None:
    assert client_of(desk.managers[0]).get(url).status_code == 404


def test_what_is_open_to_all_names_nobody(desk: Desk, client: PortalClient) -> None:
    desk.confirmed()
    urls = ("/plans", f"/plans/{CODE}?depth=project", f"/plans/{CODE}/mall", f"/plans/{CODE}/market")
    for text in (client.get(url).text for url in urls):
        assert "작은 육성계획" in text
        assert not any(name in text for name in ("김보고", "이확인", "경제활력과-101"))
    desk.put_in_force(TEXT.replace("public = true", "public = false"))
    assert CODE not in client.get("/plans").text
    assert {client.get(f"/plans/{CODE}{rest}").status_code for rest in ("", "/mall")} == {404}


def test_the_page_takes_as_many_statements_for_a_plan_of_any_size(
    desk: Desk, client_of: ClientOf, statement_counter: Callable
) -> None:
    client, counts = client_of(desk.managers[0]), []
    busan = (data.FOLDER / "plans/busan-2020-contactless.toml").read_text(encoding="utf-8")
    large = busan.replace('"busan-2020-contactless"', f'"{CODE}"').replace('"busan"', '"gurye"')
    for text in (TEXT, large):
        desk.put_in_force(text)
        client.get(f"{PLAN}?depth=project")
        with statement_counter() as statements:
            assert client.get(f"{PLAN}?depth=project").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= MOST_STATEMENTS


def test_the_command_line_loads_a_plan_once_and_refuses_a_bad_one_whole(app: Flask, desk: Desk, tmp_path) -> None:
    runner, file, logins = app.test_cli_runner(), tmp_path / "plan.toml", [user.login for user in desk.managers]
    login = logins[0]
    desk.session.commit()
    for text, code, said in (
        (TEXT, 0, f"{CODE}: version 1 unchanged"),
        (TEXT.replace("작은", "고친"), 0, f"{CODE}: version 2 waits for another manager"),
        (TEXT.replace("budget = 1_000", "budget = 1"), 2, "plan.toml budget: plan_sum_differs (1,000 / 1)"),
        ("=", 2, "plan.toml: not_toml"),
    ):
        file.write_text(text, encoding="utf-8")
        done = runner.invoke(args=["plan", "load", str(file), "--by", login])
        assert (done.exit_code, said in done.output) == (code, True), done.output or done.exception
    assert runner.invoke(args=["plan", "load", str(file), "--by", "nobody"]).exit_code == 2
    for by, code, said in ((0, 2, "plan_version: confirm"), (1, 0, "version 2 in force"), (1, 2, "no version waits")):
        done = runner.invoke(args=["plan", "confirm", CODE, "--by", logins[by]])
        assert (done.exit_code, said in done.output) == (code, True), done.output or done.exception


def test_a_loaded_version_is_confirmed_on_its_page_by_another(desk: Desk, client_of: ClientOf) -> None:
    made = plans.load(desk.session, TEXT.replace("공공 온라인몰", "동네 온라인몰"), by=desk.by, at=AT).version
    first, second, page = (*map(client_of, desk.managers), f"/policy/plan-versions/{made.id}")
    assert page in second.get("/policy/plans").text
    assert "동네 온라인몰 이름" in pages.text_of(second.get(page).text)
    assert first.submit(f"{page}/confirmation").status_code == 403
    assert "다른 사업 담당이 확인해야" in first.get(page).text
    assert second.submit(f"{page}/refusal", {"note": ""}).status_code == 422
    assert second.submit(f"{page}/confirmation").status_code == 302
    assert "동네 온라인몰" in first.get(f"{PLAN}?depth=project").text


def test_a_report_of_the_linked_sub_project_cannot_be_forged(desk: Desk, client_of: ClientOf) -> None:
    client = client_of(desk.managers[0])
    typed = {**TYPED, "year": "2026", "as_of": "2026-06-01", "spent_county": "5", "reached_businesses": "9"}
    answer = client.submit(f"{PLAN}/nodes/linked/report", typed)
    assert answer.status_code == 422  # its form has no such boxes: nothing is reported
    assert desk.report(MALL).node == "mall"
