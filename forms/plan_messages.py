"""The sentences of forms/messages.py that are about plans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

PLAN_MESSAGES = {
    "plan_before_year": _l("기준일은 %(value)s년이거나 그 뒤여야 합니다."),
    "plan_nothing_reported": _l("집행액이나 실적을 하나 이상 적어 주세요."),
    "plan_from_ledger": _l("이 값은 연결된 사업의 장부와 교부 결정에서 옵니다. 적을 수 없습니다."),
    "plan_figure": _l("0 이상의 정수로 적어 주세요."),
    "plan_report_waits": _l(
        "이 세부사업의 %(value)s년 보고가 이미 확인을 기다리고 있습니다. 먼저 그 보고를 확인하거나 돌려보내 주세요."
    ),
    "plan_sum_differs": _l("세부사업의 합계가 계획의 합계와 다릅니다: %(value)s"),
    "plan_has_reports": _l("보고가 있는 세부사업이나 지표를 뺄 수 없습니다: %(value)s"),
    "named_twice": _l("두 번 나옵니다: %(value)s"),
    "plan_of_another": _l("다른 기관의 계획입니다: %(value)s"),
}
