"""Pages of evidence: a merchant hands a document in, officials see it, enter its lines, refuse or confirm it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.evidence import EvidenceKind, EvidenceStatus
from portal.models.accounts import User
from portal.models.evidence import Evidence
from portal.queries import evidence as queries
from portal.services import evidence
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests.applying import PDF
from tests.clients import PortalClient
from tests.evidenced import INVOICE, Desk, own_log, read_off
from tests.factories import make_merchant_user, make_official
from tests.pages import fields, problems, text_of
from tests.settled import Office, Shop, line

ClientOf = Callable[[User], PortalClient]


@pytest.fixture
def desk(session: Session, stores: Stores, lines: LineStore) -> Desk:
    return Desk(Office(session, stores, lines))


@pytest.fixture
def shop(desk: Desk) -> Shop:
    return desk.office.grant(trade_name="섬진강 국밥")


def filled(shop: Shop, desk: Desk, **changes: object) -> dict[str, object]:
    return {
        "place": f"{shop.merchant.id}-{desk.office.programme.programme.organisation_id}",
        "kind": "statement",
        "platform": "barogo",
        "period": "2026-05",
        "total": "7,000",
        "document_number": "",
        "file": (io.BytesIO(PDF), "바로고-5월.pdf"),
        **changes,
    }


def only(session: Session) -> Evidence:
    return session.scalars(select(Evidence).execution_options(populate_existing=True)).one()


# the merchant


def test_a_merchant_hands_a_document_in_and_sees_it(desk, shop, session, client_of: ClientOf) -> None:
    own = client_of(shop.owner)
    answer = own.submit("/my/evidence/new", filled(shop, desk))
    assert answer.status_code == 302, problems(answer)
    found = only(session)
    assert (found.total, found.platform, found.status) == (7_000, "barogo", EvidenceStatus.SUBMITTED)
    page = own.get(answer.location).text
    assert "바로고-5월.pdf" in page
    assert own.get(f"/my/evidence/{found.id}/document").data == PDF
    assert f"/my/evidence/{found.id}" in own.get("/my/evidence").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"platform": "own-delivery"}, "배달 대장은"),
        ({"kind": "tax_invoice"}, "승인번호 24자리"),
        ({"period": "5월"}, "연-월"),
        ({"total": "칠천"}, "숫자로"),
        ({"file": (io.BytesIO(b"MZ program"), "a.exe")}, "올릴 수 없는 형식"),
        ({"file": (io.BytesIO(b"%PDF-1.4 cut"), "a.pdf")}, "끝까지 저장되지"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk, shop, session, client_of: ClientOf, changes, said: str) -> None:
    answer = client_of(shop.owner).submit("/my/evidence/new", filled(shop, desk, **changes))
    assert answer.status_code == 422
    assert any(said in sentence for sentence in problems(answer)), problems(answer)
    assert session.scalar(select(Evidence.id)) is None


def test_a_sheet_is_taken_too(desk, shop, session, client_of: ClientOf) -> None:
    sheet = "날짜,금액\n2026-05-03,3500\n".encode("cp949")
    own = client_of(shop.owner)
    answer = own.submit("/my/evidence/new", filled(shop, desk, file=(io.BytesIO(sheet), "대장.csv")))
    assert answer.status_code == 302, problems(answer)
    assert only(session).media_type == "text/csv"


def test_the_same_file_again_is_said_to_be_there(desk, shop, client_of: ClientOf) -> None:
    own = client_of(shop.owner)
    assert own.submit("/my/evidence/new", filled(shop, desk)).status_code == 302
    again = own.submit("/my/evidence/new", filled(shop, desk, file=(io.BytesIO(PDF), "다른 이름.pdf")))
    assert again.status_code == 409
    assert any("이미 낸 파일" in sentence for sentence in problems(again))


def test_another_merchant_finds_nothing(desk, shop, session, client_of: ClientOf) -> None:
    found = desk.submit(shop)
    stranger = client_of(make_merchant_user(session))
    assert "먼저 지원을 신청해" in stranger.get("/my/evidence").text
    for address in (f"/my/evidence/{found.id}", f"/my/evidence/{found.id}/document"):
        assert stranger.get(address).status_code == 404
    assert stranger.submit(f"/my/evidence/{found.id}/withdrawal").status_code == 404


def test_the_merchant_reads_why_a_document_or_a_line_was_not_accepted(desk, shop, session, client_of: ClientOf) -> None:
    refused = desk.submit(shop)
    evidence.refuse(session, refused.id, note="날짜가 보이지 않습니다.", by=desk.first, at=refused.submitted_at)
    lines = read_off(3, order_no="B1"), read_off(4, not_accepted="포장 주문입니다."), read_off(3, order_no="B1")
    kept = desk.confirm(desk.put_up(desk.submit(shop), *lines))
    own = client_of(shop.owner)
    assert "날짜가 보이지 않습니다." in own.get(f"/my/evidence/{refused.id}").text
    page = text_of(own.get(f"/my/evidence/{kept.id}").text)
    assert "포장 주문입니다." in page
    assert "문서 안에 두 번" in page
    assert page.count("인정 안 함") == 1


# the officials


def grid(*rows: dict[str, str]) -> dict[str, str]:
    return {f"lines-{place}-{name}": value for place, row in enumerate(rows) for name, value in row.items()}


def test_an_official_enters_saves_and_puts_up_and_another_confirms(desk, shop, session, client_of: ClientOf) -> None:
    found = desk.submit(shop)
    address = f"/office/evidence/{found.id}"
    first = client_of(desk.office.reviewer)
    assert "섬진강 국밥" in first.get("/office/evidence").text
    row = {"day": "3", "clock": "1830", "status": "completed", "order_amount": "20,000"}
    saved = first.submit(f"{address}/lines", {"intent": "save", "fee_each": "3,500", **grid(row)})
    assert (saved.status_code, only(session).status) == (302, EvidenceStatus.IN_ENTRY), problems(saved)
    shown = fields(first.get(f"{address}/lines"))
    assert (shown["lines-0-clock"], shown["lines-0-delivery_fee"]) == ("18:30", "3,500")
    assert "lines-10-day" in shown, "there is always room for more"
    rows = [row | {"delivery_fee": "3,500"}, row | {"day": "2026-05-04", "delivery_fee": "3,500"}]
    assert first.submit(f"{address}/lines", {"intent": "submit", **grid(*rows)}).status_code == 302
    page = first.get(address).text
    assert "줄을 적은 사람은 확인할 수 없습니다" in page
    assert "문서와 맞습니다" in page
    assert first.submit(f"{address}/confirmation").status_code == 403
    second = client_of(make_official(session, Role.REVIEWER))
    assert second.submit(f"{address}/confirmation").status_code == 302
    confirmed = only(session)
    assert confirmed.status is EvidenceStatus.CONFIRMED
    assert f'href="/office/settlements/{confirmed.delivery_id}"' in second.get(address).text
    assert f'href="{address}"' in second.get(f"/office/settlements/{confirmed.delivery_id}").text


@pytest.mark.parametrize(
    ("row", "box", "said"),
    [
        ({"day": "32", "clock": "12:00"}, "lines-0-day", "날짜를 숫자로"),
        ({"day": "3", "clock": "25:00"}, "lines-0-clock", "시각을 시:분으로"),
        ({"day": "3"}, "lines-0-clock", "입력해 주세요"),
        ({"day": "3", "clock": "12:00", "order_amount": "-5"}, "lines-0-order_amount", "0원 이상"),
        ({"day": "3", "clock": "12:00", "order_amount": "9" * 12}, "lines-0-order_amount", "범위"),
        ({"day": "3", "clock": "12:00", "origin_key": "배민"}, "lines-0-origin_key", "플랫폼 코드"),
    ],
)
def test_a_slip_is_said_in_its_box(desk, shop, client_of: ClientOf, row, box: str, said: str) -> None:
    found = desk.submit(shop)
    answer = client_of(desk.office.reviewer).submit(
        f"/office/evidence/{found.id}/lines", {"intent": "save", **grid(row)}
    )
    assert answer.status_code == 422
    assert any(said in sentence for sentence in problems(answer)), problems(answer)
    assert f'href="#{box}"' in answer.text


def test_a_month_that_has_no_such_day_is_noticed(desk, shop, client_of: ClientOf) -> None:
    found = desk.submit(shop, period="2026-04")
    row = grid({"day": "31", "clock": "12:00"})
    answer = client_of(desk.office.reviewer).submit(f"/office/evidence/{found.id}/lines", {"intent": "save", **row})
    assert (answer.status_code, len(problems(answer))) == (422, 1)


def test_a_table_is_pasted_below_what_is_there_and_keeps_what_the_grid_does_not_show(desk, shop, client_of) -> None:
    found = desk.write(desk.submit(shop), read_off(3))
    address, first = f"/office/evidence/{found.id}", client_of(desk.office.reviewer)
    header = "ordered_at\torder_no\torder_amount\tdelivery_fee\tdelivery_support\r\n"
    pasted = header + "2026.5.4 9:05\tB2\t18,000\t3,500\t500\r\n"
    assert first.submit(f"{address}/table", {"text": pasted}).status_code == 302
    shown = fields(first.get(f"{address}/lines"))
    assert (shown["lines-1-order_no"], shown["lines-1-delivery_support"]) == ("B2", "500")
    rows = [
        {name.split("-", 2)[2]: value for name, value in shown.items() if name.startswith(f"lines-{place}-")}
        for place in (0, 1)
    ]
    assert first.submit(f"{address}/lines", {"intent": "save", **grid(*rows)}).status_code == 302
    desk.office.session.expire_all()
    assert [line.delivery_support for line in evidence.typed(found)] == [0, 500]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "비어 있습니다"),
        ("ordered_at\n", "한 줄도 없습니다"),
        ("order_no\n1\n", "ordered_at"),
        ("ordered_at,tip\n2026-05-03 12:00,5\n", "tip"),
        ("ordered_at,order_amount\n2026-05-03 12:00,twenty\n", "1번째 줄 order_amount"),
        ("ordered_at\n2026-05-03 12:00\nyesterday\n", "2번째 줄 ordered_at"),
        ("ordered_at\n2026-06-03 12:00\n", "문서의 달을 벗어난"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_whole(desk, shop, client_of: ClientOf, text: str, said: str) -> None:
    found = desk.submit(shop)
    answer = client_of(desk.office.reviewer).submit(f"/office/evidence/{found.id}/table", {"text": text})
    assert answer.status_code == 422
    assert any(said in sentence for sentence in problems(answer)), problems(answer)
    assert found.lines == []


def test_what_was_told_before_stands_beside_the_line(desk, shop, client_of: ClientOf) -> None:
    told = desk.office.deliver(
        [line("BR1", "2026-05-03 12:00", order_no="B1", fee=3_000)], "2026-05", platform="barogo"
    )
    found = desk.put_up(desk.submit(shop), read_off(3, order_no="B1"))
    page = client_of(desk.office.reviewer).get(f"/office/evidence/{found.id}").text
    assert "다르게 받은 주문" in page
    assert f'href="/office/settlements/{told.delivery.id}"' in page


def test_the_same_document_elsewhere_is_said_first(desk, shop, session, client_of: ClientOf) -> None:
    shared = {"kind": EvidenceKind.TAX_INVOICE, "document_number": INVOICE}
    other = desk.submit(desk.office.grant(trade_name="산수유 분식"), **shared)
    found = desk.put_up(desk.submit(shop, **shared), read_off(3))
    second = client_of(make_official(session, Role.REVIEWER))
    page = second.get(f"/office/evidence/{found.id}").text
    assert "다른 건에도 있는 문서입니다: 같은 문서번호" in page
    assert f'href="/office/evidence/{other.id}"' in page
    refused = second.submit(f"/office/evidence/{found.id}/confirmation")
    assert refused.status_code == 409
    assert "한쪽을 반려한 뒤" in refused.text


def test_a_document_is_refused_or_given_back_only_with_a_reason(desk, shop, session, client_of: ClientOf) -> None:
    found = desk.put_up(desk.submit(shop), read_off(3))
    address, second = f"/office/evidence/{found.id}", client_of(make_official(session, Role.REVIEWER))
    for page in ("return", "refusal"):
        assert second.submit(f"{address}/{page}", {"note": " "}).status_code == 422
    assert second.submit(f"{address}/return", {"note": "시각이 다릅니다."}).status_code == 302
    assert only(session).status is EvidenceStatus.IN_ENTRY
    assert second.submit(f"{address}/refusal", {"note": "다른 가게의 문서입니다."}).status_code == 302
    assert queries.reasons(session, [found.id]) == {found.id: "다른 가게의 문서입니다."}


def test_a_reader_reads_and_does_nothing(desk, shop, session, client_of: ClientOf) -> None:
    found = desk.put_up(desk.submit(shop, **own_log()), read_off(3))
    auditor = client_of(make_official(session, Role.AUDITOR))
    page = auditor.get(f"/office/evidence/{found.id}").text
    assert "확인하고 받기" not in page
    assert auditor.submit(f"/office/evidence/{found.id}/confirmation").status_code == 403
    assert auditor.get(f"/office/evidence/{found.id}/document").status_code == 200


def test_the_queue_takes_the_same_number_of_statements_for_many(desk, shop, client_of, statement_counter) -> None:
    first, counts = client_of(desk.office.reviewer), []
    for _each in range(3):
        desk.submit(shop)
        with statement_counter() as statements:
            first.get("/office/evidence")
        counts.append(len(statements))
    assert counts[0] == counts[-1] <= 6, counts
