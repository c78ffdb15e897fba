"""What is said of evidence from merchants: kinds, statuses, and what was told before of a line."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.evidence import EvidenceKind as Kind
from portal.domain.evidence import EvidenceStatus as Status
from portal.domain.evidence_lines import Told

KINDS = {
    Kind.STATEMENT: _("플랫폼·배달대행사 정산서"),
    Kind.TAX_INVOICE: _("전자세금계산서"),
    Kind.OWN_DELIVERY: _("자체배달 대장"),
}

# status -> (label, tone)
STATUSES = {
    Status.SUBMITTED: (_p("증빙", "접수"), "progress"),
    Status.IN_ENTRY: (_p("증빙", "확인 중"), "progress"),
    Status.ENTERED: (_p("증빙", "두 번째 확인 대기"), "progress"),
    Status.CONFIRMED: (_p("증빙", "확인 끝남"), "success"),
    Status.REFUSED: (_p("증빙", "반려"), "danger"),
    Status.WITHDRAWN: (_p("증빙", "취소함"), "neutral"),
}

ACTIONS = {
    ("evidence", "submit"): _("증빙 냄"),
    ("evidence", "write"): _("줄 적음"),
    ("evidence", "put_up"): _("확인 요청"),
    ("evidence", "confirm"): _("확인하고 받기"),
    ("evidence", "send_back"): _("다시 적게 하기"),
    ("evidence", "refuse"): _p("증빙", "반려"),
    ("evidence", "withdraw"): _("증빙 취소"),
}

# what was told before -> (label, tone, what it means)
TOLD = {
    Told.ALREADY: (_("이미 받은 주문"), "danger", _("같은 내용이 이미 있어 이 줄은 받지 않습니다.")),
    Told.TWICE_HERE: (_("문서 안에 두 번"), "danger", _("같은 줄이 위에 있어 이 줄은 받지 않습니다.")),
    Told.DIFFERENTLY: (
        _("다르게 받은 주문"),
        "attention",
        _("같은 주문번호가 다른 내용으로 이미 있습니다. 그대로 확인하면 ‘내용이 다른 주문’에서 어느 쪽인지 정합니다."),
    ),
    Told.ELSEWHERE: (
        _("다른 플랫폼도 알린 주문"),
        "neutral",
        _("같은 주문을 다른 플랫폼이 알렸습니다. 지원금은 한 번만 계산됩니다."),
    ),
    Told.ALIKE: (
        _("비슷한 주문이 있음"),
        "attention",
        _("이 가게의 같은 시각, 같은 금액 주문이 이미 있습니다. 같은 배달이면 인정하지 않는 사유를 적어 주세요."),
    ),
}


def outcome(row: Any, status: Status) -> tuple[object, str, object]:
    """What became of a line: label, tone and why."""
    if row.not_accepted:
        return _("인정 안 함"), "danger", row.not_accepted
    if row.refusal is not None:
        label, tone, _why = TOLD[row.refusal]
        return label, tone, gettext("같은 주문이 이미 자료에 있어 두 번 계산하지 않습니다.")
    if status is Status.CONFIRMED:
        return _("인정"), "success", ""
    return _("확인 전"), "neutral", ""
