"""What the rules of signals saw in a sentence, what may be behind it without any harm, and what verdicts are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.kinds import ITEM_NAMES
from portal.domain.signals import Rule, Verdict
from portal.domain.signals import SignalStatus as S
from portal.web import codes
from portal.web.dates import day, month

RULES = {
    Rule.SAME_ACCOUNT: _("다른 사람과 같은 계좌"),
    Rule.SAME_PLACE: _("다른 사람과 같은 주소와 전화번호"),
    Rule.SEVERAL_APPLICATIONS: _("한 사람의 여러 신청"),
    Rule.SAME_DOCUMENT: _("다른 사람과 같은 파일"),
    Rule.REOPENED: _("폐업한 자리에 다시 개업"),
    Rule.ACCOUNT_CHANGED: _("지급 직전 계좌 변경"),
    Rule.PAID_TWICE: _("여러 사업의 같은 지원"),
    Rule.NIGHT_ORDERS: _("심야 주문"),
    Rule.JUMP: _("공고 뒤 주문 급증"),
    Rule.ROUND_AMOUNTS: _("딱 떨어지는 금액"),
    Rule.REPEATED_ORDERS: _("같은 금액의 연속 주문"),
    Rule.CANCELLED_THEN_CLAIMED: _("취소했다가 살아난 주문"),
    Rule.SALES_ABOVE_STATED: _("신고보다 많은 매출"),
}
RULE_CHOICES = tuple((rule.value, name) for rule, name in RULES.items())

# what may be behind it: looked into before anything else
HARMLESS = {
    Rule.SAME_ACCOUNT: _("부부나 공동대표가 한 계좌를 쓰는 때가 있습니다. 예금주 실명 조회와 비교해 주세요."),
    Rule.SAME_PLACE: _("가족이 한 건물에서 따로 장사하거나 공유주방을 쓸 수 있습니다."),
    Rule.SEVERAL_APPLICATIONS: _("한 사람이 여러 사업장을 신청할 수 있는 사업인지 공고를 확인해 주세요."),
    Rule.SAME_DOCUMENT: _("빈 서식이나 공통 안내문을 그대로 올린 것일 수 있습니다. 파일을 열어 보세요."),
    Rule.REOPENED: _("앞 가게와 관계없는 사람이 빈 가게에 들어온 것일 수 있습니다."),
    Rule.ACCOUNT_CHANGED: _("지급이 실패해 계좌를 고친 것일 수 있습니다. 계좌 변경 기록을 보세요."),
    Rule.PAID_TWICE: _("자부담을 나누어 지원하는 사업일 수 있습니다. 두 사업의 중복 지원 기준을 비교해 주세요."),
    Rule.NIGHT_ORDERS: _("야식이나 새벽 배달을 하는 가게일 수 있습니다. 영업시간을 확인해 주세요."),
    Rule.JUMP: _("행사나 계절, 새 메뉴 때문일 수 있습니다. 지난해 같은 달과 비교해 주세요."),
    Rule.ROUND_AMOUNTS: _("가격이 만 원 단위인 메뉴만 파는 가게일 수 있습니다."),
    Rule.REPEATED_ORDERS: _("한 가지 메뉴를 많이 파는 가게의 바쁜 시간일 수 있습니다."),
    Rule.CANCELLED_THEN_CLAIMED: _("플랫폼이 잘못 보낸 자료를 바로잡은 것일 수 있습니다. 플랫폼에 확인해 주세요."),
    Rule.SALES_ABOVE_STATED: _("신청할 때 지난해 매출이 아직 확정되지 않았을 수 있습니다."),
}

STATUSES = {
    S.OPEN: (_p("의심 신호", "확인 전"), "attention"),
    S.TO_CHECK: (_p("의심 신호", "확인 필요"), "attention"),
    S.CONFIRMED: (_p("의심 신호", "사실로 확인"), "danger"),
    S.UNFOUNDED: (_p("의심 신호", "근거 없음"), "neutral"),
    S.GONE: (_p("의심 신호", "더는 보이지 않음"), "closed"),
}
STATUS_CHOICES = tuple((each.value, label) for each, (label, _tone) in STATUSES.items())
VERDICTS = {
    Verdict.DISMISS: _("근거 없음 (그럴 만한 사정이 있음)"),
    Verdict.DOUBT: _("확인 필요 (더 알아봐야 함)"),
    Verdict.CONFIRM: _("사실로 확인"),
}
ACTIONS = {
    ("signal", "see"): _("처음 보임"),
    ("signal", "see_anew"): _("달라진 내용이 보임"),
    ("signal", "vanish"): _("더는 보이지 않음"),
    ("signal", "dismiss"): _("근거 없음으로 판단"),
    ("signal", "doubt"): _("확인 필요로 판단"),
    ("signal", "confirm"): _("사실로 확인"),
}


def said(signal: Any) -> str:
    """The sentence of a signal: what was seen, with its numbers and days."""
    return _WORDS[signal.rule](signal.facts)


def _others(facts: Mapping[str, Any]) -> str:
    return ", ".join(_other(each) for each in facts["others"])


def _other(each: Mapping[str, Any]) -> str:
    """Our own business by its name; of another office's only where it applied."""
    if each["name"]:
        return each["name"]
    return gettext("%(offices)s에 신청한 사업장", offices="·".join(each["offices"]))


def _date(text: str) -> str:
    return day(date.fromisoformat(text))


def _percent(part: int, whole: int) -> int:
    return part * 100 // whole


def _numbers(values: Sequence[int]) -> str:
    return "·".join(format_decimal(value) for value in values)


def _same_account(facts: Mapping[str, Any]) -> str:
    return gettext("지급 계좌가 다른 사람의 사업장과 같습니다: %(others)s.", others=_others(facts))


def _same_place(facts: Mapping[str, Any]) -> str:
    return gettext("주소와 전화번호가 다른 사람의 사업장과 모두 같습니다: %(others)s.", others=_others(facts))


def _several_applications(facts: Mapping[str, Any]) -> str:
    return gettext(
        "‘%(programme)s’에 같은 사람의 사업장 %(number)s곳이 신청했습니다. 나머지: %(others)s.",
        programme=facts["programme"],
        number=len(facts["others"]) + 1,
        others=_others(facts),
    )


def _same_document(facts: Mapping[str, Any]) -> str:
    return gettext(
        "다른 사람의 사업장이 낸 것과 똑같은 파일이 %(files)s개 있습니다: %(others)s.",
        files=facts["files"],
        others=_others(facts),
    )


def _reopened(facts: Mapping[str, Any]) -> str:
    return gettext(
        "같은 주소의 사업장(%(others)s)이 %(closed)s에 폐업하고 %(days)s일 뒤에 문을 열었습니다.",
        others=_others(facts),
        closed=_date(facts["closed_on"]),
        days=facts["days"],
    )


def _account_changed(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(changed)s에 지급 계좌를 바꾸고 %(days)s일 뒤인 %(paid)s 지급 목록에 들어갔습니다.",
        changed=_date(facts["changed_on"]),
        days=facts["days"],
        paid=_date(facts["paid_on"]),
    )


def _paid_twice(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(month)s에 %(platform)s의 %(item)s 항목을 여러 사업에서 지원합니다: %(programmes)s.",
        month=month(facts["month"]),
        platform=codes.platform_name(facts["platform"]),
        item=gettext(ITEM_NAMES.get(facts["item"], facts["item"])),
        programmes=", ".join(_programme(each) for each in facts["programmes"]),
    )


def _programme(each: Mapping[str, Any]) -> str:
    if each["office"]:
        return f"{each['programme']} ({each['office']})"
    return gettext("%(name)s %(won)s원", name=each["programme"], won=format_decimal(each["won"]))


def _night_orders(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(month)s 완료 주문 %(orders)s건 가운데 %(night)s건(%(percent)s%%)이 "
        "%(start)s시부터 %(end)s시 사이에 들어왔습니다.",
        month=month(facts["month"]),
        orders=format_decimal(facts["orders"]),
        night=format_decimal(facts["night"]),
        percent=_percent(facts["night"], facts["orders"]),
        start=facts["from_hour"],
        end=facts["until_hour"],
    )


def _jump(facts: Mapping[str, Any]) -> str:
    return gettext(
        "공고(%(call)s) 전 달마다 %(before)s건이던 주문이 %(month)s에 %(orders)s건이 되었습니다.",
        call=_date(facts["call"]),
        before=_numbers(facts["before"]),
        month=month(facts["month"]),
        orders=format_decimal(facts["orders"]),
    )


def _round_amounts(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(month)s 완료 주문 %(orders)s건 가운데 %(round)s건(%(percent)s%%)의 금액이 %(unit)s원으로 나누어떨어집니다.",
        month=month(facts["month"]),
        orders=format_decimal(facts["orders"]),
        round=format_decimal(facts["round"]),
        percent=_percent(facts["round"], facts["orders"]),
        unit=format_decimal(facts["unit"]),
    )


def _repeated_orders(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(month)s에 같은 금액의 주문이 %(minutes)s분 안에 이어진 일이 %(runs)s번(모두 %(orders)s건) 있습니다. "
        "%(day)s에는 %(amount)s원 주문이 %(longest)s건 이어졌습니다. 누가 주문했는지는 정산자료에 없습니다.",
        month=month(facts["month"]),
        minutes=facts["minutes"],
        runs=facts["runs"],
        orders=facts["orders"],
        day=_date(facts["day"]),
        amount=format_decimal(facts["amount"]),
        longest=facts["longest"],
    )


def _cancelled_then_claimed(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(month)s 완료 주문 %(orders)s건 가운데 %(back)s건은 취소로 알렸다가 완료로 바뀌어 산정에 들었습니다. "
        "주문번호: %(numbers)s.",
        month=month(facts["month"]),
        orders=format_decimal(facts["orders"]),
        back=facts["back"],
        numbers=", ".join(facts["numbers"]),
    )


def _sales_above_stated(facts: Mapping[str, Any]) -> str:
    return gettext(
        "%(year)s년 플랫폼 매출이 %(won)s원으로, 신고한 한 해 매출 %(stated)s원보다 많습니다.",
        year=facts["year"],
        won=format_decimal(facts["won"]),
        stated=format_decimal(facts["stated"]),
    )


_WORDS: Mapping[Rule, Callable[[Mapping[str, Any]], str]] = {
    Rule.SAME_ACCOUNT: _same_account,
    Rule.SAME_PLACE: _same_place,
    Rule.SEVERAL_APPLICATIONS: _several_applications,
    Rule.SAME_DOCUMENT: _same_document,
    Rule.REOPENED: _reopened,
    Rule.ACCOUNT_CHANGED: _account_changed,
    Rule.PAID_TWICE: _paid_twice,
    Rule.NIGHT_ORDERS: _night_orders,
    Rule.JUMP: _jump,
    Rule.ROUND_AMOUNTS: _round_amounts,
    Rule.REPEATED_ORDERS: _repeated_orders,
    Rule.CANCELLED_THEN_CLAIMED: _cancelled_then_claimed,
    Rule.SALES_ABOVE_STATED: _sales_above_stated,
}
