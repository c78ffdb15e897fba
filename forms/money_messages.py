"""The sentences of forms/messages.py that are about grants, payment runs and what keeps them back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MONEY_MESSAGES = {
    # payment runs
    "account_unchanged": _l("지금 등록된 계좌와 같습니다. 다른 계좌를 적어 주세요."),
    "no_paying_account": _l("기관의 출금 계좌가 설정되지 않아 이 형식으로는 만들 수 없습니다."),
    "all_closed": _l("지급을 기다리는 곳이 모두 폐업한 것으로 확인되어 지급 목록을 만들지 않았습니다."),
    "last_payment": _l("목록에 남은 마지막 지급입니다. 보류하지 말고 지급 목록을 취소해 주세요."),
    "no_results": _l("결과가 한 줄도 없는 파일입니다. 은행에서 받은 결과 파일이 맞는지 확인해 주세요."),
    "not_paid": _l("지급한 적이 없는데 반송되었다는 줄입니다."),
    "commitment_short": _l(
        "교부결정액에서 남은 금액이 지원금보다 적어 지급 목록에서 뺐습니다(%(value)s원 남음). "
        "감액 전표를 확인하고, 교부 결정을 변경하거나 지원금을 다시 산정해 주세요."
    ),
    "grant_year_closed": _l(
        "마감된 회계연도의 예산에서 교부하여 지급할 수 없습니다(%(value)s). "
        "교부 결정을 변경하여 올해 예산에서 다시 교부해 주세요."
    ),
    "nothing_to_pay": _l("지급을 기다리는 지원금이 없습니다."),
    "run_changed": _l("지급 목록의 금액이 지원금과 맞지 않습니다(%(value)s). 지급 목록을 취소하고 다시 만들어 주세요."),
    # grants and what is left of them
    "grant_lapsed": _l(
        "교부 결정의 변경이 결재를 기다리고 있거나 결정한 뒤에 내용이 바뀌어 지급하지 않습니다(%(value)s). "
        "신청 화면에서 교부 결정의 변경을 결재한 뒤에 지급해 주세요."
    ),
    "grant_change_waits": _l("이미 결재를 기다리는 변경이 있습니다. 그 변경을 결재한 뒤에 다시 올려 주세요."),
    "grant_below_claims": _l(
        "이미 산정한 지원금 %(value)s원보다 적게 바꿀 수 없습니다. 더 줄이려면 환수 절차를 따릅니다."
    ),
    "grant_below_passes": _l(
        "소상공인이 이미 고른 서비스 %(value)s원보다 적게 바꿀 수 없습니다. "
        "받기 전인 서비스는 소상공인이 취소할 수 있습니다."
    ),
    "grant_above_most": _l("이 사업이 한 곳에 교부하는 한도 %(value)s원보다 많습니다."),
    "grant_no_budget": _l("올해 예산에 이 재원이 없습니다: %(value)s. 예산 담당자와 상의해 주세요."),
    "withdraw_received": _l(
        "이미 받은 금액 %(value)s원이 있어 여기서 거둘 수 없습니다. 돌려줄 방법을 예산 담당자와 먼저 정해 주세요."
    ),
    "over_committed": _l("이 신청에 남은 교부결정액보다 많습니다(남은 금액 / 적은 금액): %(value)s"),
    "over_paid": _l(
        "이 신청으로 지급되어 남아 있는 금액보다 많이 돌려받을 수 없습니다(지급액 / 적은 금액): %(value)s. "
        "이미 환수한 금액이 있는지 확인해 주세요."
    ),
    "over_receivable": _l(
        "환수하기로 하고 아직 받지 않은 금액보다 많습니다(미수액 / 적은 금액): %(value)s. 환수 내역을 확인해 주세요."
    ),
    "commitment_used_up": _l("교부결정액에서 남은 금액보다 많습니다(남은 금액 / 필요한 금액): %(value)s"),
    "reservation_gone": _l(
        "접수할 때 확보한 예산이 회계연도 마감 등으로 풀려 %(value)s원만 남았습니다. 다시 검토를 요청하고 "
        "예산 담당자와 상의해 주세요."
    ),
}
