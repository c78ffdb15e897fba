"""Officials see orders on which deliveries disagree, both versions side by side, and say which one counts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.settlements import received_seq
from portal.models.accounts import User
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.clients import PortalClient
from tests.factories import make_official
from tests.pages import problems
from tests.settled import Office, line

ClientOf = Callable[[User], PortalClient]
QUEUE = "/office/settlements/conflicts"


@pytest.fixture
def office(session: Session, stores: Stores, lines: LineStore) -> Office:
    return Office(session, stores, lines)


@pytest.fixture
def told(office: Office) -> list[int]:
    """The receipts of two statements about one order, the earlier first."""
    rows = [[line("S1", "2026-05-03 12:00", fee=fee, order_no="=A1")] for fee in (3_000, 2_000)]
    return [received_seq(office.deliver(each, "2026-05").delivery.id, 1) for each in rows]


def test_both_versions_stand_side_by_side_with_their_deliveries(office, told, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    queue = desk.get(QUEUE).text
    assert f'href="{QUEUE}/{told[1]}"' in queue
    page = desk.get(f"{QUEUE}/{told[1]}").text
    assert page.index("<strong>2,000원</strong>") < page.index("<strong>3,000원</strong>")
    assert page.count("원</strong>") == 2
    for number in (seq >> 24 for seq in told):
        assert f'href="/office/settlements/{number}"' in page


def test_the_earlier_version_is_decided_and_the_queue_is_empty(office, told, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    earlier, later = told
    refused = desk.submit(f"{QUEUE}/{later}/decision", {"counts": str(earlier), "reason": ""})
    assert refused.status_code == 422
    assert any("사유" in line for line in problems(refused))
    answer = desk.submit(f"{QUEUE}/{later}/decision", {"counts": str(earlier), "reason": "플랫폼에 전화로 확인함"})
    assert answer.status_code == 302, problems(answer)
    page = desk.get(QUEUE).text
    assert "서로 다르게 적힌 주문이 없습니다" in page
    assert "플랫폼에 전화로 확인함" in page
    assert "먼저 받은 내용(다시 올림)" in page


def test_an_order_of_two_months_says_so_and_names_the_months(office, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    earlier, later = (
        received_seq(
            office.deliver([line("S1", f"2026-{month}-03 12:00", order_no="A1")], f"2026-{month}").delivery.id, 1
        )
        for month in ("04", "05")
    )
    queue = desk.get(QUEUE).text
    assert "두 달에 걸침" in queue
    assert "2026. 4., 2026. 5." in queue
    page = desk.get(f"{QUEUE}/{later}").text
    assert "다른 달의 자료에 같은 주문번호가 있습니다" in page
    answer = desk.submit(f"{QUEUE}/{later}/decision", {"counts": str(earlier), "reason": "4월 주문이 맞음"})
    assert answer.status_code == 302, problems(answer)
    assert "서로 다르게 적힌 주문이 없습니다" in desk.get(QUEUE).text


def test_an_order_of_one_month_speaks_of_no_other(told, office, client_of: ClientOf) -> None:
    page = client_of(office.reviewer).get(f"{QUEUE}/{told[1]}").text
    assert "다른 달의 자료" not in page
    assert "먼저 받은 내용" in page


def test_a_decided_conflict_is_said_to_be_decided(office, told, client_of: ClientOf) -> None:
    desk = client_of(office.reviewer)
    decision = {"counts": str(told[1]), "reason": "확인함"}
    assert desk.submit(f"{QUEUE}/{told[1]}/decision", decision).status_code == 302
    assert desk.submit(f"{QUEUE}/{told[1]}/decision", decision).status_code == 409
    assert desk.get(f"{QUEUE}/{told[1]}").status_code == 409


def test_a_reader_sees_the_versions_but_decides_nothing(session, office, told, client_of: ClientOf) -> None:
    auditor = client_of(make_official(session, Role.AUDITOR))
    page = auditor.get(f"{QUEUE}/{told[1]}").text
    assert "맞는 내용 정하기" not in page
    assert auditor.submit(f"{QUEUE}/{told[1]}/decision", {"counts": str(told[1]), "reason": "x"}).status_code == 403


def test_the_queue_takes_the_same_number_of_statements_for_many(office, client_of: ClientOf, statement_counter) -> None:
    desk = client_of(office.reviewer)
    counts = []
    for number in range(3):
        for fee in (3_000, 2_000):
            office.deliver([line("S1", "2026-05-03 12:00", fee=fee, order_no=f"A{number}")], "2026-05")
        with statement_counter() as statements:
            desk.get(QUEUE)
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 9, counts
