"""What associations' applications for their members are called on screen: statuses, steps, fields of an entry."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from forms import messages
from portal.domain.errors import Problem
from portal.domain.roster_tables import COLUMNS
from portal.domain.rosters import MemberStatus as M
from portal.domain.rosters import RosterStatus as S
from portal.domain.rosters import Way

STATUSES = {
    S: {
        S.DRAFT: (_p("명단", "작성 중"), "neutral"),
        S.HANDED_IN: (_p("명단", "신청함"), "progress"),
        S.WITHDRAWN: (_p("명단", "그만둠"), "neutral"),
    },
    M: {
        M.WAITING: (_p("명단", "동의 대기"), "attention"),
        M.SIGNED: (_p("명단", "서명함"), "success"),
        M.CONFIRMED: (_p("명단", "본인이 확인함"), "success"),
        M.DECLINED: (_p("명단", "본인이 거절함"), "danger"),
        M.HANDED_IN: (_p("명단", "신청함"), "progress"),
        M.REMOVED: (_p("명단", "명단에서 뺌"), "neutral"),
    },
}
ACTIONS = {
    ("roster", "open"): _p("명단", "명단 만듦"),
    ("roster", "hand_in"): _p("명단", "구성원 신청"),
    ("roster", "withdraw"): _p("명단", "명단 그만두기"),
    ("roster_member", "list"): _p("명단", "명단에 넣음"),
    ("roster_member", "ask"): _p("명단", "본인에게 동의를 물음"),
    ("roster_member", "sign"): _p("명단", "서명 확인"),
    ("roster_member", "confirm"): _p("명단", "동의합니다"),
    ("roster_member", "decline"): _p("명단", "동의하지 않습니다"),
    ("roster_member", "hand_in"): _p("명단", "신청"),
    ("roster_member", "find_wrong"): _("공무원이 확인하지 못했습니다"),
    ("roster_member", "remove"): _p("명단", "빼기"),
}
WAYS = {Way.PAPER: _p("명단", "연명부에 서명"), Way.PORTAL: _p("명단", "포털에서 본인 확인")}
_HEADINGS = {field: heading for heading, field in COLUMNS.items()}


def sentence(problem: Problem) -> str:
    """A problem of a member, with the heading under which it stands in the table where it stands under one."""
    said = messages.sentence(problem)
    heading = _HEADINGS.get(problem.field, "")
    whole = problem.code.startswith("member_")
    return f"{heading}: {said}" if heading and not whole else said
