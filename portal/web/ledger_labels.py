"""What the codes of fiscal years, vouchers and stops are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.fiscal_years import Unpaid
from portal.domain.fiscal_years import YearStatus as Year
from portal.domain.stops import StopKind
from portal.domain.vouchers import VoucherKind
from portal.domain.vouchers import VoucherStatus as Voucher

YEARS = {
    Year.OPEN: (_p("회계연도", "열림"), "progress"),
    Year.CLOSING: (_("마감 확인 중"), "attention"),
    Year.CLOSED: (_("마감됨"), "closed"),
}

VOUCHERS = {
    Voucher.DRAFTED: (_("확인 대기"), "progress"),
    Voucher.POSTED: (_("장부에 기록됨"), "success"),
    Voucher.WITHDRAWN: (_("전표 취소됨"), "neutral"),
    Voucher.REFUSED: (_("전표 반려됨"), "danger"),
}

VOUCHER_KINDS = {
    VoucherKind.APPROPRIATE: _("추경 증액"),
    VoucherKind.REDUCE: _("추경 감액"),
    VoucherKind.TRANSFER: _("예산 이체 (같은 재원끼리)"),
    VoucherKind.RELEASE: _("교부결정액 감액 (정정)"),
    VoucherKind.RETURN: _("지급 반환 (정정)"),
}

UNPAID = {
    Unpaid.CARRY_EXPLICIT: _("다음 해로 넘김 (명시이월: 미리 의회의 승인을 받음)"),
    Unpaid.CARRY_INEVITABLE: _("다음 해로 넘김 (사고이월: 피할 수 없는 사유로 지급하지 못함)"),
    Unpaid.RELEASE: _("결정을 취소하고 넘기지 않음"),
}

ACTIONS = {
    ("fiscal_year", "open"): _("회계연도 열림"),
    ("fiscal_year", "propose_closing"): _("마감 요청"),
    ("fiscal_year", "keep_open"): _("마감하지 않음"),
    ("fiscal_year", "close"): _("마감"),
    ("voucher", "draft"): _("전표 작성"),
    ("voucher", "post"): _("장부에 기록"),
    ("voucher", "refuse"): _("전표 반려"),
    ("voucher", "withdraw"): _("전표 취소"),
}

STOPS = {
    StopKind.ASK: _("지급 중지 요청"),
    StopKind.STOP: _("지급 중지"),
    StopKind.VIOLATION: _("어긋난 규칙이 발견되어 지급 중지"),
    StopKind.DECLINE: _("요청 거둠"),
    StopKind.ASK_RESTART: _("지급 재개 요청"),
    StopKind.RESTART: _("지급 재개"),
}

# what is said to whoever has just done it
STOPS_DONE = {
    StopKind.ASK: _("지급 중지를 요청했습니다. 다른 사람이 확인하면 지급이 멈춥니다."),
    StopKind.STOP: _("지급을 중지했습니다. 중지하지 않은 두 사람이 재개할 수 있습니다."),
    StopKind.DECLINE: _("요청을 거두었습니다."),
    StopKind.ASK_RESTART: _("지급 재개를 요청했습니다. 다른 사람이 확인하면 지급이 다시 나갑니다."),
    StopKind.RESTART: _("지급을 재개했습니다."),
}
