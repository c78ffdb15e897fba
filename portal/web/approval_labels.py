"""What is said of approvals: matters, statuses of bands, what was done with them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.approvals import BandStatus, Matter

MATTERS = {
    Matter.DECISION: _("교부 결정"),
    Matter.CLAIMS: _("한 달 지원금 승인"),
    Matter.PAYMENT_RUN: _("지급 목록 내보내기"),
    Matter.RECOVERY_ORDER: _("환수 결정"),
    Matter.WRITE_OFF: _("결손 처분"),
    Matter.OBJECTION: _("이의신청 결정"),
}

# status -> (label, tone)
STATUSES = {
    BandStatus.PROPOSED: (_p("한도", "확인 대기"), "progress"),
    BandStatus.IN_FORCE: (_p("한도", "적용"), "success"),
    BandStatus.ENDING: (_p("한도", "없애기 확인 대기"), "attention"),
    BandStatus.ENDED: (_p("한도", "끝남"), "neutral"),
    BandStatus.REFUSED: (_p("한도", "확인하지 않음"), "neutral"),
}

ACTIONS = {
    ("interest_declaration", "declare_none"): _("이해관계 없음"),
    ("interest_declaration", "declare_interest"): _("이해관계 있음"),
    ("absence", "enter"): _("부재 적음"),
    ("absence", "end"): _("부재 끝냄"),
    ("approval", "acknowledge"): _("대결 문서 확인"),
    ("claim", "lapse"): _("내용이 바뀌어 승인 효력 잃음"),
    ("approval_band", "propose"): _("결재 한도 올림"),
    ("approval_band", "confirm"): _p("한도", "확인"),
    ("approval_band", "refuse"): _p("한도", "확인하지 않음"),
    ("approval_band", "ask_end"): _("없애기"),
}


def mark(delegated: bool, in_place: bool) -> object:
    """How something was signed, as the boxes of a document say it."""
    if in_place:
        return _("대결(위임전결 사항)") if delegated else _("대결")
    return _("전결") if delegated else _("결재")
