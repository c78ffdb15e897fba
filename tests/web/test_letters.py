"""Merchants fetch their letters as issued, and anyone can verify one by its code or its file."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.letters import Letter
from portal.services import decisions
from portal.storage.objects import Stores
from tests.cases import Applied, apply, recommend
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.pages import problems

Browser = Callable[..., PortalClient]


@pytest.fixture
def case(session: Session, stores: Stores) -> Applied:
    return apply(session, stores, make_programme(session), trade_name="섬진강다슬기")


@pytest.fixture
def letter(session: Session, stores: Stores, case: Applied) -> Letter:
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER)))
    approver = actor(make_official(session, Role.APPROVER))
    return decisions.approve(session, stores, case.id, by=approver, at=AT)


def test_the_merchant_finds_the_letter_and_gets_the_stored_bytes_every_time(
    case: Applied, letter: Letter, stores: Stores, client_of: Browser
) -> None:
    browser = client_of(case.owner)
    page = browser.get("/my/letters").text
    assert "교부결정통지서" in page
    assert letter.document_number in page
    first, again = (browser.get(f"/my/letters/{letter.id}") for _ in range(2))
    assert first.data == again.data == stores.letters.read(letter.sha256)
    assert first.mimetype == "application/pdf"
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert first.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_elses_letter_exists(session: Session, letter: Letter, client_of: Browser) -> None:
    stranger = client_of(make_merchant_user(session))
    assert stranger.get(f"/my/letters/{letter.id}").status_code == 404
    assert letter.document_number not in stranger.get("/my/letters").text
    assert "받은 문서가 없습니다" in stranger.get("/my/letters").text


def test_anyone_verifies_by_code_and_learns_no_names(letter: Letter, client: PortalClient) -> None:
    typed = letter.verification_code.lower()
    assert (
        client.get("/verify", query_string={"code": f" {typed} "})
        .headers["Location"]
        .endswith(letter.verification_code)
    )
    page = client.get(f"/verify/{letter.verification_code}").text
    for text in (letter.document_number, "교부결정통지서", "구례군(데모)", "섬****기", "홍*동", "보낸 그대로"):
        assert text in page
    assert "섬진강다슬기" not in page
    assert "홍길동" not in page


@pytest.mark.parametrize("code", ["AAAA-BBBB-CCCC-DDDD", "1", "%27%20OR%201=1", "../../etc"])
def test_an_unknown_code_gets_a_clear_page(letter: Letter, client: PortalClient, code: str) -> None:
    assert client.get(f"/verify/{code}").status_code == 404


def test_an_unknown_code_says_what_to_do(client: PortalClient) -> None:
    assert "확인되지 않는 번호" in client.get("/verify/AAAA-BBBB-CCCC-DDDD").text


def test_a_file_is_compared_byte_by_byte(letter: Letter, stores: Stores, client: PortalClient) -> None:
    url, original = f"/verify/{letter.verification_code}", stores.letters.read(letter.sha256)
    same = client.submit(url, {"file": (io.BytesIO(original), "letter.pdf")})
    assert (same.status_code, "일치합니다" in same.text) == (200, True)
    changed = client.submit(url, {"file": (io.BytesIO(original[:-1] + b"x"), "letter.pdf")})
    assert (changed.status_code, "다릅니다" in changed.text) == (200, True)
    assert "일치합니다" not in changed.text


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "letter.pdf"),
        (b"hello", "letter.pdf"),
        (b"%PDF-1.4", "letter.exe"),
        (b"%PDF-" + b"x" * (5 << 20), "a.pdf"),
    ],
    ids=["empty", "not a PDF", "wrong ending", "too large"],
)
def test_what_is_no_letter_is_refused(letter: Letter, client: PortalClient, content: bytes, name: str) -> None:
    answer = client.submit(f"/verify/{letter.verification_code}", {"file": (io.BytesIO(content), name)})
    assert answer.status_code == 422
    assert problems(answer)


def test_a_harmed_original_is_said_openly(letter: Letter, stores: Stores, client: PortalClient) -> None:
    path = stores.letters.path(letter.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    page = client.get(f"/verify/{letter.verification_code}").text
    assert "보관 중인 원본에 문제가 있습니다" in page
    assert "보낸 그대로" not in page
