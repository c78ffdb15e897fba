"""Letters as the tests render them: ordinary ones and impossible ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from reports.letters.decision import Changed, DecisionLetter
from reports.letters.document import Envelope, Office, Signature
from reports.letters.notice import NoticeLetter as ShortNotice
from reports.letters.objection import About as Objection
from reports.letters.objection import ExtensionLetter, ResultLetter
from reports.letters.payment import PaidClaim, PaymentLetter
from reports.letters.recovery import About, ClosedLetter, InstalmentsLetter, Line, NoticeLetter, OrderLetter
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


def _objection(title: str) -> Objection:
    return Objection(
        envelope=envelope(title),
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        trade_name="섬진강 국밥",
        business_number="124-81-00998",
        number="OBJ26-23456-789AB-CDEFG",
        filed_on=date(2026, 11, 9),
        against="불선정 통지서 경제활력과-7 (2026. 11. 2.)",
        purport="불선정 결정을 취소하고 선정해 주십시오.",
    )


def objection_extended() -> ExtensionLetter:
    return ExtensionLetter(
        about=_objection("이의신청 처리기간 연장 통지"),
        reasons=("세무서에 업종을 조회하고 있습니다.",),
        first_due_on=date(2026, 11, 23),
        due_on=date(2026, 12, 3),
        article="보조금법 제37조",
    )


def objection_result() -> ResultLetter:
    return ResultLetter(
        about=_objection("이의신청 결과 통지"),
        outcome="인용(받아들임)",
        reasons=("사업자등록증을 다시 확인한 결과 지원 제외 업종이 아닙니다.",),
        follows=("지원금 500,000원의 예산을 확보해 두었습니다.", "신청을 다른 담당자가 다시 심사합니다."),
        remedies=("행정심판: 이 통지를 받은 날부터 90일 이내(2027. 2. 22.까지) 청구합니다(행정심판법 제27조).",),
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


_BACK = (
    Line("원금", "국비", "지급액 가운데", "보조금법 제33조; 공공재정환수법 시행령 제4조", 50_000),
    Line("원금", "군비", "지급액 가운데", "지방보조금법 제34조; 공공재정환수법 시행령 제4조", 50_000),
    Line(
        "이자", "국비", "50,000원 × 연 3.1% × 6/12 (확인 필요)",
        "보조금법 제33조; 공공재정환수법 시행령 제4조; 국세기본법 시행령 제43조의3제2항", 775,
    ),
    Line(
        "이자", "군비", "50,000원 × 연 3.1% × 6/12 (확인 필요)",
        "지방보조금법 제34조; 공공재정환수법 시행령 제4조; 국세기본법 시행령 제43조의3제2항", 775,
    ),
    Line("제재부가금", "국비", "50,000원 × 500% (확인 필요)", "보조금법 제33조의2·시행령 별표 8", 250_000),
    Line("제재부가금", "군비", "50,000원 × 500% (확인 필요)", "지방보조금법 제35조·시행령 별표 2", 250_000),
)  # fmt: skip


def about(title: str) -> About:
    return About(
        envelope=envelope(title),
        programme="구례군 소상공인 O2O 서비스 지원 사업",
        trade_name="섬진강 국밥",
        business_number="124-81-00998",
        period="2026. 5.",
        reasons=("배달하지 않은 주문 세 건(5. 3., 5. 7., 5. 9.)을 배달한 것으로 꾸민 사실이 확인되었습니다.",),
    )


def recovery_notice() -> NoticeLetter:
    basis = ("보조금법 제33조; 공공재정환수법 시행령 제4조", "지방보조금법 제34조; 공공재정환수법 시행령 제4조")
    return NoticeLetter(about("환수 사전통지서"), _BACK, basis, date(2026, 12, 7), unverified=True)


def recovery_order() -> OrderLetter:
    return OrderLetter(
        about=about("환수 명령서"),
        principal_name="부정이익(원금)",
        principal=100_000,
        interest=1_550,
        surcharge=500_000,
        lines=_BACK,
        due_on=date(2026, 12, 22),
        opinion="실수였다고 하셨으나 같은 날 같은 시각의 주문이 되풀이되어 받아들이지 않았습니다.",
        appeals=(
            "이의신청: 보조금법 제37조에 따라 이 통지를 받은 날부터 30일 이내(2026. 12. 22.까지) "
            "구례군(데모) 경제활력과에 서면으로 신청할 수 있습니다.",
            "이의신청: 지방보조금법 제36조의2에 따라 이 통지를 받은 날부터 20일 이내(2026. 12. 14.까지) "
            "구례군(데모) 경제활력과에 서면으로 신청할 수 있습니다.",
        ),
        late=("다음에 지급할 지원금에서 빼거나 지급을 미룰 수 있습니다(보조금법 제32조).",),
        unverified=True,
    )


def recovery_instalments() -> InstalmentsLetter:
    schedule = ((date(2026, 12, 31), 50_000), (date(2027, 1, 31), 51_550))
    return InstalmentsLetter(about("분할 납부 승인 통지서"), schedule)


def recovery_closed() -> ClosedLetter:
    return ClosedLetter(
        about("환수 종결 통지서"), "남은 금액을 받지 않기로 하였습니다(결손 처분).", 601_550, 50_000, 551_550
    )


def notice() -> ShortNotice:
    return ShortNotice(
        envelope=envelope("지급 반송 안내"),
        opening="지급한 지원금이 은행에서 되돌아와 알려 드립니다. 아래와 같이 계좌를 고쳐 주시기 바랍니다.",
        facts=(
            ("상호", "섬진강 국밥"),
            ("지원금", "2026-05 분 123,450원"),
            ("보낸 계좌", "농협은행 ******5678 (홍*동)"),
            ("반송 사유", "계좌가 해지되어 있습니다."),
        ),
        sections=(
            ("하실 일", ("포털에 로그인하여 첫 화면의 ‘계좌 고치기’에서 다른 계좌를 적어 주십시오.",)),
            ("다시 지급하는 때", ("지원금은 그대로 확보되어 있으며, 다시 신청하실 필요는 없습니다.",)),
        ),
    )


def changed_decision() -> DecisionLetter:
    return replace(decision(), changed=Changed(500_000, ("배달 품목이 줄어 사업비를 낮추어 달라고 하였습니다.",)))
