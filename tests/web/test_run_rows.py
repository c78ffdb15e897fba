"""The list of a run's payments: page by page, narrowed by status, accounts to look at and names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.services import payments
from portal.storage.objects import Stores
from tests import approved_claims as world
from tests.approved_claims import CODE, make_claims
from tests.clients import PortalClient
from tests.factories import AT, actor
from tests.pages import text_of

pytestmark = pytest.mark.usefixtures("clock")


def test_a_long_list_of_payments_is_read_page_by_page_and_narrowed(
    session: Session, stores: Stores, client_of: Callable[..., PortalClient]
) -> None:
    office = world.open_office(session)
    claims = make_claims(session, stores, office, range(10_000, 10_023))
    run = payments.prepare(session, CODE, by=actor(office.payer), at=AT)
    payments.hold_back(session, run.id, run.payments[21].id, reason="서류를 기다림", by=actor(office.payer), at=AT)
    client, url = client_of(office.payer), f"/office/payments/{run.id}"

    def listed(**narrowed: str | int) -> tuple[int, str]:
        page = client.get(url, query_string=narrowed).text
        listed = page[page.index('id="payments"') : page.index("은행 결과 파일</h2>")]
        return listed.count("/office/claims/"), text_of(listed)

    first, said = listed()
    assert (first, "1–20 / 23건" in said, "이전" in said, "다음" in said) == (20, True, False, True)
    later, said = listed(start=20)
    assert (later, "21–23 / 23건" in said, "이전" in said, "다음" in said) == (3, True, True, False)
    assert listed(start=900) == (later, said), "beyond the end is the last page"
    assert listed(status="held")[0] == 1
    assert listed(status="flagged")[0] == 20, "the first payments of their shops, the held one not among them"
    assert "1–20 / 22건" in listed(status="flagged")[1]
    name = claims[7].merchant.trade_name
    found, said = listed(named=name.upper())
    assert found >= 1
    assert name in said
    assert listed(named="이런 가게는 없다")[0] == 0
