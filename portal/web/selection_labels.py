"""What the codes of selections are called on screen."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.rankings import Outcome
from portal.domain.selection_rules import Basis, SelectionRules
from portal.domain.selections import SelectionStatus as S
from portal.domain.trial_choices import Way

STATUSES = {
    S: {
        S.FIXED: (_p("선정", "후보 확정"), "progress"),
        S.ANNOUNCED: (_p("선정", "추첨 예고"), "progress"),
        S.RANKED: (_p("선정", "확정 대기"), "attention"),
        S.DRAWN: (_p("선정", "추첨함"), "attention"),
        S.CONFIRMED: (_p("선정", "선정 확정"), "success"),
    }
}
BASES = {Basis.SCORED: _("평가 점수"), Basis.LOTTERY: _("추첨")}
OUTCOMES = {
    Outcome.SELECTED: (_p("선정", "선정"), "success"),
    Outcome.RESERVE: (_p("선정", "예비"), "attention"),
    Outcome.NOT_SELECTED: (_p("선정", "선정되지 않음"), "neutral"),
    Outcome.BELOW_MARK: (_p("선정", "기준 점수 미달"), "neutral"),
    Outcome.LEFT: (_p("선정", "심의 전에 빠짐"), "neutral"),
}
WAYS = {
    Way.ALL: _("조건에 맞으면 예산이 있는 동안 모두 선정합니다."),
    Way.FIRST_COME: _("접수한 순서대로 예산을 확보합니다."),
    Way.SCORED: _("평가 점수가 높은 순서로 선정합니다."),
    Way.LOTTERY: _("추첨한 순서로 선정합니다."),
}
RIVALS = {
    Way.ALL: _("먼저 선정된 다른 신청의 수입니다."),
    Way.FIRST_COME: _("먼저 접수한 다른 신청의 수입니다."),
    Way.SCORED: _("점수가 더 높은 다른 신청의 수입니다."),
    Way.LOTTERY: _("함께 추첨하는 다른 신청의 수입니다."),
}
_NO_MONEY = (_("예산이 모자람"), "attention")
# What the same outcome is called where nobody deliberates.
CAME_OF: dict[Way, dict[Outcome, tuple[object, str]]] = {
    Way.ALL: {Outcome.NOT_SELECTED: _NO_MONEY},
    Way.FIRST_COME: {Outcome.RESERVE: (_("예산 대기"), "attention"), Outcome.NOT_SELECTED: _NO_MONEY},
    Way.SCORED: {},
    Way.LOTTERY: {},
}
ACTIONS = {
    ("selection", "fix"): _("후보 확정"),
    ("selection", "score"): _("평가표 냄"),
    ("selection", "rank"): _("순위 매기기"),
    ("selection", "send_back"): _("순위 돌려보내기"),
    ("selection", "announce"): _("추첨 예고"),
    ("selection", "draw"): _("추첨하기"),
    ("selection", "confirm"): _("선정 확정"),
    ("application", "select"): _("선정심의: 선정"),
    ("application", "put_on_reserve"): _("선정심의: 예비"),
    ("application", "leave_out"): _("선정심의: 선정되지 않음"),
}


def points(hundredths: int | None) -> str:
    """`8733` -> `87.33`."""
    return "" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"


def said(rules: SelectionRules) -> list[str]:
    """The rules in sentences, for whoever applies and whoever assesses."""
    reserve = gettext("다음 %(reserve)s곳을 예비로 두고, 선정된 곳이 빠지면 순위대로 올립니다.", reserve=rules.reserve)
    lines = [_how_many(rules), reserve]
    if not rules.scored:
        lines.append(gettext("순위는 추첨으로 정합니다."))
        lines.append(gettext("명단과 계산 방법을 미리 공개하여 누구나 다시 계산할 수 있습니다."))
        return lines
    count = rules.sheets_needed
    lines.append(
        gettext("이해관계가 없는 평가위원 %(count)s명 이상이 따로 매긴 점수를 평균하여 순위를 정합니다.", count=count)
    )
    if rules.drop_extremes:
        lines.append(gettext("가장 높은 평가표와 가장 낮은 평가표 하나씩은 빼고 평균합니다."))
    ties = " → ".join((*rules.tie_names, gettext("접수 순번")))
    lines.append(gettext("평균이 같으면 %(ties)s 차례로 견주어 앞선 쪽이 위입니다.", ties=ties))
    if rules.pass_mark:
        lines.append(gettext("평균이 %(mark)s점보다 낮으면 예산이 남아도 선정하지 않습니다.", mark=rules.pass_mark))
    return lines


def _how_many(rules: SelectionRules) -> str:
    if rules.places is None:
        return gettext("순위대로 예산이 되는 데까지 선정합니다.")
    return gettext("순위대로 최대 %(places)s곳을 선정합니다.", places=rules.places)
