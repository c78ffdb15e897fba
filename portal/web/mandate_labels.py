"""What standing in for a merchant is called on screen: capacities, statuses, steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.actors import Capacity
from portal.domain.identifiers import format_business_number, format_phone
from portal.domain.mandates import MandateStatus
from portal.domain.masking import mask_account
from portal.domain.proxy_entries import SALES, EntryStatus
from portal.queries.audit import Happening
from portal.web import codes, dates

_SHOWN: Mapping[str, Callable[[str], object]] = {
    "business_number": format_business_number,
    "phone": format_phone,
    "region_code": codes.region_name,
    "bank_code": codes.bank_name,
    "account_number": mask_account,
    "born_on": lambda text: dates.day(date.fromisoformat(text)),
    "opened_on": lambda text: dates.day(date.fromisoformat(text)),
}

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
    EntryStatus: {
        EntryStatus.WAITING: (_p("대리", "확인 전"), "attention"),
        EntryStatus.CONFIRMED: (_p("대리", "확인됨"), "success"),
        EntryStatus.REFUSED: (_p("대리", "반려됨"), "danger"),
        EntryStatus.LAPSED: (_p("대리", "확인 없이 끝남"), "neutral"),
    },
}

ACTIONS = {
    ("mandate", "give"): _("대리 시작"),
    ("mandate", "revoke"): _("위임 거두기"),
    ("mandate", "take_over"): _("본인이 계정을 넘겨받아 끝남"),
    ("mandate", "replace"): _("새 문서로 바뀜"),
    ("mandate", "refuse"): _("동의서가 반려되어 끝남"),
    ("mandate", "begin_acting"): _("대신 일하기 시작"),
    ("proxy_entry", "enter"): _("대신 입력함"),
    ("proxy_entry", "enter_listed"): _("대신 입력함"),
    ("proxy_entry", "confirm"): _("동의서 확인"),
    ("proxy_entry", "refuse"): _("동의서 반려"),
    ("proxy_entry", "lapse"): _("확인 없이 끝남"),
    ("application", "mark_signed"): _("서명한 대표자 표시"),
    ("application", "carry_on"): _("새 동의서로 이어 감"),
}

# what an entry states of a business, field by field
FIELDS = {
    "business_number": _("사업자등록번호"),
    "trade_name": _("상호"),
    "representative": _("대표자 이름"),
    "born_on": _("대표자 생년월일"),
    "phone": _("전화번호"),
    "region_code": _("읍·면"),
    "address": _("사업장 주소"),
    "industry_code": _("업종"),
    "industry_edition": _("업종 분류"),
    "opened_on": _("개업일"),
    "regular_workers": _("상시 근로자 수"),
    "bank_code": _("은행"),
    "account_number": _("계좌번호"),
    "account_holder": _("예금주"),
}

REFUSALS = {
    "entry_waits": _("접수한 곳의 다른 담당자가 동의서를 아직 확인하지 않았습니다. 확인하면 이 코드를 쓸 수 있습니다."),
    "entry_refused": _("동의서가 확인되지 않아 이 코드를 쓸 수 없습니다. 접수한 곳에 물어 주세요."),
    "activation_refused": _("코드나 사업자등록번호가 맞지 않거나, 이미 썼거나, 기한이 지난 코드입니다."),
    "too_many_attempts": _("여러 번 틀려서 15분 동안 막혔습니다. 잠시 뒤 다시 시도해 주세요."),
}


def field(name: str) -> object:
    """What a field is called, sales with their year."""
    if name.startswith(SALES):
        return _("%(year)s년 매출액", year=name[len(SALES) :])
    return FIELDS.get(name, name)


def stated(name: str, texts: Mapping[str, str], *, whole: bool = False) -> object:
    """A field of those kept as text, as people read it; account numbers are masked, unless they are to be compared."""
    text = texts.get(name, "")
    if whole and name == "account_number":
        return text
    if name == "industry_code" and text:
        return codes.industry_name(text, int(texts["industry_edition"]))
    if name.startswith(SALES):
        return _("%(won)s원", won=format_decimal(int(text))) if text else ""
    return _SHOWN[name](text) if text and name in _SHOWN else text


def by_whom(happening: Happening) -> str:
    """Who did it, and as what where they did it in a merchant's place."""
    if not happening.acts_as or not happening.person:
        return happening.person
    return f"{happening.person} ({CAPACITIES[Capacity(happening.acts_as)]})"
