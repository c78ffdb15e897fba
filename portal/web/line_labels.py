"""What is wrong with a refused row and what to do; what a cap or pool is called in the explanation of a claim."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from portal.domain.layouts import CANONICAL
from portal.domain.settlements import LineFault as F
from portal.services.settlements import RefusedRow

# code -> (what is wrong, what to do)
LINE_FAULTS = {
    F.BAD_ENCODING: (_("글자가 깨져 있습니다"), _("파일 전체를 UTF-8 한 가지로 저장해 주세요.")),
    F.CONTROL_CHARACTER: (_("보이지 않는 제어 문자가 있습니다"), _("그 글자를 지우고 다시 저장해 주세요.")),
    F.LINE_TOO_LONG: (_("한 줄이 너무 깁니다"), _("줄바꿈이 빠지지 않았는지 확인해 주세요.")),
    F.BAD_QUOTES: (_("따옴표가 짝이 맞지 않습니다"), _("칸을 감싼 따옴표를 확인해 주세요.")),
    F.TOO_FEW_FIELDS: (_("칸이 모자랍니다"), _("머리글과 칸 수를 맞춰 주세요.")),
    F.TOO_MANY_FIELDS: (_("칸이 남습니다"), _("값 안의 쉼표를 따옴표로 감쌌는지 확인해 주세요.")),
    F.MISSING_VALUE: (_("값이 비어 있습니다"), _("빠진 값을 채워 주세요.")),
    F.TOO_LONG: (_("값이 너무 깁니다"), _("100자 이하로 줄여 주세요.")),
    F.WRONG_PLATFORM: (_("다른 플랫폼의 줄입니다"), _("플랫폼마다 파일을 나누어 올려 주세요.")),
    F.BAD_ORIGIN_KEY: (_("원주문 표기가 맞지 않습니다"), _("‘플랫폼:주문번호’ 모양으로 적거나 비워 주세요.")),
    F.UNKNOWN_CHANNEL: (_("모르는 서비스 종류입니다"), _("delivery, coupon처럼 정해진 값만 쓸 수 있습니다.")),
    F.UNKNOWN_STATUS: (_("모르는 주문 상태입니다"), _("completed 또는 cancelled로 적어 주세요.")),
    F.UNKNOWN_PAYMENT_METHOD: (_("모르는 결제수단입니다"), _("card, cash처럼 정해진 값만 쓸 수 있습니다.")),
    F.NOT_A_TIMESTAMP: (_("날짜와 시각이 아닙니다"), _("2026-05-01 12:30:00 모양으로 적어 주세요.")),
    F.HAS_ZONE: (_("시간대 표시가 붙어 있습니다"), _("시간대를 떼고 한국 시각으로 적어 주세요.")),
    F.OUTSIDE_MONTH: (_("올린 달의 주문이 아닙니다"), _("그 주문의 달을 골라 따로 올려 주세요.")),
    F.NOT_AN_INTEGER: (_("원 단위 숫자가 아닙니다"), _("쉼표나 소수점 없이 숫자만 적어 주세요.")),
    F.NEGATIVE: (_("0보다 작은 금액입니다"), _("취소는 금액이 아니라 status 열에 cancelled로 적어 주세요.")),
    F.OUT_OF_RANGE: (_("금액이 너무 큽니다"), _("자릿수를 확인해 주세요.")),
    F.NUMBER_NOT_EXACT: (_("긴 번호의 끝자리가 사라졌습니다"), _("번호 열을 글자 서식으로 저장해 다시 올려 주세요.")),
    F.DUPLICATE_IN_FILE: (_("같은 줄이 두 번 있습니다"), _("첫 줄은 받았으므로 고칠 것이 없습니다.")),
    F.SAME_KEY_OTHER_CONTENT: (_("같은 주문번호의 내용이 서로 다릅니다"), _("맞는 줄 하나만 남겨 다시 올려 주세요.")),
}  # fmt: skip

# code -> what to do where the file is the platform's own: it cannot write our words
_NATIVE_ADVICE = {
    F.UNKNOWN_CHANNEL: _("새로 생긴 서비스 종류이면 전산 담당자에게 알려 주세요. 양식에 더한 뒤 다시 올립니다."),
    F.UNKNOWN_STATUS: _("새로 생긴 주문 상태이면 전산 담당자에게 알려 주세요. 양식에 더한 뒤 다시 올립니다."),
    F.UNKNOWN_PAYMENT_METHOD: _("새로 생긴 결제수단이면 전산 담당자에게 알려 주세요. 양식에 더한 뒤 다시 올립니다."),
    F.BAD_ORIGIN_KEY: _("처음 보는 주문 앱이면 전산 담당자에게 알려 주세요. 양식에 더한 뒤 다시 올립니다."),
    F.NOT_A_TIMESTAMP: _("날짜와 시각의 모양이 바뀌었는지 플랫폼에 확인해 주세요."),
    F.NOT_AN_INTEGER: _("금액 칸에 숫자가 아닌 글이 있는지 플랫폼에 확인해 주세요."),
    F.NEGATIVE: _("취소가 음수로 적혔는지 플랫폼에 확인해 주세요."),
}

# period of a cap or pool -> what is said of a line that met it
CAPS = {
    "order": _("주문 한 건의 한도"),
    "day": _("하루 한도"),
    "month": _("한 달 한도"),
    "half_year": _("반년 한도"),
    "year": _("한 해 한도"),
    "programme": _("사업 기간 전체 한도"),
    "owner": _("대표자 한 사람의 한도"),
}
POOLS = {
    "day": _("사업 전체의 하루 예산"),
    "month": _("사업 전체의 한 달 예산"),
    "year": _("사업 전체의 한 해 예산"),
    "programme": _("사업 전체의 예산"),
}

# reason -> why nothing, or not all, was counted
WHY = {
    "paid": _("낸 비용을 정해진 비율대로 모두 인정했습니다."),
    "reduced": _("한도가 남은 만큼만 인정했습니다."),
    "capped": _("한도를 이미 다 써서 인정하지 못했습니다."),
    "superseded": _("같은 주문의 자료가 뒤에 다시 와서 그 자료로 계산했습니다."),
    "cancelled": _("취소된 주문이라 지원하지 않습니다."),
    "unlinked": _("그날 이 매장이 사업장에 연결되어 있지 않았습니다."),
    "not_enrolled": _("그날은 지원 대상 기간이 아니었습니다."),
    "outside_window": _("사업 기간 밖의 주문입니다."),
    "platform": _("이 사업이 지원하지 않는 플랫폼입니다."),
    "channel": _("이 사업이 지원하지 않는 종류의 거래입니다."),
    "below_minimum": _("주문금액이 최소 금액보다 적습니다."),
    "no_cost": _("가게가 낸 비용이 없습니다."),
    "duplicate": _("같은 주문을 다른 플랫폼 자료로 이미 인정했습니다."),
}

# reasons of the assessment (docs/reference/assessment.md) -> (label, tone)
REASONS = {
    "paid": (_("전액 인정"), "success"),
    "reduced": (_("일부 인정(한도)"), "progress"),
    "capped": (_("한도를 다 씀"), "attention"),
    "superseded": (_("나중 자료로 바뀜"), "neutral"),
    "cancelled": (_("취소된 주문"), "neutral"),
    "unlinked": (_("연결되지 않은 매장"), "attention"),
    "not_enrolled": (_("지원 기간 아님"), "neutral"),
    "outside_window": (_("사업 기간 밖"), "neutral"),
    "platform": (_("지원 대상 플랫폼 아님"), "neutral"),
    "channel": (_("지원 대상 거래 아님"), "neutral"),
    "below_minimum": (_("최소 주문금액 미만"), "neutral"),
    "no_cost": (_("가맹점이 낸 비용 없음"), "neutral"),
    "duplicate": (_("같은 주문이 이미 인정됨"), "neutral"),
}

CHANNELS = {
    "delivery": _("배달"),
    "preorder": _("미리 주문"),
    "coupon": _("쿠폰·홍보"),
    "booking": _("예약"),
    "ride": _("이동"),
    "listing": _("매물"),
    "fresh": _("신선식품"),
    "reorder": _("다시 주문"),
    "market": _("장보기"),
    "service": _("서비스"),
}


def line_fault(code: str, layout: str = CANONICAL.code) -> tuple[object, object]:
    """What is wrong with a row, and what to do: other things in a platform's own file than in the standard columns."""
    what, advice = LINE_FAULTS[F(code)]
    return what, advice if layout == CANONICAL.code else _NATIVE_ADVICE.get(F(code), advice)


def cut(what: str, per: str) -> object:
    """The name of the cap or pool that took something from a line."""
    return (POOLS if what == "pool" else CAPS).get(per, per)


def drawn_up(outcome: Mapping[str, int]) -> list[tuple[str, str]]:
    """What a draw-up did (services/drawings.py), in sentences with their tones."""
    said = gettext(
        "새로 산정 %(new)s건, 그대로 %(same)s건, 다시 산정 %(again)s건입니다.",
        new=outcome["drawn_up"],
        same=outcome["unchanged"],
        again=outcome["superseded"],
    )
    limited = gettext("교부결정액이 모자라 줄인 것이 %(number)s건 있습니다.", number=outcome["limited_by_grant"])
    told = [(f"{said} {limited}" if outcome["limited_by_grant"] else said, "success")]
    if outcome["recoverable"]:
        too_much = gettext(
            "이미 산정한 금액이 지금 계산보다 많은 것이 %(number)s건, 모두 %(won)s원입니다. 환수를 검토해 주세요.",
            number=outcome["recoverable"],
            won=format_decimal(outcome["recoverable_won"]),
        )
        told.append((too_much, "warning"))
    return told


def line_fault_in_one(code: str) -> str:
    """What is wrong with a row and what to do, in one line for programs."""
    what, advice = line_fault(code)
    return f"{what}. {advice}"


REFUSED_TABLE = (_("행"), _("열"), _("값"), _("무엇이 문제인가"), _("어떻게 고치나"), _("받은 줄"))


def refused_row(found: RefusedRow, layout: str = CANONICAL.code) -> tuple[object, ...]:
    """A refused row under `REFUSED_TABLE`: its first problem, and the line as delivered."""
    first = found.problems[0]
    what, advice = line_fault(first.code, layout)
    return found.row, first.field, first.value, str(what), str(advice), found.raw
