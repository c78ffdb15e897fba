"""What is said of time: how a due day was counted, extensions, changes of holidays, and what was done with them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import format_date, npgettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.deadline_counting import Counting, Stretch, Why
from portal.domain.extensions import ExtensionStatus as Extension
from portal.domain.holidays import ChangeKind
from portal.domain.holidays import ChangeStatus as Holiday
from portal.domain.letters import LetterKind
from portal.web.dates import day

WHY = {
    Why.COUNTED: _("일하는 날"),
    Why.EXTENDED: _("늘린 기간의 일하는 날"),
    Why.WEEKEND: _("토요일·일요일"),
    Why.HOLIDAY: _("쉬는 날"),
    Why.SUPPLEMENT: _("보완한 기간 (요구한 날과 낸 날도 빼고 셈)"),
    Why.WAITING: _("보완을 기다리는 중 (시간이 멈춰 있음)"),
}

STATUSES = {
    Extension: {
        Extension.ASKED: (_("동의를 기다림"), "attention"),
        Extension.IN_FORCE: (_("늘렸음"), "success"),
        Extension.DECLINED: (_("동의하지 않음"), "neutral"),
    },
    Holiday: {
        Holiday.PROPOSED: (_p("쉬는 날", "확인 대기"), "progress"),
        Holiday.IN_FORCE: (_p("쉬는 날", "적용"), "success"),
        Holiday.REFUSED: (_p("쉬는 날", "확인하지 않음"), "neutral"),
    },
}

LETTERS = {
    LetterKind.EXTENSION: _("처리기간 연장 통지서"),
    LetterKind.EXTENSION_ASKED: _("처리기간 재연장 동의 요청"),
    LetterKind.SUPPLEMENT_EXTENDED: _("보완기한 연장 안내"),
    LetterKind.STATUS_NOTICE: _("처리상황 안내"),
    LetterKind.RETURNED: _("반려 통지서"),
}

ACTIONS = {
    ("application", "request_again"): _("다시 보완 요구"),
    ("application", "extend_supplement"): _("보완 기한 늘림"),
    ("application", "extend"): _("처리기간 늘림"),
    ("application", "ask_extension"): _("처리기간을 한 번 더 늘리는 데 동의를 구함"),
    ("application", "agree_extension"): _("동의를 받아 처리기간을 한 번 더 늘림"),
    ("application", "decline_extension"): _("처리기간을 더 늘리는 데 동의하지 않음"),
    ("application", "move_due"): _("쉬는 날이 바뀌어 처리기한 옮김"),
    ("application", "tell_status"): _("처리상황 안내 보냄"),
    ("application", "return"): _p("신청", "반려"),
    ("processing_extension", "ask"): _("처리기간 연장 올림"),
    ("processing_extension", "extend"): _("처리기간 늘림"),
    ("processing_extension", "agree"): _("연장에 동의함"),
    ("processing_extension", "decline"): _("연장에 동의하지 않음"),
    ("holiday_change", "propose"): _("쉬는 날 바꾸기 올림"),
    ("holiday_change", "confirm"): _p("쉬는 날", "확인"),
    ("holiday_change", "refuse"): _p("쉬는 날", "확인하지 않음"),
}

KINDS = {ChangeKind.ADD: _("쉬는 날로 함"), ChangeKind.REMOVE: _("쉬는 날에서 뺌")}


def rows(stretches: Iterable[Stretch], in_hours: bool) -> list[tuple[str, str, str, str]]:
    """From, to, why and how much of each stretch counts, as a table says them."""
    return [
        (
            _with_weekday(each.first),
            _with_weekday(each.last) if each.last else str(_("지금")),
            f"{WHY[each.why]}: {each.name}" if each.name else str(WHY[each.why]),
            counted(each.minutes, in_hours) if each.minutes else str(_("세지 않음")),
        )
        for each in stretches
    ]


def _with_weekday(on: date) -> str:
    """`2026. 11. 22. (일)`"""
    return f"{day(on)} ({format_date(on, 'EEE')})"


def counted(minutes: int, in_hours: bool) -> str:
    """`3일`, or `7시간 30분` where the period is given in hours."""
    if not in_hours:
        days = minutes // 480
        return npgettext("센 날", "%(days)s일", "%(days)s일", days, days=days)
    hours, rest = divmod(minutes, 60)
    if not rest:
        return npgettext("센 날", "%(hours)s시간", "%(hours)s시간", hours, hours=hours)
    return str(_("%(hours)s시간 %(minutes)s분", hours=hours, minutes=rest))


def total(counting: Counting) -> str:
    """All that counts, up to the day of the answer or up to now."""
    return counted(sum(each.minutes for each in counting.stretches), counting.in_hours)
