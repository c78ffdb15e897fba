"""Letters as the tests render them: ordinary ones and impossible ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

from reports.letters.decision import DecisionLetter
from reports.letters.document import Envelope, Office, Signature
from reports.letters.payment import PaidClaim, PaymentLetter
from reports.letters.rejection import RejectionLetter
from reports.letters.supplement import SupplementLetter

OFFICE = Office(
    name="구례군(데모)",
    head_title="구례군수(데모)",
    unit="경제활력과",
    official="김서연",
    phone="061-000-0000",
    email="o2o@gurye.example",
    address="구례군(데모)",
)


def envelope(title: str, *, recipient: str = "섬진강 국밥(대표 홍길동)", demo: bool = True) -> Envelope:
    return Envelope(
        document_number="경제활력과-12",
        issued_at=datetime(2026, 11, 22, 5, tzinfo=UTC),
        recipient=recipient,
        title=title,
        office=OFFICE,
        signatures=(Signature("기안", "주무관", "김서연"), Signature("결재", "경제활력과장", "최민수")),
        verification_code="ABCD-EFGH-JKMN-PQRS",
        verification_url="http://127.0.0.1:8000/verify/ABCD-EFGH-JKMN-PQRS",
        demo=demo,
    )


def decision(
    *, recipient: str = "섬진강 국밥(대표 홍길동)", trade_name: str = "섬진강 국밥", demo: bool = True
) -> DecisionLetter:
    return DecisionLetter(
        envelope=envelope("교부결정 통지", recipient=recipient, demo=demo),
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        trade_name=trade_name,
        business_number="124-81-00998",
        receipt_number="GR26-23456-789AB-CDEFG",
        amount=413_560,
        funding=(("국비", 206_780), ("시·도비", 62_034), ("군비", 144_746)),
        paid_how="매월 플랫폼 정산자료로 산정하여 신청하신 계좌로 지급합니다.",
        settled_by="회계연도가 끝난 뒤 2개월 이내에 정산합니다.",
        appeal_until=date(2026, 12, 22),
        appeal_days=30,
        act="보조금 관리에 관한 법률 제37조",
        example_note="비율과 한도는 예시입니다.",
    )


def rejection() -> RejectionLetter:
    return RejectionLetter(
        envelope=envelope("불선정 통지"),
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        trade_name="섬진강 국밥",
        business_number="124-81-00998",
        receipt_number="GR26-23456-789AB-CDEFG",
        reasons=("배달 서비스를 이용한 사실이 확인되지 않습니다.",),
        appeal_until=date(2026, 12, 22),
        appeal_days=30,
        act="보조금 관리에 관한 법률 제37조",
    )


def supplement() -> SupplementLetter:
    return SupplementLetter(
        envelope=envelope("보완 요구"),
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        trade_name="섬진강 국밥",
        receipt_number="GR26-23456-789AB-CDEFG",
        items=("매출 증빙을 다시 올려 주십시오.",),
        due_on=date(2026, 12, 1),
    )


def payment(months: int = 3) -> PaymentLetter:
    claims = tuple(PaidClaim(f"2026년 {month}월", month * 3, 10_010) for month in range(1, months + 1))
    total = sum(claim.amount for claim in claims)
    return PaymentLetter(
        envelope=envelope("지급 통지"),
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        trade_name="섬진강 국밥",
        claims=claims,
        funding=(("국비", total),),
        bank="농협은행",
        account="1234-**-***678",
        holder="홍*동",
        paid_on=date(2026, 11, 20),
    )
