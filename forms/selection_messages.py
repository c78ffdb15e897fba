"""The sentences of forms/messages.py that are about choosing by score or lot."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

SELECTION_MESSAGES = {
    # the rule set
    "selection_with_first_come": _l("접수 순서로 예산을 확보하는 사업은 점수나 추첨으로 선정할 수 없습니다."),
    "points_not_100": _l("평가 기준의 배점을 모두 더하면 100점이어야 합니다. 지금은 %(value)s점입니다."),
    "pass_mark_above_100": _l("기준 점수는 100점을 넘을 수 없습니다: %(value)s"),
    # candidates
    "trial_others": _l("다른 신청의 수는 %(value)s까지 적을 수 있습니다."),
    "sent_it_back": _l("순위를 매기거나 돌려보낸 사람은 평가표를 이미 보았으므로 평가하지 못합니다."),
    "selection_exists": _l("이 사업의 후보는 이미 확정되었습니다. 후보는 한 번만 확정합니다."),
    "call_still_open": _l("신청 기간(%(value)s까지)이 끝난 뒤에 후보를 확정할 수 있습니다."),
    "not_all_reviewed": _l("아직 검토나 결재가 끝나지 않은 신청이 %(value)s건 있습니다. 모두 끝난 뒤에 확정해 주세요."),
    "no_candidates": _l("선정할 후보가 없습니다."),
    "candidate_left": _l("취하되었거나 다르게 결정되어 더는 후보가 아닙니다."),
    # sheets and the ranking
    "points_out_of_range": _l("점수는 정해진 범위 안의 정수여야 합니다. %(value)s"),
    "scoring_over": _l("지금은 평가표를 받지 않습니다. 순위가 이미 매겨졌거나 추첨하는 사업입니다."),
    "sheet_given": _l("이 후보의 평가표는 이미 냈습니다. 낸 평가표는 고칠 수 없습니다."),
    "sheets_missing": _l("평가표가 모자란 후보가 있습니다(후보 수 / 후보마다 필요한 평가표 수): %(value)s"),
    "not_scored": _l("이 사업은 추첨으로 선정합니다."),
    "not_selected": _l("선정되지 않은 신청이라 교부 결정을 올릴 수 없습니다. 불선정으로 올려 주세요."),
    "on_reserve_list": _l("예비 순번에 있는 신청입니다. 앞에서 빠져 올라온 뒤에 올릴 수 있습니다."),
    # the lottery
    "not_a_lottery": _l("이 사업은 평가 점수로 선정합니다."),
    "draw_not_in_future": _l("추첨일은 내일 이후여야 합니다. 이미 나온 값으로 추첨하면 결과를 고를 수 있습니다."),
    "draw_too_early": _l("추첨일(%(value)s)이 되어야 추첨할 수 있습니다."),
    "not_a_public_value": _l("공개값은 영문자와 숫자로 100자까지 적습니다. 예: 3,14,27,30,41,45"),
    "lottery_drawn": _l("이미 추첨했습니다. 추첨은 한 번뿐이며 결과는 바뀌지 않습니다."),
    "draw_altered": _l(
        "명단이나 봉인한 수가 미리 알린 것과 다릅니다. 추첨하지 않았습니다. 시스템 관리자에게 알려 주세요."
    ),
}
