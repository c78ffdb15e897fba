"""What the statistics' tables and columns are called on paper and in files, and what each figure means."""

from __future__ import annotations

from portal.domain.periods import document_time
from portal.domain.statistics import Dimension, Funnel, Rate, Statistics


def N_(text: str) -> str:
    return text


TITLES: dict[Dimension, str] = {
    Dimension.MONTH: N_("이용한 달"),
    Dimension.PAY_MONTH: N_("지급한 달"),
    Dimension.REGION: N_("지역(읍·면)"),
    Dimension.DIVISION: N_("업종(중분류)"),
    Dimension.INDUSTRY: N_("업종(세세분류)"),
    Dimension.PLATFORM: N_("플랫폼"),
    Dimension.ITEM: N_("지원 항목"),
}
STEPS = 4  # of funnel_said(): those that lead on; the others end
UNIT = "(단위: 건, 곳, 원)"
ZERO = N_("'-'는 0입니다.")
ROUNDING = N_("비율은 소수점 둘째 자리에서 반올림하였습니다.")
KSIC = "KSIC"
INTERNAL = N_("내부용")
INTERNAL_NOTE = N_("작은 수를 가리지 않은 내부용 통계입니다. 그대로 공개하지 마십시오.")

DEFINITIONS: tuple[tuple[str, str], ...] = (
    (N_("예산현액"), N_("사업에 배정된 예산")),
    (N_("교부결정액"), N_("교부 결정으로 지원하기로 약속한 금액(지급 전·후 모두 포함)")),
    (N_("실집행액"), N_("은행이 가맹점 계좌에 입금한 것이 확인되어 장부에 적힌 금액에서 환수한 금액을 뺀 것")),
    (N_("환수"), N_("가맹점에서 돌려받은 지원금. 달·지역·업종별 표의 지급액에서는 빼지 않음")),
    (N_("잔액"), N_("예산현액에서 교부결정액을 뺀 금액")),
    (N_("교부 집행률"), N_("교부결정액 ÷ 예산현액")),
    (N_("실집행률"), N_("실집행액 ÷ 예산현액")),
    (N_("신청"), N_("제출된 신청(작성 중인 것은 뺌)")),
    (N_("적격"), N_("검토 담당자가 요건을 갖추었다고 보아 결재를 올린 신청")),
    (N_("교부결정"), N_("교부하기로 결정한 신청")),
    (N_("지급"), N_("한 번이라도 지급이 끝난 신청")),
    (N_("지원 가맹점"), N_("지급이 끝난 가맹점. 합계에서는 여러 행에 있어도 한 번만 세므로 행의 합보다 작을 수 있음")),
    (N_("지원 건수"), N_("지급된 배달·홍보 건수. 한 주문이 두 항목을 지원받으면 항목마다 1건")),
    (N_("이용한 달"), N_("신청은 제출한 달, 교부결정은 결정한 달, 지급은 비용이 생긴 달 기준")),
    (N_("지급한 달"), N_("은행이 입금한 달 기준")),
    (N_("지역"), N_("사업장 소재지. 없어진 행정구역은 이어받은 곳으로 셈(2026. 7. 1. 개편 반영)")),
    (N_("업종"), N_("한국표준산업분류(KSIC). 같은 번호라도 차수가 다르면 따로 셈")),
)


GRANT_RATE = N_("교부 집행률 %(rate)s: 예산 가운데 지원하기로 결정한 금액의 비율입니다.")
PAID_RATE = N_("실집행률 %(rate)s: 예산 가운데 가맹점 계좌에 실제로 들어간 금액의 비율입니다.")
WHY_DIFFERENT = N_(
    "결정한 지원금은 매달 이용 실적을 확인한 뒤 나누어 지급하므로, 실집행률은 교부 집행률보다 늦게 올라갑니다."
)


def figure(number: int) -> str:
    """`1,234`; a dash for zero, as official tables have it."""
    return f"{number:,}" if number else "-"


def percent(rate: Rate) -> str:
    """`41.2%`; a dash where there is no budget."""
    found = rate.percent()
    return "-" if found is None else f"{found}%"


def source_said(statistics: Statistics) -> str:
    """Where the figures come from and as of when, for the foot of every product."""
    upto = f"이음 지급 원장 {statistics.cut_off}번 기록까지"
    return f"{statistics.organisation} {upto}, {document_time(statistics.as_of)} 기준"


def checked_said(statistics: Statistics) -> str:
    """The check that `check()` has made (invariant I18)."""
    return f"통계 합계 {statistics.ledger_paid:,}원 = 장부 합계 {statistics.ledger_paid:,}원 (모든 표에서 일치)"


def funnel_said(funnel: Funnel) -> tuple[tuple[str, int], ...]:
    """The steps, then how the others ended, as rows."""
    return (
        (N_("신청"), funnel.applied),
        (N_("적격"), funnel.eligible),
        (N_("교부결정"), funnel.selected),
        (N_("지급"), funnel.paid),
        (N_("불선정"), funnel.rejected),
        (N_("취하·반려"), funnel.withdrawn),
        (N_("처리 중"), funnel.waiting),
    )
