"""What the codes of plans are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.plan_changes import Change
from portal.domain.plans import Level
from portal.domain.plans import ReportStatus as S

STATUSES = {
    S.WAITING: (_p("계획", "확인 대기"), "attention"),
    S.CONFIRMED: (_p("계획", "확인됨"), "success"),
    S.REFUSED: (_p("계획", "확인하지 않음"), "danger"),
}
ACTIONS = {
    ("plan", "load"): _("계획 올림"),
    ("plan_version", "load"): _("계획 올림"),
    ("plan_version", "confirm"): _p("계획", "확인"),
    ("plan_version", "refuse"): _p("계획", "확인하지 않음"),
    ("plan_report", "report"): _("실적 보고"),
    ("plan_report", "confirm"): _p("계획", "확인"),
    ("plan_report", "refuse"): _p("계획", "확인하지 않음"),
}
CHANGES = {
    Change.ADDED: _p("계획", "새로 들어감"),
    Change.TAKEN_AWAY: _p("계획", "빠짐"),
    Change.NAME: _p("계획", "이름"),
    Change.PLANNED: _p("계획", "금액"),
    Change.TARGETS: _p("계획", "목표"),
    Change.PROGRAMME: _p("계획", "연결된 사업"),
    Change.SOURCES_KNOWN: _p("계획", "예시 표시"),
}
LEVELS = {
    Level.PLAN: _p("계획", "계획"),
    Level.FIELD: _p("계획", "분야"),
    Level.TASK: _p("계획", "과제"),
    Level.PROJECT: _p("계획", "세부사업"),
}
