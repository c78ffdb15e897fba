"""Every component on one page: it renders, and says what it must to everyone."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.web.gallery import PAGES, TONES, WEB, make_gallery


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return make_gallery().test_client()


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text


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
    assert targets == ["name", "number", "sales", "region", "size", "platforms", "consent"]
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
    html = text_of(client, "/resume")
    assert html.count('name="resume-platforms"') == 2
    assert 'name="resume_url" value="/gallery"' in html
    assert "파일만 다시 선택" in html
