"""What the codes of the ledger, the bank and the invariants are called on screen."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.ledger import Account, PostingKind

POSTINGS = {
    PostingKind.APPROPRIATE: _("예산 배정"),
    PostingKind.REDUCE: _("예산 감액"),
    PostingKind.TRANSFER_OUT: _("예산 이체 (보냄)"),
    PostingKind.TRANSFER_IN: _("예산 이체 (받음)"),
    PostingKind.COMMIT: _("교부 결정"),
    PostingKind.RELEASE: _("결정 취소·감액"),
    PostingKind.DISBURSE: _("지급"),
    PostingKind.RETURN: _("지급 반환"),
    PostingKind.RECOVER: _("환수"),
    PostingKind.RECOVER_LATE: _("환수 (과년도 수입)"),
    PostingKind.DEMAND: _("환수 결정"),
    PostingKind.FULFIL: _("환수금 수납"),
    PostingKind.WRITE_OFF: _("환수금 결손 처분"),
    PostingKind.WITHDRAW: _("환수 결정 거둠"),
}

ACCOUNTS = {
    Account.SOURCE: _("예산현액"),
    Account.AVAILABLE: _("남은 예산"),
    Account.COMMITTED: _("교부결정액"),
    Account.PAID: _("실집행액"),
    Account.REVENUE: _("과년도 수입"),
    Account.RECEIVABLE: _("환수 미수액"),
    Account.DEMANDED: _("환수 결정액"),
}

# what a payer looks at twice -> (label, tone)
FLAGS = {"first": (_("첫 지급"), "progress"), "changed": (_("계좌 바뀜"), "attention")}

# why a bank did not pay; codes of the results file (docs/reference/bank-file.md)
BANK_REASONS = {
    "ACCOUNT_CLOSED": _("해지된 계좌"),
    "ACCOUNT_UNKNOWN": _("없는 계좌"),
    "HOLDER_MISMATCH": _("예금주가 다름"),
    "LIMIT_EXCEEDED": _("이체 한도 초과"),
    "TIMEOUT": _("은행 응답 없음"),
    "BUSINESS_CLOSED": _("폐업한 사업자 (국세청)"),
    "NO_ANSWER": _("은행 응답 없음"),
    "WORKER_LOST": _("보내는 중에 멈춤"),
    "ANSWER_DIFFERS": _("은행 응답이 보낸 내용과 다름"),
    "NEVER_HEARD": _("은행에 도착하지 않음"),
    "RETURNED": _("받는 은행이 돌려보냄"),
}

INVARIANTS = {
    "postings_follow_recipes": _("장부의 모든 기록은 나간 금액과 들어온 금액이 같습니다."),
    "budget_lines_hold": _("어느 재원도 예산을 넘겨 쓰지 않았고, 잔액은 장부 기록의 합과 같습니다."),
    "commitments_match_decisions": _("교부결정액과 장부가 같고, 지원금은 결정액을 넘지 않습니다."),
    "reservations_kept": _("접수할 때 확보한 금액이 장부와 같고, 대기·취하·불선정 신청에는 확보된 돈이 없습니다."),
    "passes_within_grants": _("고른 서비스의 합계가 지원 금액을 넘지 않고, 값은 협약한 값 그대로입니다."),
    "commitments_not_overdrawn": _("어느 신청도 재원별로 결정된 금액을 넘겨 지급되지 않았습니다."),
    "one_living_payment": _("지원금 한 건에 살아 있는 지급은 하나뿐입니다."),
    "orders_sent_once": _("은행에 보낸 지급은 한 번씩만 나갔습니다."),
    "ends_have_evidence": _("은행에 보낸 지급은 모두 은행의 답으로 끝났습니다."),
    "statuses_follow_audit": _("모든 상태는 정해진 절차를 거쳐 바뀌었습니다."),
    "money_agrees": _("은행이 확인한 금액, 장부의 지급액, 지급된 지원금이 같습니다."),
    "parts_add_up": _("재원별 금액, 항목별 금액, 지급 목록의 금액은 각각 합계와 같습니다."),
    "shares_agree": _("지급마다 재원별 금액이 장부의 재원별 지급액과 같습니다."),
    "invoices_add_up": _("플랫폼의 청구는 소상공인이 확인한 서비스와, 지급할 금액은 청구의 공급가액과 같습니다."),
    "lines_intact": _("보관된 정산 내역은 받은 그대로입니다."),
    "rows_accounted_for": _("정산자료의 모든 줄은 접수되었거나 사유와 함께 거절되었습니다."),
    "evidence_delivered": _("확인한 증빙마다 그 줄을 담은 정산자료가 하나씩 있습니다."),
    "claims_recompute": _("지원금을 다시 산정해도 같은 금액이 나옵니다."),
    "claims_within_assessment": _("한 달의 지원금은 그 달에 산정된 금액을 넘지 않습니다."),
    "selections_kept": _("평가표와 공개한 수로 다시 계산해도 순위가 같고, 선정된 차례대로 예산 순서에 서 있습니다."),
    "four_eyes_kept": _("산정, 승인, 지급을 한 사람이 이어서 하지 않았습니다."),
    "approvals_stand": _("교부 결정, 지원금, 지급 목록은 승인한 내용 그대로입니다."),
    "interests_kept_away": _("이해관계를 신고한 사람은 그 사건의 검토, 결재, 지급, 환수, 대금을 맡지 않았습니다."),
    "roles_apart": _("함께 가질 수 없는 권한을 한 사람이 여러 계정으로라도 모으지 않았습니다."),
    "own_money_left_alone": _("자기 사업장의 연결, 지원금, 지급을 스스로 처리한 사람이 없습니다."),
    "deciders_apart": _("지원금을 승인한 사람이 그 환수를 결정하지 않았습니다."),
    "firms_paid_as_agreed": _("플랫폼에는 협약에 따라서만 지급하고, 다른 사람이 갚을 돈을 빼지 않습니다."),
    "objections_kept": _(
        "이의신청은 모두 처음 결정에 참여하지 않은 사람이 올리고 결정했고, 인용한 결과가 그대로 처리되었습니다."
    ),
    "messages_accounted_for": _("메일과 문자는 모두 보냈거나, 기다리거나, 못 보낸 사유가 적혀 있습니다."),
    "audit_chain_verifies": _("감사 기록은 봉인한 뒤로 바뀌거나 빠지거나 끼어든 것이 없습니다."),
    "closed_years_untouched": _("마감한 회계연도에는 기록이 더해지지 않았습니다."),
    "tables_refuse_changes": _("장부와 감사 기록처럼 남겨야 하는 기록은 고치거나 지울 수 없습니다."),
    "recoveries_within_payments": _("환수는 재원마다 지급한 금액을 넘지 않습니다."),
    "receipts_within_orders": _("받은 금액은 환수 결정액을 넘지 않고, 다 받은 건만 끝났습니다."),
    "recoveries_agree": _("환수 결정, 수납, 상계, 결손이 장부와 재원별로 같습니다."),
    "objects_intact": _("보관된 파일은 모두 있고 바뀌지 않았습니다."),
    "outbox_accounted_for": _("플랫폼에 보낼 알림은 모두 전했거나, 기다리거나, 못 전한 것으로 남아 있습니다."),
    "no_float_columns": _("금액은 모두 정수 원으로 저장됩니다."),
    "statistics_agree": _("통계의 합계가 장부의 지급액과 같습니다."),
    "queue_numbers_ordered": _("접수 순번은 접수한 차례대로입니다."),
    "waiting_list_in_order": _(
        "예산은 접수 순번(선정심의를 거친 사업은 순위)대로 확보되고, 돈이 있는데 기다리는 신청이 없습니다."
    ),
}


def bank_reason(code: str | None) -> object:
    """The bank's reason in words; a code we do not know as it came."""
    return BANK_REASONS.get(code or "", code or "")


def source_said(key: str) -> str:
    """What caused an entry, from its source key: `commit:application:12` -> `신청 12`."""
    words = {
        "commit:application": _p("장부", "신청"),
        "release:application": _p("장부", "신청"),
        "disburse:payment": _("지급"),
        "return:payment": _("입금 반송"),
        "appropriate": _("사업 예산"),
        "demand:recovery": _("환수"),
        "fulfil:receipt": _("환수금 수납"),
        "recover:receipt": _("환수금 수납"),
        "recover_late:receipt": _("환수금 수납"),
        "write_off:receipt": _("결손 처분"),
        "withdraw:recovery": _("환수"),
        "regrant": _("교부 결정 변경"),
        "lapse": _("회계연도 마감"),
        "carry": _("이월"),
        "voucher": _("전표"),
    }
    cause, _colon, number = key.rpartition(":")
    for start, word in words.items():
        if cause == start or cause.startswith(f"{start}:"):
            return f"{word} {number}"
    return key


def rate(value: Decimal) -> str:
    """`Decimal("0.12345")` -> `12.3%`, rounded half up as the reports round (`domain.statistics.Rate`)."""
    return f"{(value * 100).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP)}%"
