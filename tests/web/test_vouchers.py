"""The pages of vouchers: what is typed stays, the document is asked for, another person posts."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.vouchers import VoucherStatus
from portal.models.vouchers import Voucher
from portal.web import labels
from tests.clients import PortalClient
from tests.factories import make_official, make_programme
from tests.pages import problems, text_of

pytestmark = pytest.mark.usefixtures("clock")
ClientOf = Callable[..., PortalClient]
PDF = b"%PDF-1.4\n%%EOF\n"


def filled(**more: object) -> dict[str, object]:
    return {"kind": "reduce", "line": "1", "amount": "1,000", "reason": "제1회 추경예산 감액"} | more


def document(name: str = "예산서.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_a_voucher_is_drafted_and_posted_by_another_person(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    payer, approver = (client_of(make_official(session, role)) for role in (Role.PAYER, Role.APPROVER))
    assert "전표" in text_of(payer.get("/office/ledger").text)
    made = payer.submit("/office/ledger/vouchers/new", filled(file=document()))
    assert (made.status_code, made.location) == (302, "/office/ledger/vouchers/1")
    page = text_of(payer.get("/office/ledger/vouchers/1").text)
    assert ("작성한 사람은 기록할 수 없습니다" in page, "예산서.pdf" in page, "1,000원" in page) == (True, True, True)
    assert payer.submit("/office/ledger/vouchers/1/posting").status_code == 403
    assert approver.submit("/office/ledger/vouchers/1/posting").status_code == 302
    posted = text_of(approver.get("/office/ledger/vouchers/1").text)
    assert ("장부에 기록됨" in posted, "59,999,000원" in posted) == (True, True)
    assert "제1회 추경예산 감액" in approver.get("/office/ledger").text
    sent = approver.get("/office/ledger/vouchers/1/documents/1")
    assert (sent.data, sent.headers["Content-Disposition"].startswith("attachment")) == (PDF, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "근거 문서를 선택해 주세요"),
        ({"file": document("a.pdf", b"not a pdf")}, "내용과 확장자가 서로 다릅니다"),
        ({"file": document(), "amount": "60,000,001"}, "60,000,000원까지 적을 수 있습니다"),
        ({"file": document(), "kind": "transfer", "to_line": "1"}, "보내는 재원과 받는 재원이 같습니다"),
        ({"file": document(), "kind": "release", "corrects": "99"}, "기록 번호가 아닙니다"),
        ({"file": document(), "amount": "백만"}, "금액은 숫자로"),
    ],
)
def test_bad_input_is_said_and_nothing_typed_is_lost(
    session: Session, client_of: ClientOf, more: dict[str, object], said: str
) -> None:
    make_programme(session)
    refused = client_of(make_official(session, Role.PAYER)).submit("/office/ledger/vouchers/new", filled(**more))
    assert (refused.status_code, any(said in each for each in problems(refused))) == (422, True), problems(refused)
    assert "제1회 추경예산 감액" in refused.text
    assert str(more.get("amount", "1,000")) in refused.text
    assert session.scalars(select(Voucher)).all() == []


@pytest.mark.parametrize(("role", "status"), [(Role.APPROVER, 403), (Role.AUDITOR, 403), (Role.PAYER, 200)])
def test_payers_draft(session: Session, client_of: ClientOf, role: Role, status: int) -> None:
    make_programme(session)
    assert client_of(make_official(session, role)).get("/office/ledger/vouchers/new").status_code == status


@pytest.mark.parametrize("each", VoucherStatus)
def test_every_status_has_its_words(each: VoucherStatus) -> None:
    assert all(labels.status(each))
