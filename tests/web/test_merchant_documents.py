"""Handing in papers on the page: each on its own, refused at its box, given back as an attachment."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.storage.objects import Stores
from tests import applying, pages
from tests.applying import pdf
from tests.clients import PortalClient
from tests.factories import make_merchant_user, make_programme

ClientOf = Callable[..., PortalClient]


def test_papers_are_taken_one_by_one_and_a_bad_one_costs_no_other(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    browser, url = client_of(owner), f"/my/applications/{draft.id}/documents"
    good = browser.submit(url, {"code": "bankbook", "file-bankbook": pdf()})
    assert good.status_code == 302
    bad = browser.submit(url, {"code": "sales_proof", "file-sales_proof": (io.BytesIO(b"MZ\x90\x00"), "매출.pdf")})
    assert bad.status_code == 422
    assert 'href="#file-sales_proof"' in bad.text
    assert "통장.pdf" in bad.text


REFUSED_FILES = [
    (b"MZ\x90\x00", "통장.pdf", "내용과 확장자"),
    (b"", "통장.pdf", "내용이 비어"),
    (b"%PDF-1.4 no end", "통장.pdf", "끝까지"),
    (applying.PDF, "통장.exe", "올릴 수 없는 형식"),
    (applying.PDF + b" " * (10 << 20), "통장.pdf", "너무 큽니다"),
]


@pytest.mark.parametrize(("content", "name", "sentence"), REFUSED_FILES)
def test_a_wrong_file_is_refused_at_its_box(
    session: Session, client_of: ClientOf, content: bytes, name: str, sentence: str
) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    answer = client_of(owner).submit(
        f"/my/applications/{draft.id}/documents", {"code": "bankbook", "file-bankbook": (io.BytesIO(content), name)}
    )
    assert answer.status_code == 422
    assert any(sentence in problem for problem in pages.problems(answer)), pages.problems(answer)
    assert 'href="#file-bankbook"' in answer.text
    session.refresh(draft)
    assert draft.documents == []


def test_no_file_at_all_is_said_at_the_box_that_was_meant(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    browser, url = client_of(owner), f"/my/applications/{draft.id}/documents"
    assert 'href="#file-bankbook"' in browser.submit(url, {"code": "bankbook"}).text
    assert browser.submit(url, {"code": "diary"}).status_code == 422


def test_a_file_is_given_back_as_an_attachment_to_its_owner_alone(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    url = f"/my/applications/{draft.id}/documents/{draft.documents[0].id}"
    answer = client_of(owner).get(url)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger = client_of(make_merchant_user(session))
    assert stranger.get(url).status_code == 404
    assert stranger.submit(f"{url}/remove").status_code == 404


def test_a_file_is_taken_out_again(session: Session, stores: Stores, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    kept = draft.documents[0]
    url = f"/my/applications/{draft.id}/documents/{kept.id}"
    browser = client_of(owner)
    assert browser.submit(f"{url}/remove").status_code == 302
    assert browser.get(url).status_code == 404
    assert browser.submit(f"{url}/remove").status_code == 404
