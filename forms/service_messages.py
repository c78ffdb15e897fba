"""The sentences of forms/messages.py that are about services in kind."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

SERVICE_MESSAGES = {
    # the rule set
    "services_with_items": _l("현물 서비스를 드리는 사업은 비용을 함께 지원할 수 없습니다. 지원 항목을 지워 주세요."),
    "services_need_fixed": _l("현물 서비스를 드리는 사업의 지원금은 모두에게 같은 금액이어야 합니다."),
    "services_in_use": _l(
        "현물 서비스를 뺄 수 없습니다. 제안하거나 협약한 플랫폼이 %(value)s곳 있어 이용권과 대금이 끊깁니다."
    ),
    "service_kind_in_use": _l("%(value)s 종류의 서비스를 낸 플랫폼이 있어 이 종류를 뺄 수 없습니다."),
    "pays_no_costs": _l("%(value)s은(는) 현물 서비스를 드리는 사업이라 정산자료로 산정하지 않습니다."),
    # proposals
    "conditions_not_declared": _l("참여 조건을 모두 읽고 확인란에 표시해 주세요."),
    "offer_out_of_range": _l("공급가액은 1원부터 한 곳이 쓸 수 있는 %(value)s원까지 적습니다."),
    "proposals_closed": _l("지금은 플랫폼의 제안을 받지 않습니다. 마감일: %(value)s"),
    "proposal_exists": _l("이 사업에는 이미 제안서가 있습니다. 있는 제안서를 고쳐 주세요."),
    "account_corrected": _l("그 사이 플랫폼이 계좌를 고쳤습니다. 화면을 새로 고쳐 다시 견주어 주세요."),
    "no_offers": _l("서비스를 하나 이상 적은 뒤에 제출해 주세요."),
    # passes
    "agreement_over": _l("이 플랫폼의 협약이 %(value)s에 끝나 고를 수 없습니다."),
    "grant_used_up": _l("남은 지원 금액이 모자랍니다(남은 금액 또는 남은 금액 / 필요한 금액): %(value)s원"),
    "words_too_short": _l("%(value)s자 이상 적어 주세요."),
    "pass_expired": _l("이용 기한(%(value)s)이 지나 제공을 알릴 수 없습니다."),
    "pass_not_due": _l("%(value)s까지는 소상공인이나 플랫폼의 답을 기다려야 합니다."),
    "correction_in_hand": _l(
        "이 사업장의 이 달은 정정이나 환수가 이미 진행 중입니다(%(value)s). 그 건이 끝난 뒤에 정정해 주세요."
    ),
    "dispute_being_decided": _l("담당자가 이 문제를 판단하고 있습니다. 결재가 끝나면 알려 드립니다."),
    # invoices and paying a firm
    "invoice_number": _l("전자세금계산서 승인번호 24자리를 적어 주세요."),
    "nothing_invoiced": _l("청구할 서비스를 하나 이상 골라 주세요."),
    "not_to_be_invoiced": _l("소상공인이 확인하였고 아직 청구하지 않은 서비스만 청구할 수 있습니다."),
    "invoice_differs": _l("고른 서비스의 합계는 %(value)s원입니다. 세금계산서의 금액과 같아야 합니다."),
    "invoice_filed": _l("이 승인번호의 세금계산서는 이미 청구되었습니다."),
    "invoice_being_paid": _l(
        "이미 지급했거나 지급 목록에 든 대금이 있어 되돌릴 수 없습니다. 지급한 대금은 정정합니다."
    ),
    "invoice_in_doubt": _l("되돌릴지 결재를 기다리는 대금 청구라 지급하지 않습니다: %(value)s"),
    "nothing_to_correct": _l("지급했고 아직 정정하지 않은 서비스를 하나 이상 골라 주세요."),
    "not_with_firms": _l("플랫폼의 대금 정정에는 없는 단계입니다."),
    "account_unverified": _l("플랫폼의 바뀐 계좌가 아직 확인되지 않아 지급하지 않습니다: %(value)s"),
}
