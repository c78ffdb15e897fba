"""What the codes of services in kind are called on screen: proposals, service passes, invoices."""

from __future__ import annotations

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.invoices import InvoiceStatus as Invoice
from portal.domain.proposals import ProposalStatus as Proposal
from portal.domain.service_passes import PassStatus as Pass

STATUSES = {
    Proposal: {
        Proposal.DRAFT: (_p("제안", "작성 중"), "neutral"),
        Proposal.SUBMITTED: (_p("제안", "제출"), "progress"),
        Proposal.SELECTED: (_p("제안", "선정, 계좌 확인 대기"), "attention"),
        Proposal.VERIFIED: (_p("제안", "계좌 확인, 협약 대기"), "attention"),
        Proposal.AGREED: (_p("제안", "협약 체결"), "success"),
        Proposal.NOT_SELECTED: (_p("제안", "선정되지 않음"), "neutral"),
        Proposal.WITHDRAWN: (_p("제안", "취하"), "closed"),
    },
    Pass: {
        Pass.CHOSEN: (_p("이용권", "서비스 기다림"), "progress"),
        Pass.REPORTED: (_p("이용권", "받았는지 확인 필요"), "attention"),
        Pass.DISPUTED: (_p("이용권", "문제 있음"), "danger"),
        Pass.VOUCHED: (_p("이용권", "담당자 확인, 결재 대기"), "attention"),
        Pass.CONFIRMED: (_p("이용권", "받음"), "success"),
        Pass.INVOICED: (_p("이용권", "대금 청구됨"), "success"),
        Pass.CLAIMED: (_p("이용권", "대금 지급 절차 중"), "success"),
        Pass.CANCELLED: (_p("이용권", "취소"), "closed"),
        Pass.EXPIRED: (_p("이용권", "기한 지남"), "closed"),
        Pass.ENDED: (_p("이용권", "담당자가 끝냄"), "closed"),
    },
    Invoice: {
        Invoice.FILED: (_p("대금", "확인 대기"), "attention"),
        Invoice.ACCEPTED: (_p("대금", "접수, 지급 절차 중"), "success"),
        Invoice.REFUSED: (_p("대금", "반려"), "danger"),
        Invoice.BACK_PROPOSED: (_p("대금", "되돌리기 결재 대기"), "attention"),
        Invoice.TAKEN_BACK: (_p("대금", "되돌림"), "closed"),
    },
}
ACTIONS = {
    ("proposal", "draft"): _("제안서 작성 시작"),
    ("proposal", "revise"): _("제안서 고침"),
    ("proposal", "add_offer"): _("서비스 추가"),
    ("proposal", "remove_offer"): _("서비스 뺌"),
    ("proposal", "submit"): _("제안서 제출"),
    ("proposal", "withdraw"): _("제안 취하"),
    ("proposal", "score"): _("평가표 냄"),
    ("proposal", "select"): _p("제안", "선정"),
    ("proposal", "leave_out"): _p("제안", "선정하지 않음"),
    ("proposal", "verify"): _("계좌 확인"),
    ("proposal", "agree"): _("협약 체결"),
    ("proposal", "change_account"): _("계좌 변경"),
    ("service_pass", "choose"): _("서비스 고름"),
    ("service_pass", "report"): _("제공했다고 알림"),
    ("service_pass", "cancel"): _p("이용권", "취소"),
    ("service_pass", "expire"): _p("이용권", "기한 지남"),
    ("service_pass", "confirm"): _("받았다고 확인"),
    ("service_pass", "dispute"): _("문제가 있다고 알림"),
    ("service_pass", "give_up"): _("제공을 그만둠"),
    ("service_pass", "attach_proof"): _("증빙 올림"),
    ("service_pass", "vouch"): _("담당자가 드린 것으로 봄"),
    ("service_pass", "uphold"): _("드린 것으로 확인"),
    ("service_pass", "send_back"): _("다시 살펴보게 함"),
    ("service_pass", "send_back_disputed"): _("다시 살펴보게 함"),
    ("service_pass", "end"): _("담당자가 끝냄"),
    ("service_pass", "free"): _("대금 청구 되돌림"),
    ("service_pass", "invoice"): _p("이용권", "대금 청구"),
    ("service_pass", "return"): _p("이용권", "대금 청구 반려"),
    ("service_pass", "claim"): _p("이용권", "대금 지급 절차"),
    ("vendor_invoice", "file"): _("대금 청구서 냄"),
    ("vendor_invoice", "accept"): _("대금 청구 접수"),
    ("vendor_invoice", "refuse"): _("대금 청구 반려"),
    ("vendor_invoice", "propose_taking_back"): _("되돌리기를 올림"),
    ("vendor_invoice", "take_back"): _("대금 청구 되돌림"),
    ("vendor_invoice", "keep"): _("되돌리지 않기로 함"),
    ("vendor_invoice", "pay"): _("대금을 모두 지급"),
    ("vendor_invoice", "correct"): _("대금 정정"),
}
RULINGS = {
    "vouch": _("드린 것으로 보기"),
    "end": _("이용권 끝내기"),
    "send_back": _("돌려보내기"),
}
INVOICE_STEPS = {
    "refuse": _("반려하기"),
    "propose_taking_back": _("되돌리기 결재 올리기"),
    "keep": _("되돌리지 않기"),
    "correct": _("지급한 대금 정정하기"),
}


def paid_for(number: str, shop: str, service: str, won: int) -> str:
    """A service among those that a firm may be asked for: which it is, whose, and what was paid."""
    return f"{number} {shop} · {service} · {gettext('%(won)s원', won=format_decimal(won))}"
