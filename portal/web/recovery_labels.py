"""What the codes of recoveries are called on screen, and how a line of an order was found."""

from __future__ import annotations

from flask_babel import gettext, pgettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.letters import LetterKind
from portal.domain.recoveries import ChargeKind, Origin, ReceiptKind
from portal.domain.recoveries import RecoveryStatus as S
from portal.domain.recovery_amounts import Charge
from portal.domain.recovery_rates import Cause

STATUSES = {
    S.OPENED: (_p("환수", "검토 중"), "progress"),
    S.NOTICED: (_p("환수", "의견 기다림"), "attention"),
    S.ANSWERED: (_p("환수", "의견 받음"), "progress"),
    S.HEARD: (_p("환수", "결정안 작성"), "progress"),
    S.DRAFTED: (_p("환수", "결재 중"), "progress"),
    S.ORDERED: (_p("환수", "납부 기다림"), "attention"),
    S.INSTALMENTS_PROPOSED: (_p("환수", "분할 납부 결재 중"), "attention"),
    S.IN_INSTALMENTS: (_p("환수", "나누어 내는 중"), "attention"),
    S.WRITE_OFF_PROPOSED: (_p("환수", "결손 결재 중"), "attention"),
    S.SETTLED: (_p("환수", "모두 받음"), "success"),
    S.WRITTEN_OFF: (_p("환수", "결손 처분"), "neutral"),
    S.DROPPED: (_p("환수", "환수하지 않음"), "neutral"),
    S.WITHDRAWN: (_p("환수", "환수 명령 거둠"), "neutral"),
}
CHOICES = tuple((each.value, label) for each, (label, _tone) in STATUSES.items())

# what a merchant is told of where their case stands
FOR_MERCHANTS = {
    S.OPENED: _("담당 기관이 알려 주신 내용을 살펴보고 있습니다. 지금 하실 일은 없습니다."),
    S.NOTICED: _("아직 결정된 것은 없습니다. 하실 말씀이 있으면 기한까지 적어 주세요."),
    S.ANSWERED: _("내신 의견을 살펴보고 있습니다. 지금 하실 일은 없습니다."),
    S.HEARD: _("내신 의견을 살펴보고 있습니다. 지금 하실 일은 없습니다."),
    S.DRAFTED: _("내신 의견을 살펴보고 있습니다. 지금 하실 일은 없습니다."),
    S.ORDERED: _("돌려주실 금액이 정해졌습니다. 기한까지 내 주세요."),
    S.INSTALMENTS_PROPOSED: _("나누어 내는 것을 결재하고 있습니다. 결과를 문서로 알려 드립니다."),
    S.IN_INSTALMENTS: _("정해진 날짜마다 나누어 내 주세요."),
    S.WRITE_OFF_PROPOSED: _("남은 금액을 어떻게 할지 담당 기관이 살펴보고 있습니다."),
    S.SETTLED: _("모두 받았습니다. 더 하실 일은 없습니다."),
    S.WRITTEN_OFF: _("남은 금액은 받지 않기로 했습니다. 더 하실 일은 없습니다."),
    S.DROPPED: _("돌려받지 않기로 했습니다. 더 하실 일은 없습니다."),
    S.WITHDRAWN: _("이의신청을 받아들여 환수 명령을 거두었습니다. 더 하실 일은 없습니다."),
}

# what the first page asks a merchant to do
TODO = {
    S.NOTICED: _("지원금 환수 안내를 읽고 하실 말씀이 있으면 적어 주세요"),
    S.ORDERED: _("돌려주실 지원금이 정해졌습니다. 기한까지 내 주세요"),
    S.IN_INSTALMENTS: _("나누어 내실 지원금의 납부기한이 다가옵니다"),
}

ORIGINS = {
    Origin.CORRECTED: _("정산자료 정정"),
    Origin.AUDIT: _("감사·점검"),
    Origin.OWN_NOTICE: _("자진 신고"),
}
CAUSES = {
    Cause.HONEST: _("단순 착오"),
    Cause.CORRECTED: _("자료 정정"),
    Cause.FALSE: _("거짓이나 부정한 방법"),
    Cause.OTHER_USE: _("다른 용도로 사용"),
    Cause.INELIGIBLE: _("지원 요건을 갖추지 못함"),
}
CHARGES = {
    ChargeKind.PRINCIPAL: _("원금"),
    ChargeKind.INTEREST: _("이자"),
    ChargeKind.SURCHARGE: _("제재부가금"),
    ChargeKind.LATE: _("가산금"),
}
RECEIPTS = {
    ReceiptKind.CASH: _("납부"),
    ReceiptKind.NETTED: _("지원금에서 뺌(상계)"),
    ReceiptKind.WRITTEN_OFF: _("결손 처분"),
}
LETTERS = {
    LetterKind.RECOVERY_NOTICE: _("환수 사전통지서"),
    LetterKind.RECOVERY_ORDER: _("환수 명령서"),
    LetterKind.RECOVERY_INSTALMENTS: _("분할 납부 승인 통지서"),
    LetterKind.RECOVERY_CLOSED: _("환수 종결 통지서"),
}
ACTIONS = {
    ("payment", "net"): _("전액 상계"),
    ("recovery", "open"): _("환수 검토 시작"),
    ("recovery", "report"): _("자진 신고"),
    ("recovery", "notify"): _("사전통지 보내기"),
    ("recovery", "answer"): _("의견 냄"),
    ("recovery", "hear"): _("의견 검토 적기"),
    ("recovery", "draft"): _("환수 결정안 올리기"),
    ("recovery", "draft_credit"): _("대금 정정 올림"),
    ("recovery", "send_back"): _("결정안 돌려보내기"),
    ("recovery", "order"): _("환수 결정하기"),
    ("recovery", "drop"): _("환수하지 않기"),
    ("recovery", "agree_to_netting"): _("상계에 동의"),
    ("recovery", "receive_cash"): _("납부 받음"),
    ("recovery", "receive_netted"): _("지원금에서 뺌(상계)"),
    ("recovery", "receive_written_off"): _("결손 처분"),
    ("recovery", "propose_instalments"): _("분할 납부안 올리기"),
    ("recovery", "approve_instalments"): _("분할 납부 승인하기"),
    ("recovery", "refuse_instalments"): _("분할 납부 승인하지 않기"),
    ("recovery", "propose_write_off"): _("결손 처분안 올리기"),
    ("recovery", "write_off"): _("결손 처분 결정하기"),
    ("recovery", "keep"): _("결손 처분하지 않기"),
    ("recovery", "withdraw"): _("환수 명령 거두기 (이의신청 인용)"),
    ("recovery", "settle"): _("모두 받음"),
}

# an action with the page that takes it, in the order of the buttons; the first one possible is the main button
STEPS = (
    ("notify", "official.recoveries_notify"),
    ("hear", "official.recoveries_hear"),
    ("draft", "official.recoveries_draft"),
    ("order", "official.recoveries_order"),
    ("approve_instalments", "official.recovery_orders_approve_instalments"),
    ("write_off", "official.recovery_orders_write_off"),
    ("send_back", "official.recoveries_send_back"),
    ("refuse_instalments", "official.recovery_orders_refuse_instalments"),
    ("keep", "official.recovery_orders_keep"),
    ("propose_instalments", "official.recovery_orders_instalments"),
    ("propose_write_off", "official.recovery_orders_propose_write_off"),
    ("drop", "official.recoveries_drop"),
    ("withdraw", "official.recovery_orders_withdraw"),
)


def formula(line: Charge) -> str:
    """How a line was found: `100,000원 × 연 3.1% × 6/12`."""
    values = {"base": f"{line.base:,}", "percent": line.percent, "months": line.months}
    if line.kind is ChargeKind.INTEREST:
        return gettext("%(base)s원 × 연 %(percent)s%% × %(months)s/12", **values)
    if line.kind is ChargeKind.SURCHARGE:
        return gettext("%(base)s원 × %(percent)s%%", **values)
    if line.kind is ChargeKind.LATE:
        return gettext("밀린 %(base)s원 × %(percent)s%%까지", **values)
    return pgettext("환수", "지급액 가운데")
