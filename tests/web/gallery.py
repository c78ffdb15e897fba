"""A small application that shows every component, for the tests beside it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from flask import Blueprint, Flask, Response, render_template
from flask_babel import Babel
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from forms.base import Form
from forms.code_fields import CheckboxesField, CodeField, RegionField, grouped, listed
from forms.fields import BusinessNumberField, DateField, PhoneField, WonField
from forms.file_fields import MEBIBYTE, FileField
from portal.domain.errors import NotFound
from portal.web import assets

PAGES = ["/gallery", "/gallery/wrong", "/gallery/guest", "/refused", "/resume"]
ROOT = Path(__file__).parents[2]
WEB = ROOT / "portal" / "web"
POLICY = "default-src 'none'; script-src 'self' 'nonce-{0}'; style-src 'self'; img-src 'self'; font-src 'self'; "
POLICY += "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
TONES = [("neutral", "작성 중"), ("progress", "심사 중"), ("attention", "보완 요청"), ("success", "교부 결정")]
TONES += [("danger", "반려"), ("closed", "취하")]


class Gallery(Form):
    name = StringField("상호", [InputRequired()], description="사업자등록증에 적힌 그대로 입력해 주세요.")
    number = BusinessNumberField("사업자등록번호", [InputRequired()])
    sales = WonField("2019년 매출액", description="부가가치세 신고 금액입니다.")
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
    proof = FileField("사업자등록증 사본", max_bytes=MEBIBYTE)
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
    entries = [item(label=label, url=url, current=current) for label, url, current in places]
    more = [item(label="예산 장부", url="/", current=False), item(label="지급 중지", url="/", current=False)]
    groups = [
        item(label="신청·심사", current=True, entries=entries[:2]),
        item(label="지급·예산", current=False, entries=more),
        item(label="", current=False, entries=entries[2:]),
    ]
    return {
        "actor": item(name="김순자") if signed_in else None,
        "role_label": "소상공인",
        "menu": groups,
        "navigation": entries,
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


def make_gallery() -> Flask:
    """The gallery as an application of its own, with the strictest content policy the portal may have."""
    app = Flask("gallery", static_folder=str(WEB / "static"), static_url_path="/static")
    app.jinja_loader = ChoiceLoader([FileSystemLoader(WEB / "templates"), FileSystemLoader(Path(__file__).parent)])
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_ENABLED=True, PACKAGES_DIR=str(ROOT / "node_modules"))
    Babel(app, default_locale="ko")
    CSRFProtect(app)
    app.context_processor(lambda: {"package_url": assets.package_url})

    def page(state: str = "") -> str:
        if state == "wrong":
            form = prepared(Gallery(MultiDict([("number", "124-81-00999"), ("sales", "백만원")])))
            form.validate()
        else:
            form = prepared(
                Gallery(formdata=None, data={"name": "구례식당", "number": "1248100998", "sales": 1234000, "size": "1"})
            )
        return render_template("gallery.html", **gallery_context(form, signed_in=state != "guest"))

    def refused() -> str:
        about = gallery_context(prepared(Gallery(formdata=None)), signed_in=True)
        said = {"title": "찾을 수 없습니다", "advice": "주소가 바뀌었거나 없어진 화면입니다.", "status": 404}
        return render_template("errors/page.html", **about, **said, problems=["접수번호를 확인해 주세요."])

    def resume() -> str:
        about = gallery_context(prepared(Gallery(formdata=None)), signed_in=False)
        values = [("name", "구례식당"), ("platforms", "a"), ("platforms", "b")]
        kept = {"resume_fields": values, "resume_url": "/gallery", "had_files": True}
        return render_template("errors/resume.html", **about, **kept)

    def nothing() -> Response:
        return Response(status=204)

    portal = Blueprint("public", __name__)  # where the frame of the page leads to
    ways = {"/": "home_show", "/login": "sessions_sign_in", "/logout": "sessions_sign_out", "/inbox": "inbox_index"}
    for url, endpoint in ways.items():
        portal.add_url_rule(url, endpoint, nothing, methods=["GET", "POST"])
    portal.add_url_rule("/language", "language_choose", nothing, methods=["POST"])
    app.register_blueprint(portal)
    for rule in ("/gallery", "/gallery/<state>"):
        app.add_url_rule(rule, view_func=page, endpoint=f"page{rule}", methods=["GET", "POST"])
    app.add_url_rule("/refused", view_func=refused)
    app.add_url_rule("/resume", view_func=resume)
    app.add_url_rule("/draft", view_func=nothing, methods=["POST"])
    app.add_url_rule("/packages/<path:path>", view_func=assets.packages)
    app.register_error_handler(NotFound, lambda _: Response(status=404))

    @app.after_request
    def strict(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format("n0nce")
        return response

    return app
