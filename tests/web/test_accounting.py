"""The budget execution page: for who reads the ledger, with its files; another organisation's budget is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.storage.objects import Stores
from tests.clients import PortalClient
from tests.factories import make_official, make_organisation
from tests.pages import text_of
from tests.paid import make_county

ClientOf = Callable[..., PortalClient]
FINAL = "/office/accounting/gurye-2020-o2o/2026/final"


@pytest.fixture
def client(session: Session, stores: Stores, client_of: ClientOf) -> PortalClient:
    return client_of(make_county(session, stores).office.payer)


def test_the_page_shows_a_month_and_leads_to_its_files(client: PortalClient) -> None:
    page = client.get("/office/accounting?year=2026&month=2026-06")
    assert "120,000,000원 1,500,000원 100,010원 100,010원 0원 0원 119,899,990원 0.1%" in text_of(page.text)
    for kind, media in (("pdf", "application/pdf"), ("xlsx", "spreadsheetml")):
        for address in (f"/office/accounting/2026/2026-06/execution.{kind}", f"{FINAL}.{kind}"):
            assert address in page.text
            answer = client.get(address)
            assert answer.status_code == 200
            assert media in (answer.mimetype or "")


@pytest.mark.parametrize(
    "address",
    [
        "/office/accounting?year=2024",
        "/office/accounting?year=2026&month=2026-13",
        "/office/accounting/2026/2026-06/execution.hwp",
        "/office/accounting/nowhere/2026/final.pdf",
        "/office/accounting/gurye-2020-o2o/2024/final.pdf",
    ],
)
def test_what_is_not_there_is_not_found(client: PortalClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_another_organisation_sees_its_own_budget_alone(
    session: Session, client: PortalClient, client_of: ClientOf
) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    other = client_of(make_official(session, Role.PAYER, organisation=elsewhere))
    assert "예산이 없습니다" in other.get("/office/accounting").text
    assert other.get(f"{FINAL}.pdf").status_code == 404


def test_reviewers_do_not_read_it(session: Session, client: PortalClient, client_of: ClientOf) -> None:
    assert client_of(make_official(session, Role.REVIEWER)).get("/office/accounting").status_code == 403
