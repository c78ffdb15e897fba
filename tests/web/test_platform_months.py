"""Officials enter what a platform states and see on one page what does not fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.accounts import User
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.clients import PortalClient
from tests.factories import make_official, make_organisation
from tests.pages import problems
from tests.settled import Office, line

ClientOf = Callable[[User], PortalClient]
PAGE = "/office/settlements/months"
STATED = {"platform": "baemin", "period": "2026-05", "orders": "3", "order_amount": "60,000", "source": "5월.pdf"}


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    made = Office(session, stores, lines)
    for month in ("04", "05"):
        made.deliver([line("S1", f"2026-{month}-03 12:00"), line("S1", f"2026-{month}-04 12:00")], f"2026-{month}")
    return made


def test_the_newest_month_is_shown_and_another_can_be_chosen(office, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    assert "2026. 5. 대조" in desk.get(PAGE).text
    assert "2026. 4. 대조" in desk.get(f"{PAGE}?period=2026-04").text
    assert "2026. 5. 대조" in desk.get(f"{PAGE}?period=1999-01").text


def test_what_is_entered_is_compared_at_once(office, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    answer = desk.submit(f"{PAGE}/statement", STATED)
    assert answer.status_code == 302, problems(answer)
    page = desk.get(answer.location).text
    for said in ("주문 수가 다름", "주문금액이 다름", "<strong>1</strong>", "<strong>20,000</strong>", "5월.pdf"):
        assert said in page
    desk.submit(f"{PAGE}/statement", STATED | {"orders": "2", "order_amount": "40000"})
    page = desk.get(answer.location).text
    assert "다름" not in page
    assert "모두 맞음" in page


def test_fees_that_differ_are_explained_figure_by_figure(office, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    stated = STATED | {"orders": "2", "order_amount": "40,000", "delivery_fee": "6,600", "payment_fee": "1000"}
    answer = desk.submit(f"{PAGE}/statement", stated)
    assert answer.status_code == 302, problems(answer)
    page = desk.get(answer.location).text
    assert "비용이 다름" in page
    assert '<span class="ie-row-note">배달비</span>' in page
    page = desk.get(f"{PAGE}/2026-05/baemin").text
    for said in (
        "<strong>600</strong>",
        "부가세가 들어간 금액 같습니다",
        "알리지 않아 비교하지 않습니다",
        "baemin-2026-05.csv",
    ):
        assert said in page
    assert page.count("<strong>600</strong>") == 1
    assert page.count("비교하지 않습니다") == 2
    assert desk.get(f"{PAGE}/2026-05/yogiyo").status_code == 404
    assert desk.get(f"{PAGE}/2026-13/baemin").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"delivery_fee": "조금"}, "배달비"),
        ({"platform": "nobody"}, "플랫폼"),
        ({"period": "5월"}, "정산 월"),
        ({"orders": "-1"}, "주문 수"),
        ({"order_amount": "많음"}, "주문금액 합계"),
        ({"source": " "}, "정산서 파일 이름"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(office, client_of: ClientOf, changed, said: str) -> None:
    answer = client_of(office.reviewer).submit(f"{PAGE}/statement", STATED | changed)
    assert answer.status_code == 422
    assert any(line.startswith(said) for line in problems(answer))


def test_another_office_finds_nothing_of_our_month(session, office, client_of: ClientOf) -> None:
    hadong = make_organisation(session, "hadong", name="하동군(데모)")
    stranger = client_of(make_official(session, Role.REVIEWER, organisation=hadong))
    assert client_of(office.reviewer).get(f"{PAGE}/2026-05/baemin").status_code == 200
    assert stranger.get(f"{PAGE}/2026-05/baemin").status_code == 404


def test_an_office_without_data_sees_an_empty_page(session, client_of: ClientOf, stores, lines) -> None:
    desk = client_of(Office(session, stores, lines).reviewer)
    assert "대조할 자료가 없습니다" in desk.get(PAGE).text


def test_the_page_takes_the_same_number_of_statements_for_many(office, client_of: ClientOf, statement_counter) -> None:
    desk = client_of(office.reviewer)
    counts = []
    for platform in ("yogiyo", "ttaengyo", "meokkaebi"):
        office.deliver([line("S1", "2026-05-03 12:00")], "2026-05", platform=platform)
        with statement_counter() as statements:
            desk.get(PAGE)
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 9, counts
