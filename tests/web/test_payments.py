"""The payer's pages: preparing, releasing, the bank's file and its answer."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.domain.actors import Role
from portal.domain.bank_orders import Outcome, Word
from portal.domain.claims import ClaimStatus
from portal.domain.payments import Channel, RunStatus
from portal.models.claims import Claim
from portal.models.payments import Payment, PaymentRun
from portal.services import bank_orders, payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office, make_claims
from tests.bank_words import word
from tests.clients import PortalClient
from tests.factories import AT, actor, make_official, make_organisation
from tests.pages import problems, text_of

pytestmark = pytest.mark.usefixtures("clock")
AMOUNTS = (123_450, 70_010)
ClientOf = Callable[..., PortalClient]


@pytest.fixture
def office(session: Session) -> Office:
    return world.open_office(session)


@pytest.fixture
def claims(session: Session, stores: Stores, office: Office) -> list[Claim]:
    return make_claims(session, stores, office, AMOUNTS)


@pytest.fixture
def released(session: Session, stores: Stores, office: Office, claims: list[Claim]) -> PaymentRun:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    return payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)


def the_run(session: Session) -> PaymentRun:
    session.expire_all()
    return session.scalars(select(PaymentRun)).one()


def send(client: PortalClient, run_id: int, content: bytes, name: str = "results.csv") -> TestResponse:
    return client.submit(f"/office/payments/{run_id}/results", {"file": (io.BytesIO(content), name)})


def test_the_payer_sees_what_waits_and_prepares_a_run(
    session: Session, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    client = client_of(office.payer)
    page = text_of(client.get("/office/payments").text)
    assert "2건 · 193,460원" in page
    assert "지급 목록 작성" in page
    answer = client.submit("/office/payments/new", {"programme": CODE})
    assert answer.status_code == 302
    run = the_run(session)
    shown = client.get(answer.location).text
    assert run.reference in shown
    assert "다른 지출 담당자가 확인하고 내보냅니다" in shown
    assert f"/office/payments/{run.id}/release" not in shown
    assert "첫 지급" in shown


def test_an_account_number_is_masked_on_every_page_and_whole_only_in_the_bank_file(
    session: Session, office: Office, released: PaymentRun, client_of: ClientOf
) -> None:
    numbers = [payment.account_number for payment in released.payments]
    client = client_of(office.releaser)
    for url in ("/office/payments", f"/office/payments/{released.id}", f"/office/payments/{released.id}/release"):
        page = client.get(url).text
        assert not any(number in page for number in numbers)
    assert numbers[0][-4:] in client.get(f"/office/payments/{released.id}").text
    assert all(number in client.get(f"/office/payments/{released.id}/bank-file").text for number in numbers)


def test_another_payer_releases_after_ticking_and_downloads_the_same_bytes_for_ever(
    session: Session, stores: Stores, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    client, url = client_of(office.releaser), f"/office/payments/{run.id}"
    assert client.get(f"{url}/bank-file").status_code == 404
    unticked = client.submit(f"{url}/release")
    assert unticked.status_code == 422
    assert "확인란에 표시해 주세요" in " ".join(problems(unticked))
    assert the_run(session).status is RunStatus.PREPARED
    assert client.submit(f"{url}/release", {"confirmed": "y"}).status_code == 302
    first, second = client.get(f"{url}/bank-file"), client.get(f"{url}/bank-file")
    assert first.data == second.data == stores.bank_files.read(the_run(session).bank_file_sha256 or "")
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert client.submit(f"{url}/release", {"confirmed": "y"}).status_code == 409


def test_whoever_prepared_is_told_that_another_person_must_release(
    session: Session, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    answer = client_of(office.payer).submit(f"/office/payments/{run.id}/release", {"confirmed": "y"})
    assert answer.status_code == 403
    assert "같은 사람이 이어서 처리할 수 없습니다" in answer.text
    assert the_run(session).status is RunStatus.PREPARED


def test_the_banks_answer_is_taken_in_once_and_the_notice_can_be_read(
    session: Session, office: Office, released: PaymentRun, client_of: ClientOf
) -> None:
    content = world.all_done(released).content
    client = client_of(office.payer)
    assert send(client, released.id, content).status_code == 302
    assert "지급 2건, 거절 0건" in client.get(f"/office/payments/{released.id}").text
    assert send(client, released.id, content).status_code == 302
    page = client.get(f"/office/payments/{released.id}").text
    assert "이미 받은 결과 파일입니다" in page
    assert "처리 완료" in page
    session.expire_all()
    assert set(session.scalars(select(Claim.status))) == {ClaimStatus.PAID}
    letter_id = session.scalars(select(Payment.letter_id)).first()
    assert client.get(f"/office/letters/{letter_id}").data.startswith(b"%PDF-")


def test_a_results_file_with_mistakes_lists_each_with_its_row_and_changes_nothing(
    session: Session, office: Office, released: PaymentRun, client_of: ClientOf
) -> None:
    first = released.payments[0]
    rows = [
        f"{first.reference},done,,BK,2026-06-15,1",
        f"{released.reference}-00009,unknown,T,,,5",
    ]
    client = client_of(office.payer)
    answer = send(client, released.id, world.as_command("R20990101-FFFFFFFF", rows, 6).content)
    assert answer.status_code == 422
    assert problems(answer) == [
        "다른 지급 목록(R20990101-FFFFFFFF)의 결과 파일입니다.",
        "1번째 줄 amount: 금액이 은행에 보낸 것과 다릅니다(파일 / 지급 목록): 1 / 123450",
        f"2번째 줄 payment_id: 이 지급 목록에 없는 지급번호입니다: {released.reference}-00009",
    ]
    session.expire_all()
    assert set(session.scalars(select(Claim.status))) == {ClaimStatus.IN_PAYMENT}


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "results.csv", "비어 있습니다"),
        (b"%PDF-1.4", "results.csv", "확장자가 서로 다릅니다"),
        (b"a,b\n", "results.pdf", "올릴 수 없는 형식입니다"),
        (b"hello\nworld\n", "results.csv", "은행 결과 파일이 아닙니다"),
    ],
)
def test_what_is_no_results_file_is_refused_in_words(
    office: Office, released: PaymentRun, client_of: ClientOf, content: bytes, name: str, said: str
) -> None:
    answer = send(client_of(office.payer), released.id, content, name)
    assert answer.status_code == 422
    assert said in " ".join(problems(answer))


def test_a_refused_payment_is_listed_until_it_is_let_into_the_next_run(
    session: Session, stores: Stores, office: Office, released: PaymentRun, client_of: ClientOf
) -> None:
    file = world.answer(released, (0, "done"), (1, "refused"))
    payments.settle(session, stores, released.id, file, by=actor(office.payer), at=AT)
    claim_id = released.payments[1].claim_id
    client = client_of(office.payer)
    page = text_of(client.get("/office/payments").text)
    assert "지급하지 못한 지원금" in page
    assert "해지된 계좌" in page
    assert "그대로" in page
    assert "같은 계좌로 다시 지급" in page
    assert "은행이 거절한 지급 1건" in client.get(f"/office/payments/{released.id}").text
    assert client.submit(f"/office/payments/claims/{claim_id}/reopening").status_code == 302
    assert "지급하지 못한 지원금" not in client.get("/office/payments").text
    assert client.submit(f"/office/payments/claims/{claim_id}/reopening").status_code == 409


def test_cancelling_needs_a_reason_and_gives_the_claims_back(
    session: Session, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    client = client_of(office.payer)
    assert client.submit(f"/office/payments/{run.id}/cancellation", {"note": " "}).status_code == 422
    assert client.submit(f"/office/payments/{run.id}/cancellation", {"note": "계좌 확인"}).status_code == 302
    assert the_run(session).status is RunStatus.CANCELLED
    assert "계좌 확인" in client.get(f"/office/payments/{run.id}").text


def test_nothing_approved_is_said_and_not_prepared(session: Session, office: Office, client_of: ClientOf) -> None:
    client = client_of(office.payer)
    assert "기다리는 지원금이 없습니다" in client.get("/office/payments").text
    answer = client.submit("/office/payments/new", {"programme": CODE})
    assert answer.status_code == 422
    assert problems(answer) == ["지급을 기다리는 지원금이 없습니다."]


def test_an_auditor_reads_and_finds_no_button(
    session: Session, office: Office, released: PaymentRun, client_of: ClientOf
) -> None:
    client = client_of(make_official(session, Role.AUDITOR))
    page = client.get(f"/office/payments/{released.id}")
    assert page.status_code == 200
    assert "bank-file" not in page.text
    for url in ("bank-file", "release", "cancellation", "results"):
        assert client.get(f"/office/payments/{released.id}/{url}").status_code == 403


def test_another_organisations_run_is_not_there(session: Session, released: PaymentRun, client_of: ClientOf) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    client = client_of(make_official(session, Role.PAYER, organisation=elsewhere))
    for url in ("", "/bank-file", "/release", "/cancellation", "/results"):
        assert client.get(f"/office/payments/{released.id}{url}").status_code == 404
    assert released.reference not in client.get("/office/payments").text


@pytest.mark.parametrize("url", ["/office/payments", "/office/payments/1"])
def test_pages_take_the_same_number_of_statements_however_much_they_list(
    session: Session,
    stores: Stores,
    office: Office,
    claims: list[Claim],
    client_of: ClientOf,
    statement_counter: Callable,
    url: str,
) -> None:
    client = client_of(office.payer)
    counts = []
    for _round in range(2):
        payments.prepare(session, CODE, by=actor(office.payer), at=AT)
        session.commit()
        with statement_counter() as statements:
            assert client.get(url).status_code == 200
        counts.append(len(statements))
        make_claims(session, stores, office, [1_000] * 2)
    assert counts[0] == counts[1] <= 19, counts


def test_a_payer_holds_one_payment_back_and_the_totals_follow(
    session: Session, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    client, held = client_of(office.releaser), run.payments[0]
    url = f"/office/payments/{run.id}/holds/{held.id}"
    assert url in client.get(f"/office/payments/{run.id}").text
    assert f"**{held.account_number[-4:]}" in text_of(client.get(url).text)
    assert client.submit(url, {"reason": " "}).status_code == 422
    assert client.submit(url, {"reason": "계좌를 확인 중입니다."}).status_code == 302
    page = text_of(client.get(f"/office/payments/{run.id}").text)
    assert "계좌를 확인 중입니다." in page
    assert "70,010원" in page
    assert (the_run(session).payment_count, the_run(session).total) == (1, 70_010)
    last = client.submit(f"/office/payments/{run.id}/holds/{run.payments[1].id}", {"reason": "확인"})
    assert (last.status_code, "마지막 지급" in last.text) == (422, True)


def test_without_a_bank_of_its_own_a_portal_offers_no_other_way_than_a_file(
    session: Session, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    client, url = client_of(office.releaser), f"/office/payments/{run.id}/release"
    assert "포털이 은행에 바로 보냄" not in client.get(url).text
    assert client.submit(url, {"confirmed": "y", "channel": "api"}).status_code == 422
    assert the_run(session).status is RunStatus.PREPARED


def test_what_the_bank_never_heard_of_is_ended_by_a_payer_and_what_does_not_fit_is_shown(
    session: Session, stores: Stores, office: Office, claims: list[Claim], client_of: ClientOf
) -> None:
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, channel=Channel.API, by=actor(office.releaser), at=AT)
    first, second = (bank_orders.take_up(session, at=AT) for _ in range(2))
    assert first is not None
    assert second is not None
    bank_orders.settle(session, stores, first, Word(Outcome.NO_ANSWER), safe=timedelta(0), at=AT)
    wrong = word(second, Outcome.DONE, amount=second.amount + 1)
    bank_orders.settle(session, stores, second, wrong, safe=timedelta(0), at=AT)
    asked = bank_orders.take_up(session, at=AT + timedelta(minutes=1))
    assert asked is not None
    never = Word(Outcome.NEVER_HEARD, asked.reference)
    bank_orders.settle(session, stores, asked, never, safe=timedelta(0), at=AT + timedelta(minutes=1))
    client, url = client_of(office.payer), f"/office/payments/{run.id}"
    page = client.get(url).text
    assert "맞지 않는 은행 답" in page
    assert "금액이 다름" in page
    assert f"{url}/results" not in page
    assert client.submit(f"{url}/voids/{run.payments[1].id}", {"note": "x"}).status_code == 409
    assert client.submit(f"{url}/voids/{run.payments[0].id}", {"note": "은행 담당자에게 확인"}).status_code == 302
    assert "은행에 도착하지 않음" in client.get("/office/payments").text
