"""After a failed payment: the owner reads why and gives another account; two officials may shorten the wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.models.accounts import User
from portal.models.claims import Claim
from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, Office
from tests.clients import PortalClient
from tests.factories import AT, actor
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("clock")
ClientOf = Callable[..., PortalClient]
NEW = {"bank_code": "088", "account_number": "110-123-456789", "account_holder": "홍길동", "confirmed": "y"}


@pytest.fixture
def office(session: Session) -> Office:
    return world.open_office(session)


@pytest.fixture
def failed(session: Session, stores: Stores, office: Office) -> Claim:
    (claim,) = world.make_claims(session, stores, office, [70_010])
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    payments.release(session, stores, run.id, by=actor(office.releaser), at=AT)
    payments.settle(session, stores, run.id, world.answer(run, (0, "refused")), by=actor(office.payer), at=AT)
    return claim


def test_the_owner_reads_why_and_gives_another_account_and_sees_that_it_was_changed(
    session: Session, failed: Claim, client_of: ClientOf
) -> None:
    client, url = client_of(session.get_one(User, failed.merchant.owner_id)), f"/my/claims/{failed.id}/account"
    assert url in client.get("/my/").text
    page = client.get(url).text
    assert "계좌가 해지되어" in page
    assert failed.merchant.account_number not in page
    refused = client.submit(url, NEW | {"confirmed": ""})
    assert (refused.status_code, refused.text.count("ie-error-summary")) == (422, 1)
    assert client.submit(url, NEW).status_code == 302
    home = text_of(client.get("/my/").text)
    assert "계좌가 바뀌었습니다" in home
    assert "바로 담당 부서로 전화해 주세요" in home
    assert "110123456789" not in home
    assert url not in client.get("/my/").text


def test_another_merchant_and_a_claim_in_order_have_nothing_to_correct(
    session: Session, stores: Stores, office: Office, failed: Claim, client_of: ClientOf
) -> None:
    (other,) = world.make_claims(session, stores, office, [5_000])
    client = client_of(session.get_one(User, other.merchant.owner_id))
    assert client.get(f"/my/claims/{failed.id}/account").status_code == 404
    assert "고칠 것이 없습니다" in client.get(f"/my/claims/{other.id}/account").text


def test_the_payer_sees_the_changed_account_waiting_and_two_confirm_it(
    session: Session, office: Office, failed: Claim, client_of: ClientOf
) -> None:
    owner = client_of(session.get_one(User, failed.merchant.owner_id))
    owner.submit(f"/my/claims/{failed.id}/account", NEW)
    first, second = client_of(office.payer), client_of(office.releaser)
    assert first.submit(f"/office/payments/claims/{failed.id}/reopening").status_code == 302
    page = text_of(first.get("/office/payments").text)
    assert "바뀐 계좌" in page
    assert "110123456789" not in page
    assert first.submit("/office/payments/new", {"programme": CODE}).status_code == 422
    url = "/office/payments/accounts/1/confirmation"
    assert first.submit(url).status_code == 302
    assert first.submit(url).status_code == 403
    assert "한 사람 확인" in first.get("/office/payments").text
    assert second.submit(url).status_code == 302
    assert first.submit("/office/payments/new", {"programme": CODE}).status_code == 302


def test_a_refused_account_is_said_to_both_and_asked_for_anew(
    session: Session, office: Office, failed: Claim, client_of: ClientOf
) -> None:
    owner, payer = client_of(session.get_one(User, failed.merchant.owner_id)), client_of(office.payer)
    owner.submit(f"/my/claims/{failed.id}/account", NEW)
    url = "/office/payments/accounts/1/refusal"
    assert url in payer.get("/office/payments").text
    assert payer.submit(url, {"reason": "아님"}).status_code == 422
    assert payer.submit(url, {"reason": "전화로 확인하니 바꾼 적이 없다고 합니다."}).status_code == 302
    page = payer.get("/office/payments").text
    assert "반려함" in page
    assert url not in page
    home = owner.get("/my/").text
    assert "바꾼 적이 없다고 합니다" in home
    assert f"/my/claims/{failed.id}/account" in home
    assert "계좌 변경 반려 안내" in owner.get("/my/letters").text
