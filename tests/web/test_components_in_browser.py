"""The components as people meet them: on a wide and a narrow screen, by finger, by keyboard, without scripts."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from werkzeug.serving import make_server

from forms.file_fields import MEBIBYTE
from tests.browsers import PATIENCE
from tests.web.gallery import PAGES, make_gallery

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_gallery(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def width() -> int:
    return 360


@pytest.fixture
def complaints() -> list[str]:
    """What the browser objects to, policy violations first of all."""
    return []


@pytest.fixture
def page(browser: Browser, width: int, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="ko-KR")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    page: Page, address: str, path: str, complaints: list[str]
) -> None:
    page.goto(address + path, wait_until="networkidle")
    assert complaints == []
    found = Axe().run(page)
    complaints.clear()  # axe reads style sheets by putting them into the page, which the policy forbids
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_chart_is_drawn_within_the_content_policy(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    page.locator(".ie-chart-picture svg[role=img]").wait_for()
    assert page.locator(".ie-chart-picture svg path[aria-roledescription=bar]").count() == 3


SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, .krds-btn, .krds-input, select, nav a, summary, .ie-check, .ie-tool")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML.slice(0, 120))"""
SMALL_TEXT = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const one = walk.currentNode.parentElement;
    const hidden = !one.checkVisibility() || one.getBoundingClientRect().width <= 1 || one.closest("svg, .ie-steps ol");
    const small = parseFloat(getComputedStyle(one).fontSize) < 17;
    if (!hidden && small && walk.currentNode.data.trim()) found.push(one.outerHTML.slice(0, 90));
  }
  return found;
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_everything_to_press_is_large_enough_for_a_finger_and_to_read_for_tired_eyes(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/wrong", wait_until="networkidle")
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(SMALL_TEXT) == []


def test_a_mistake_takes_the_reader_to_the_summary_and_the_link_to_the_field(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/wrong")
    assert page.evaluate("document.activeElement.className") == "ie-error-summary"
    page.locator(".ie-error-summary a", has_text="매출액").click()
    assert page.evaluate("document.activeElement.id") == "sales"


def test_typing_saves_a_draft_and_says_when(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    with page.expect_request("**/draft") as sent:
        page.locator("#name").fill("구례식당 2호점")
    posted = sent.value.post_data or ""
    assert "_autosave=1" in posted
    assert "csrf_token=" in posted
    page.locator("[data-autosave-status]", has_text=re.compile(r"저장됨 \d\d:\d\d")).wait_for()


def test_what_was_typed_before_the_script_came_is_saved_too(page: Page, address: str) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/autosave.js*", hold)
    page.goto(f"{address}/gallery", wait_until="commit")
    page.locator("#name").fill("구례식당 2호점")
    while not held:
        page.wait_for_timeout(50)
    with page.expect_request("**/draft") as sent:
        held.pop().continue_()
    assert "_autosave=1" in (sent.value.post_data or "")


def test_what_nobody_touched_is_not_saved(page: Page, address: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/draft") else None)
    page.goto(f"{address}/gallery", wait_until="networkidle")
    page.wait_for_timeout(2_000)
    assert sent == []


def test_a_long_list_can_be_searched(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    page.get_by_label("지역 이름으로 찾기").fill("하동")
    assert page.locator("#region option").all_text_contents() == ["선택해 주세요", "하동군"]
    page.get_by_label("사업장 지역").select_option("48850")
    page.get_by_label("지역 이름으로 찾기").fill("")
    assert page.locator("#region").input_value() == "48850"
    assert page.locator("#region option").count() == 4


def test_a_file_that_is_too_large_is_named_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    page.locator("#proof").set_input_files(
        {"name": "큰파일.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"0" * MEBIBYTE}
    )
    page.locator("[data-file-chosen].is-wrong", has_text="큰파일.pdf").wait_for()
    page.locator("#proof").set_input_files(
        {"name": "작은파일.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.locator("[data-file-chosen]:not(.is-wrong)", has_text="작은파일.pdf").wait_for()


def test_without_scripts_the_menu_the_form_and_the_numbers_are_all_there(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/gallery")
    assert page.get_by_role("link", name="청구와 지급").is_visible()
    page.get_by_text("지급·예산").press("Enter")
    assert page.get_by_role("link", name="예산 장부").is_visible()
    assert page.get_by_role("link", name="사업장").is_hidden(), "one group at a time"
    assert page.get_by_role("button", name="임시저장").is_visible()
    assert page.get_by_role("region", name="월별 지급 금액").is_visible()
    context.close()


def test_the_group_of_the_page_is_open_in_a_wide_menu_and_another_takes_its_place(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{address}/gallery")
    menu = page.get_by_role("navigation", name="주 메뉴")
    assert menu.locator("summary[aria-current=true]").inner_text() == "신청·심사"
    assert menu.locator("a[aria-current=page]").inner_text() == "신청"
    menu.get_by_text("지급·예산").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "예산 장부"
    assert menu.get_by_role("link", name="사업장").is_hidden()


def test_one_button_opens_every_group_of_a_narrow_menu(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{address}/gallery")
    menu = page.get_by_role("navigation", name="주 메뉴")
    assert menu.get_by_role("link").count() == 0
    menu.get_by_role("button", name="메뉴").click()
    assert menu.get_by_role("link").all_inner_texts() == ["신청", "사업장", "예산 장부", "지급 중지", "청구와 지급"]
    page.keyboard.press("Escape")
    assert menu.get_by_role("link").count() == 0
