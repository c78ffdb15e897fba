"""Every component on one page: it renders, says what it must to everyone, and stays within a strict content policy."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, render_template
from flask.testing import FlaskClient
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.datastructures import MultiDict
from werkzeug.serving import make_server
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from forms.base import Form
from forms.code_fields import CheckboxesField, CodeField, RegionField, grouped, listed
from forms.fields import BusinessNumberField, DateField, PhoneField, RateField, WonField
from forms.file_fields import FileField
from portal.domain.errors import NotFound
from portal.web import assets

ROOT = Path(__file__).parents[2]
WEB = ROOT / "portal" / "web"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
POLICY = "default-src 'none'; script-src 'self' 'nonce-{0}'; style-src 'self'; img-src 'self'; font-src 'self'; "
POLICY += "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
TONES = [("neutral", "작성 중"), ("progress", "심사 중"), ("attention", "보완 요청"), ("success", "교부 결정")]
TONES += [("danger", "반려"), ("closed", "취하")]


class Gallery(Form):
    name = StringField("상호", [InputRequired()], description="사업자등록증에 적힌 그대로 입력해 주세요.")
    number = BusinessNumberField("사업자등록번호", [InputRequired()])
    sales = WonField("2019년 매출액", description="부가가치세 신고 금액입니다.")
    rate = RateField("배달 매출 비중")
    phone = PhoneField("휴대전화번호")
    opened = DateField("개업일")
    region = RegionField("사업장 지역", [InputRequired()])
    size = RadioField(
        "상시 근로자 수", choices=[SelectChoice("0", "없음"), SelectChoice("1", "1~4명"), SelectChoice("5", "5명 이상")]
    )
    bank = CodeField("은행")
    platforms = CheckboxesField(
        "이용하는 플랫폼", [InputRequired()], choices=[SelectChoice("a", "먹깨비"), SelectChoice("b", "요기요")]
    )
    proof = FileField("사업자등록증 사본")
    plan = TextAreaField("활용 계획")
    consent = BooleanField(
        "개인정보 수집·이용에 동의합니다.", [InputRequired()], description="동의하지 않으면 신청할 수 없습니다."
    )


class Filters(Form):
    status = CodeField("상태")
    word = StringField("상호")


def prepared(form: Gallery) -> Gallery:
    form.region.choices = grouped(
        {"전남광주통합특별시": [("12730", "구례군"), ("12710", "담양군")], "경상남도": [("48850", "하동군")]}
    )
    form.bank.choices = listed([("011", "농협은행"), ("012", "지역농·축협")])
    return form


def gallery_context(form: Gallery, *, signed_in: bool) -> dict[str, object]:
    item, places = SimpleNamespace, [("신청", "/gallery", True), ("사업장", "/", False), ("청구와 지급", "/", False)]
    return {
        "actor": item(name="김순자", role_label="소상공인") if signed_in else None,
        "navigation": [item(label=label, url=url, current=current) for label, url, current in places],
        "demo": True,
        "csp_nonce": "n0nce",
        "language": "ko",
        "form": form,
        "filters": Filters(formdata=None),
        "tones": TONES,
        "lines": [
            item(name="배달비", rule="건당 50%", amount=3000),
            item(name="홍보비", rule="월 한도 10만원", amount=100_000),
        ],
        "files": [item(name="사업자등록증.pdf", url="/", size=345_678, label="사업자등록증", remove_url="/draft")],
        "events": [
            item(
                label="신청서 제출",
                when="2020. 6. 1. 오전 10:12",
                iso="2020-06-01T10:12:00+09:00",
                by="김순자",
                tone="success",
            ),
            item(
                label="보완 요청",
                when="2020. 6. 3. 오후 3:40",
                by="담당자",
                note="통장 사본을 다시 올려 주세요.",
                tone="attention",
            ),
            item(label="심사", when="진행 중", tone="progress"),
        ],
        "actions": [
            item(label="승인 의견으로 올리기", url="/draft", tone="primary", fields={"version": 3}),
            item(label="보완 요청", url="/draft"),
            item(label="반려", url="/draft", tone="danger", note_label="반려 사유"),
        ],
        "spec": {
            "data": {
                "values": [
                    {"월": "3월", "원": 1_200_000},
                    {"월": "4월", "원": 3_400_000},
                    {"월": "5월", "원": 2_800_000},
                ]
            },
            "mark": "bar",
            "encoding": {
                "x": {"field": "월", "type": "nominal", "axis": {"labelAngle": 0}},
                "y": {"field": "원", "type": "quantitative"},
                "tooltip": [{"field": "월"}, {"field": "원", "format": ","}],
            },
        },
    }


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("gallery", static_folder=str(WEB / "static"), static_url_path="/static")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(WEB / "templates"), FileSystemLoader(Path(__file__).parent)])
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_ENABLED=True, PACKAGES_DIR=str(ROOT / "node_modules"))
    Babel(app, default_locale="ko")
    CSRFProtect(app)
    assets.init_app(app)

    def page(state: str = "") -> str:
        if state == "wrong":
            form = prepared(Gallery(MultiDict([("number", "124-81-00999"), ("sales", "백만원"), ("rate", "120")])))
            form.validate()
        else:
            form = prepared(
                Gallery(formdata=None, data={"name": "구례식당", "number": "1248100998", "sales": 1234000, "size": "1"})
            )
        return render_template("gallery.html", **gallery_context(form, signed_in=state != "guest"))

    def refused() -> str:
        about = {
            "title": "찾을 수 없습니다",
            "message": "주소가 바뀌었거나 없어진 화면입니다.",
            "next_steps": ["주소를 확인해 주세요."],
        }
        return render_template(
            "errors/page.html", **gallery_context(prepared(Gallery(formdata=None)), signed_in=True), **about
        )

    def resume(who: str) -> str:
        known = gallery_context(prepared(Gallery(formdata=None)), signed_in=who == "known")
        values = [("name", "구례식당"), ("platforms", "a"), ("platforms", "b")]
        return render_template(
            "errors/resume.html",
            **known,
            resume_fields=values,
            resume_url="/gallery",
            sign_in_form=Filters(formdata=None),
        )

    def draft() -> Response:
        return Response(status=204)

    for rule in ("/", "/gallery", "/gallery/<state>"):
        app.add_url_rule(rule, view_func=page, endpoint=f"page{rule}", methods=["GET", "POST"])
    app.add_url_rule("/refused", view_func=refused)
    app.add_url_rule("/resume/<who>", view_func=resume)
    app.add_url_rule("/draft", view_func=draft, methods=["POST"])
    app.add_url_rule("/packages/<path:path>", view_func=assets.packages)
    app.register_error_handler(NotFound, lambda _: Response(status=404))

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format("n0nce")
        return response

    return app


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


PAGES = ["/gallery", "/gallery/wrong", "/gallery/guest", "/refused", "/resume/known", "/resume/unknown"]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_carries_inline_styles_scripts_or_handlers(client: FlaskClient, address: str) -> None:
    html = text_of(client, address)
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert "<style" not in html
    assert all("src=" in tag and 'nonce="n0nce"' in tag for tag in re.findall(r"<script[^>]*>", html))
    assert not re.search(r'(src|href)="(https?:)?//', html)


@pytest.mark.parametrize("address", PAGES)
def test_every_post_form_carries_its_token(client: FlaskClient, address: str) -> None:
    forms = re.findall(r'<form[^>]*method="post".*?</form>', text_of(client, address), re.DOTALL)
    assert forms
    assert all('name="csrf_token"' in form for form in forms)


@pytest.mark.parametrize("address", PAGES)
def test_no_id_stands_twice_on_a_page(client: FlaskClient, address: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', text_of(client, address))
    assert sorted(ids) == sorted(set(ids))


def test_the_error_summary_links_every_mistake_to_a_place_on_the_page(client: FlaskClient) -> None:
    html = text_of(client, "/gallery/wrong")
    summary = html[html.index("ie-error-summary") : html.index("</ul>", html.index("ie-error-summary"))]
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert targets == ["name", "number", "sales", "rate", "region", "size", "platforms", "consent"]
    assert all(f' id="{target}"' in html for target in targets)
    assert 'role="alert"' in html


def test_a_page_without_mistakes_has_no_error_summary(client: FlaskClient) -> None:
    assert "ie-error-summary" not in text_of(client, "/gallery")


def test_a_wrong_field_points_at_its_message_and_keeps_what_was_typed(client: FlaskClient) -> None:
    box = re.search(r'<input[^>]*id="sales"[^>]*>', text_of(client, "/gallery/wrong"))
    assert box
    assert 'aria-invalid="true"' in box[0]
    assert 'aria-describedby="sales-hint sales-error"' in box[0]
    assert 'value="백만원"' in box[0]


@pytest.mark.parametrize(("tone", "label"), TONES)
def test_every_tone_of_a_status_has_a_style(client: FlaskClient, tone: str, label: str) -> None:
    assert f'<span class="ie-tag is-{tone}">{label}</span>' in text_of(client, "/gallery")
    assert f".ie-tag.is-{tone} " in (WEB / "static/css/display.css").read_text(encoding="utf-8")


def test_amounts_are_grouped_and_cells_know_their_column(client: FlaskClient) -> None:
    html = text_of(client, "/gallery")
    assert "1,234,560원" in html
    assert re.search(r'<td role="cell" data-label="지원 금액" class="is-numeric"><span class="ie-won">384,000원', html)


def test_a_guest_is_offered_the_way_in_and_a_person_the_way_out(client: FlaskClient) -> None:
    assert "로그아웃" not in text_of(client, "/gallery/guest")
    assert "로그인" in text_of(client, "/gallery/guest")
    assert "로그아웃" in text_of(client, "/gallery")


def test_an_ended_session_keeps_every_value_that_was_typed(client: FlaskClient) -> None:
    waiting, back = text_of(client, "/resume/unknown"), text_of(client, "/resume/known")
    assert waiting.count('name="resume.platforms"') == 2
    assert 'name="resume_url" value="/gallery"' in waiting
    assert back.count('<input type="hidden" name="platforms"') == 2
    assert 'action="/gallery"' in back


def test_a_package_file_is_served_for_good_under_its_version(app: Flask, client: FlaskClient) -> None:
    with app.test_request_context():
        address = assets.package_url("krds-uiux/resources/css/component/output.css")
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


REFUSED = [
    "krds-uiux@1.0.0/resources/css/component/output.css",
    "krds-uiux/resources/css/component/output.css",
    "krds-uiux@1.1.0/package.json",
    "krds-uiux@1.1.0/resources/js/plugin/swiper-bundle.min.js",
    "krds-uiux@1.1.0/resources/css/",
    "krds-uiux@1.1.0/resources/css/../../package.json",
    "krds-uiux@1.1.0/resources/css/%2e%2e/%2e%2e/html/code/table.html",
    "krds-uiux@1.1.0/resources/css/..%2f..%2f..%2fyargs/build/lib/yargs.css",
    "yargs@17.7.2/index.js",
    "@fontsource-variable@5/x",
    "",
    "/etc/passwd",
]


@pytest.mark.parametrize("path", REFUSED)
def test_nothing_else_of_the_packages_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/packages/{path}").status_code in (308, 404)


def test_every_address_in_the_style_sheets_leads_to_a_file(client: FlaskClient) -> None:
    pins = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    found = re.findall(r'url\("\.\./\.\.(/packages/[^"]+)"', (WEB / "static/css/fonts.css").read_text(encoding="utf-8"))
    assert found
    assert all(
        f"krds-uiux@{pins['krds-uiux']}/" in address and client.get(address).status_code == 200 for address in found
    )


def test_the_fallback_typeface_draws_every_hangul_syllable() -> None:
    sheet = (ROOT / "node_modules/@fontsource-variable/noto-sans-kr/index.css").read_text(encoding="utf-8")
    drawn: set[int] = set()
    for first, last in re.findall(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", sheet, re.IGNORECASE):
        drawn.update(range(int(first, 16), int(last or first, 16) + 1))
    assert set(range(0xAC00, 0xD7A4)) <= drawn


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, entry in lock["packages"].items() if "resolved" in entry]


# --- in a browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


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
    page.set_default_timeout(15_000)
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.browser
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


@pytest.mark.browser
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


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_everything_to_press_is_large_enough_for_a_finger_and_to_read_for_tired_eyes(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/wrong", wait_until="networkidle")
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(SMALL_TEXT) == []


@pytest.mark.browser
def test_a_mistake_takes_the_reader_to_the_summary_and_the_link_to_the_field(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/wrong")
    assert page.evaluate("document.activeElement.className") == "ie-error-summary"
    page.locator(".ie-error-summary a", has_text="매출액").click()
    assert page.evaluate("document.activeElement.id") == "sales"


@pytest.mark.browser
def test_typing_saves_a_draft_and_says_when(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    with page.expect_request("**/draft") as sent:
        page.locator("#name").fill("구례식당 2호점")
    posted = sent.value.post_data or ""
    assert "_autosave=1" in posted
    assert "csrf_token=" in posted
    page.locator("[data-autosave-status]", has_text=re.compile(r"저장됨 \d\d:\d\d")).wait_for()


@pytest.mark.browser
def test_a_long_list_can_be_searched(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    page.get_by_label("지역 이름으로 찾기").fill("하동")
    assert page.locator("#region option").all_text_contents() == ["선택해 주세요", "하동군"]
    page.get_by_label("사업장 지역").select_option("48850")
    page.get_by_label("지역 이름으로 찾기").fill("")
    assert page.locator("#region").input_value() == "48850"
    assert page.locator("#region option").count() == 4


@pytest.mark.browser
def test_a_file_that_is_too_large_is_named_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery")
    page.locator("#proof").set_input_files(
        {"name": "큰파일.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"0" * (11 << 20)}
    )
    page.locator("[data-file-chosen].is-wrong", has_text="큰파일.pdf").wait_for()
    page.locator("#proof").set_input_files(
        {"name": "작은파일.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.locator("[data-file-chosen]:not(.is-wrong)", has_text="작은파일.pdf").wait_for()


@pytest.mark.browser
def test_without_scripts_the_menu_the_form_and_the_numbers_are_all_there(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/gallery")
    assert page.get_by_role("link", name="청구와 지급").is_visible()
    assert page.get_by_role("button", name="임시저장").is_visible()
    assert page.get_by_role("region", name="월별 지급 금액").is_visible()
    context.close()
