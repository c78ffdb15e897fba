"""What standing in for a merchant is called on screen: capacities, statuses, steps."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.actors import Capacity
from portal.domain.mandates import MandateStatus
from portal.queries.audit import Happening

CAPACITIES = {
    Capacity.CONSENT: _("대리 입력"),
    Capacity.ATTORNEY: _p("대리", "대리인"),
    Capacity.ASSOCIATION: _p("대리", "상인회"),
}
PAPERS = {
    Capacity.CONSENT: _("서명한 동의서"),
    Capacity.ATTORNEY: _("위임장"),
    Capacity.ASSOCIATION: _("구성원의 동의"),
}

STATUSES = {
    MandateStatus: {
        MandateStatus.ACTIVE: (_p("대리", "유효"), "success"),
        MandateStatus.REVOKED: (_p("대리", "거둠"), "neutral"),
        MandateStatus.ENDED: (_p("대리", "끝남"), "neutral"),
    },
}

ACTIONS = {
    ("mandate", "give"): _("대리 시작"),
    ("mandate", "revoke"): _("위임 거두기"),
    ("mandate", "take_over"): _("본인이 계정을 넘겨받아 끝남"),
    ("mandate", "replace"): _("새 문서로 바뀜"),
    ("mandate", "begin_acting"): _("대신 일하기 시작"),
    ("application", "mark_signed"): _("서명한 대표자 표시"),
}

REFUSALS = {
    "activation_refused": _("코드나 사업자등록번호가 맞지 않거나, 이미 썼거나, 기한이 지난 코드입니다."),
    "too_many_attempts": _("여러 번 틀려서 15분 동안 막혔습니다. 잠시 뒤 다시 시도해 주세요."),
}


def by_whom(happening: Happening) -> str:
    """Who did it, and as what where they did it in a merchant's place."""
    if not happening.acts_as or not happening.person:
        return happening.person
    return f"{happening.person} ({CAPACITIES[Capacity(happening.acts_as)]})"
