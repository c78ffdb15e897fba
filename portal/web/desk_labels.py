"""What the desk is called on screen: changes of hands, colours of tags, steps for many cases and their results."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.assignments import How
from portal.domain.bulk import BulkAction, Result, RunStatus
from portal.domain.tags import Colour

HOW = {
    How.ASSIGNED: _("담당자 지정"),
    How.TAKEN: _("검토를 시작해 맡음"),
    How.GIVEN_BACK: _("이해관계가 있어 내려놓음"),
    How.REOPENED: _("이의신청이 받아들여져 다시 시작"),
}
COLOURS = {
    Colour.GREY: _("회색"),
    Colour.BLUE: _("파랑"),
    Colour.GREEN: _("초록"),
    Colour.AMBER: _("노랑"),
    Colour.RED: _("빨강"),
    Colour.VIOLET: _("보라"),
}
BULK = {
    BulkAction.ASSIGN: _("담당자 지정"),
    BulkAction.TAG: _("꼬리표 붙이기"),
    BulkAction.UNTAG: _("꼬리표 떼기"),
    BulkAction.TAKE_UP: _("검토 시작"),
    BulkAction.REQUEST_SUPPLEMENT: _("같은 보완 요구"),
}
STATUSES = {
    RunStatus: {
        RunStatus.PREPARED: (_p("일괄", "미리 보기"), "attention"),
        RunStatus.CONFIRMED: (_p("일괄", "처리 중"), "progress"),
        RunStatus.FINISHED: (_p("일괄", "처리 끝남"), "success"),
    },
    Result: {
        Result.DONE: (_p("일괄", "처리함"), "success"),
        Result.LEFT_OUT: (_p("일괄", "할 수 없어 뺌"), "neutral"),
        Result.CHANGED: (_p("일괄", "바뀌어 뺌"), "attention"),
        Result.REFUSED: (_p("일괄", "거절됨"), "danger"),
    },
}
ACTIONS = {
    ("assignment", "assign"): _("담당자 지정"),
    ("assignment", "assign_in_bulk"): _("담당자 지정(일괄)"),
    ("assignment", "hand_out"): _("맡은 사건을 알림"),
    ("tag", "make"): _("꼬리표 만듦"),
    ("tag", "change"): _("꼬리표 고침"),
    ("tag", "retire"): _("꼬리표 없앰"),
    ("tagging", "put_on"): _("꼬리표 붙임"),
    ("tagging", "take_off"): _("꼬리표 뗌"),
    ("bulk_run", "prepare"): _("일괄 처리 미리 봄"),
    ("bulk_run", "confirm"): _("일괄 처리 확인"),
    ("bulk_run", "finish"): _("일괄 처리 끝남"),
}
