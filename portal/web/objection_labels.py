"""What the codes of objections are called on screen, and what a merchant is told of where theirs stands."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.letters import LetterKind
from portal.domain.objections import PETITION, Against, Outcome, Remedy
from portal.domain.objections import ObjectionStatus as S
from portal.web.dates import day

STATUSES = {
    S.RECEIVED: (_p("이의신청", "접수"), "progress"),
    S.IN_REVIEW: (_p("이의신청", "심사 중"), "progress"),
    S.DRAFTED: (_p("이의신청", "결재 중"), "progress"),
    S.GRANTED: (_p("이의신청", "인용"), "success"),
    S.PARTLY_GRANTED: (_p("이의신청", "일부 인용"), "success"),
    S.DISMISSED: (_p("이의신청", "기각"), "danger"),
    S.INADMISSIBLE: (_p("이의신청", "각하"), "danger"),
    S.WITHDRAWN: (_p("이의신청", "취하"), "neutral"),
}
CHOICES = tuple((each.value, label) for each, (label, _tone) in STATUSES.items())

FOR_MERCHANTS = {
    S.RECEIVED: _("이의신청을 받았습니다. 처음 결정에 참여하지 않은 담당자가 살펴봅니다. 지금 하실 일은 없습니다."),
    S.IN_REVIEW: _("처음 결정에 참여하지 않은 담당자가 살펴보고 있습니다. 지금 하실 일은 없습니다."),
    S.DRAFTED: _("심사가 끝나 결재만 남았습니다. 지금 하실 일은 없습니다."),
    S.GRANTED: _("이의신청을 받아들였습니다. 다음에 할 일은 결과 통지서에 있습니다."),
    S.PARTLY_GRANTED: _("이의신청을 일부 받아들였습니다. 자세한 내용은 결과 통지서에 있습니다."),
    S.DISMISSED: _("이의신청을 받아들이지 않았습니다. 이유와 다른 구제 방법은 결과 통지서에 있습니다."),
    S.INADMISSIBLE: _("심사할 수 없는 이의신청이었습니다. 이유와 다른 구제 방법은 결과 통지서에 있습니다."),
    S.WITHDRAWN: _("취하한 이의신청입니다. 기간 안이면 다시 낼 수 있습니다."),
}

AGAINST = {
    Against.REJECTION: _("불선정 결정"),
    Against.PARTIAL: _("신청보다 적은 교부 결정"),
    Against.RETURN: _("신청 반려"),
    Against.RECOVERY: _("환수 명령"),
}
OUTCOMES = {
    Outcome.GRANT: _("인용 (모두 받아들임)"),
    Outcome.GRANT_PARTLY: _("일부 인용 (금액을 바꿈)"),
    Outcome.DISMISS: _("기각 (받아들이지 않음)"),
    Outcome.REFUSE: _("각하 (심사 대상이 아님)"),
}
# what an upheld objection sets off, said before it is decided
CONSEQUENCES = {
    Against.REJECTION: _(
        "인용하면 신청이 ‘접수’로 돌아가고, 예산이 남아 있으면 확보하고 없으면 대기 명단에 올립니다. "
        "처음 결정에 참여하지 않은 사람이 다시 검토하고 결정합니다."
    ),
    Against.PARTIAL: _("인용하면 교부 결정 변경이 올라가고, 다른 결재권자가 승인하면 예산이 잡힙니다."),
    Against.RETURN: _("인용하면 신청이 ‘접수’로 돌아가고 다른 사람이 검토합니다."),
    Against.RECOVERY: _(
        "인용하면 환수 명령을 거두고 장부의 환수 결정을 되돌립니다. 일부 인용하면 줄인 금액으로 새 환수 건이 열려 "
        "사전통지부터 다시 합니다."
    ),
}
LETTERS = {
    LetterKind.OBJECTION_EXTENDED: _("이의신청 처리기간 연장 통지서"),
    LetterKind.OBJECTION_RESULT: _("이의신청 결과 통지서"),
}
ACTIONS = {
    ("application", "reopen"): _("이의신청 인용으로 다시 심사"),
    ("reservation", "enter_again"): _("이의신청 인용으로 다시 순번에 섬"),
    ("objection", "file"): _("이의신청 냄"),
    ("objection", "take_up"): _("심사 시작"),
    ("objection", "extend"): _("처리기간 연장"),
    ("objection", "draft"): _("심사 결과 올리기"),
    ("objection", "send_back"): _("다시 심사"),
    ("objection", "grant"): _("인용 결정"),
    ("objection", "grant_partly"): _("일부 인용 결정"),
    ("objection", "dismiss"): _("기각 결정"),
    ("objection", "refuse"): _("각하 결정"),
    ("objection", "withdraw"): _("이의신청 취하"),
}
_REMEDIES = {"administrative_appeal": _("행정심판"), "lawsuit": _("행정소송")}


def remedy(each: Remedy) -> str:
    """`행정심판: 2026. 12. 7.까지 (행정심판법 제27조)`."""
    values = {"name": _REMEDIES[each.code], "day": day(each.until), "article": each.rule.article}
    return gettext("%(name)s: %(day)s까지 (%(article)s)", **values)


def counted(act: str, article: str) -> str:
    """How the office's day was counted."""
    if act == PETITION:
        return gettext("%(article)s: 접수한 날부터 토요일과 공휴일을 빼고 셈(민원처리법 제19조)", article=article)
    return gettext(
        "%(article)s: 접수한 다음 날부터 달력의 날로 셈, 마지막 날이 쉬는 날이면 다음 날(민법 제157조·제161조)",
        article=article,
    )
