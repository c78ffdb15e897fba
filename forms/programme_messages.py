"""The sentence for each thing that contradicts itself in a programme, "
"or is to be confirmed before it is handed over."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

PROGRAMME_MESSAGES = {
    # dates
    "window_without_budget": _l("비용이 생긴 기간이 예산의 회계연도(%(value)s년)와 전혀 겹치지 않습니다."),
    "window_beyond_year": _l(
        "비용이 생긴 기간이 예산의 회계연도(%(value)s년) 밖으로 나갑니다. "
        "다른 해의 비용도 이 예산으로 지원하려는 것이 맞는지 확인해 주세요."
    ),
    "applies_after_year": _l("신청을 받기 시작하는 날이 예산의 마지막 회계연도(%(value)s년)보다 뒤입니다."),
    "call_is_over": _l("신청 마감일(%(value)s)이 이미 지났습니다. 게시해도 아무도 신청할 수 없습니다."),
    "window_before_call": _l(
        "비용이 생긴 기간이 신청을 받기 전(%(value)s)에 끝납니다. 지난 비용을 지원하는 것이 맞는지 확인해 주세요."
    ),
    # money
    "budget_without_share": _l("이 재원은 예산에는 있는데 재원의 비율에는 없습니다: %(value)s"),
    "budget_not_in_shares": _l(
        "%(value)s년 예산의 재원별 금액이 재원의 비율대로 나뉘어 있지 않습니다. "
        "한 재원이 먼저 떨어지면 다른 재원이 남아도 결정할 수 없습니다."
    ),
    "grant_above_budget": _l("한 사업장의 지원 한도가 예산 전체보다 큽니다(한도 > 예산): %(value)s원"),
    "pool_above_budget": _l("예산 한도가 예산 전체보다 큽니다(예산 한도 > 예산): %(value)s원"),
    "pays_nothing": _l("0이어서 아무도 지원금을 받지 못합니다."),
    "caps_above_grant": _l(
        "항목들의 한도를 더하면 한 사업장의 지원 한도보다 큽니다(항목 한도의 합 > 지원 한도). "
        "지원 한도까지만 지급됩니다: %(value)s원"
    ),
    "cap_above_pool": _l("한 가게의 한도가 사업 전체의 예산 한도보다 큽니다(한도 > 예산 한도): %(value)s원"),
    "cap_above_budget": _l("한 가게의 한도가 예산 전체보다 큽니다: %(value)s원"),
    "cap_twice": _l("같은 기간의 한도가 두 번 있습니다. 하나만 남겨 주세요."),
    "cap_never_binds": _l(
        "짧은 기간의 한도가 긴 기간의 한도보다 커서 쓸모가 없습니다(짧은 기간 > 긴 기간): %(value)s원"
    ),
    # who may apply
    "sales_year_not_over": _l(
        "신청을 받는 동안 아직 끝나지 않은 해의 매출을 봅니다(%(value)s년). 증명할 수 있는지 확인해 주세요."
    ),
    "opened_excludes_nobody": _l("개업일의 기준(%(value)s)이 신청 마감일보다 뒤라서 아무도 걸러지지 않습니다."),
    "unknown_list": _l("포털에 없는 업종 목록입니다: %(value)s"),
    "unknown_platform": _l("포털에 등록되지 않은 플랫폼입니다: %(value)s"),
    "platforms_apart": _l("가입해야 하는 플랫폼과 지원하는 플랫폼이 하나도 겹치지 않아 아무도 지원받을 수 없습니다."),
    "criterion_twice": _l("같은 종류의 자격 요건이 두 번 있습니다. 둘 다 맞아야 신청할 수 있습니다."),
    "not_a_region": _l("지역 코드는 숫자 2자리, 5자리, 10자리입니다: %(value)s"),
    "not_an_industry": _l("업종 코드는 숫자 2~5자리입니다: %(value)s"),
    # words
    "last_place_without_line": _l("결정할 때 예산을 확보하는 사업이라 마지막 사람의 규칙은 쓰이지 않습니다."),
    "has_examples": _l("예시라고 표시한 값이 %(value)s곳 남아 있습니다. 공고에 ‘예시 값’이라고 나옵니다."),
    # what stands already
    "code_taken": _l("다른 사업이 이미 쓰는 코드입니다: %(value)s"),
    "code_is_fixed": _l("수정공고에서는 사업 코드를 바꿀 수 없습니다. 원래 코드: %(value)s"),
    "prefix_taken": _l("다른 사업의 접수번호도 이 글자로 시작합니다: %(value)s"),
    "nothing_changed": _l("앞의 판과 달라진 것이 없습니다. 고친 뒤에 올려 주세요."),
    "base_is_old": _l("복사한 뒤에 다른 판(%(value)s판)이 나왔습니다. 아래의 다른 점을 하나씩 확인해 주세요."),
    "applications_open": _l(
        "접수했지만 아직 결정하지 않은 신청이 %(value)s건 있습니다. "
        "이미 낸 신청은 낸 때의 공고로 심사하고, 작성 중인 신청과 앞으로의 산정에는 새 공고가 쓰입니다."
    ),
    "saved_by_another": _l(
        "이 화면을 연 뒤에 다른 사람이 같은 부분을 저장했습니다. "
        "적으신 내용은 아래에 그대로 있습니다. 새 창에서 바뀐 내용을 확인한 뒤 다시 저장해 주세요."
    ),
    # single boxes
    "number_not_a_number": _l("숫자만 적어 주세요. 예: 14"),
    "years_not_years": _l("연도를 쉼표로 나누어 적어 주세요. 예: 2024, 2025"),
    "codes_not_codes": _l("숫자 코드를 쉼표로 나누어 적어 주세요. 예: 56211, 49"),
    "shares_need_sources": _l("적어도 한 재원의 비율을 적어 주세요."),
    "rate_needed": _l("비율로 지원하려면 지원 비율을 적어 주세요."),
    "amount_needed_for_kind": _l("이 방식으로 지원하려면 금액을 적어 주세요."),
    "attribute_needed": _l("무엇에 따라 금액이 다른지 고르고 금액을 한 줄 이상 적어 주세요."),
    "row_unfinished": _l("이 줄의 나머지를 채우거나, 줄을 모두 비워 주세요."),
    "code_not_a_code": _l("코드는 영문 소문자로 시작하고 영문 소문자, 숫자, -, _만 씁니다."),
    "trial_needs_orders": _l("주문을 한 줄 이상 적어 주세요."),
    "trial_too_many": _l("주문은 모두 더해 %(value)s건까지 시험해 볼 수 있습니다."),
}
