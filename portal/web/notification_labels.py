"""What notifications, channels and messages are called on screen, and the page that each occasion leads to."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p
from flask_babel import ngettext

from portal.domain.actors import Actor
from portal.domain.messages import Channel, Verdict
from portal.domain.messages import MessageStatus as S
from portal.domain.notifications import BY_KIND, Page, Topic
from portal.domain.notifications import Kind as K

KINDS = {
    K.RECEIVED: _("신청서를 접수했습니다"),
    K.SUPPLEMENT_ASKED: _("보완할 것이 있습니다. 보완요구서를 확인해 주세요"),
    K.DECIDED: _("교부가 결정되었습니다. 교부결정통지서가 왔습니다"),
    K.DECISION_CHANGED: _("교부 결정이 바뀌었습니다. 변경교부결정통지서가 왔습니다"),
    K.REJECTED: _("선정되지 않았습니다. 이유와 이의신청 방법이 통지서에 있습니다"),
    K.RESERVED: _("기다리시던 예산이 확보되었습니다"),
    K.SELECTED: _("선정심의에서 선정되었습니다. 교부 결정은 문서로 따로 알려 드립니다"),
    K.ON_RESERVE: _("선정심의에서 예비로 정해졌습니다. 앞에서 빠지면 순위대로 올라옵니다"),
    K.LEFT_OUT: _("선정심의에서 선정되지 않았습니다. 이유와 이의신청 방법은 문서로 따로 알려 드립니다"),
    K.CLAIM_APPROVED: _("지원금 지급이 승인되었습니다"),
    K.PAID: _("지원금을 보냈습니다. 지급통지서가 왔습니다"),
    K.PAYMENT_REFUSED: _("지원금을 보내지 못했습니다. 계좌를 확인해 주세요"),
    K.PAYMENT_RETURNED: _("보낸 지원금이 되돌아왔습니다. 안내문을 확인해 주세요"),
    K.ACCOUNT_CHANGED: _("바꾸신 계좌를 확인한 결과가 왔습니다"),
    K.LINK_CONFIRMED: _("매장 연결이 확인되었습니다"),
    K.LINK_MATCHED: _("플랫폼이 알려 준 사업자등록번호로 매장이 연결되었습니다"),
    K.LINK_REFUSED: _("매장 연결을 확인하지 못했습니다"),
    K.LINK_ENDED: _("매장 연결이 끝났습니다"),
    K.EVIDENCE_CONFIRMED: _("내신 증빙을 확인했습니다"),
    K.EVIDENCE_REFUSED: _("내신 증빙을 받을 수 없습니다. 이유를 확인해 주세요"),
    K.SERVICE_REPORTED: _("플랫폼이 고르신 서비스를 드렸다고 알려 왔습니다. 받으셨는지 확인해 주세요"),
    K.SERVICE_UPHELD: _("담당자 두 사람이 서비스를 받으신 것으로 확인했습니다. 이유를 읽어 주세요"),
    K.SERVICE_ENDED: _("담당자가 이용권을 끝냈습니다. 다른 서비스를 고르실 수 있습니다"),
    K.SERVICE_CHOSEN: _("소상공인이 서비스를 골랐습니다. 기한까지 드려 주세요"),
    K.SERVICE_DISPUTED: _("소상공인이 서비스에 문제가 있다고 알렸습니다. 답해 주세요"),
    K.FIRM_UPHELD: _("담당자가 서비스를 드린 것으로 확인했습니다. 대금을 청구할 수 있습니다"),
    K.FIRM_ENDED: _("담당자가 이용권을 끝냈습니다. 이유를 읽어 주세요"),
    K.FIRM_SELECTED: _("제안이 선정되었습니다. 담당자가 계좌를 확인합니다"),
    K.FIRM_LEFT_OUT: _("제안이 선정되지 않았습니다. 점수와 심의 의견을 볼 수 있습니다"),
    K.AGREEMENT_WAITS: _("계좌가 확인되었습니다. 협약서에 서명해 주세요"),
    K.AGREEMENT_SIGNED: _("협약이 체결되었습니다. 이제 소상공인이 서비스를 고릅니다"),
    K.INVOICE_ACCEPTED: _("대금 청구를 접수했습니다"),
    K.INVOICE_REFUSED: _("대금 청구가 반려되었습니다. 이유를 읽고 다시 청구해 주세요"),
    K.INVOICE_PAID: _("청구하신 대금을 모두 보냈습니다"),
    K.INVOICE_TAKEN_BACK: _("접수한 대금 청구를 되돌렸습니다. 이유를 읽고 다시 청구해 주세요"),
    K.INVOICE_CORRECTED: _("지급한 대금이 정정되었습니다. 다음 대금에서 뺍니다"),
    K.RECOVERY_NOTICE: _("환수 예정 통지가 왔습니다. 의견을 내실 수 있습니다"),
    K.RECOVERY_ORDER: _("환수 결정 통지가 왔습니다"),
    K.RECOVERY_INSTALMENTS: _("나누어 내시는 것이 승인되었습니다"),
    K.RECOVERY_CLOSED: _("환수가 끝났습니다"),
    K.EXTENDED: _("처리기간이 늘어났습니다. 통지서를 확인해 주세요"),
    K.EXTENSION_ASKED: _("처리기간을 더 늘려도 되는지 여쭙니다. 답해 주세요"),
    K.SUPPLEMENT_EXTENDED: _("보완 기한이 늘어났습니다"),
    K.STATUS_NOTICE: _("신청이 어디까지 처리되었는지 알려 드립니다"),
    K.RETURNED: _("신청을 돌려드렸습니다. 이유와 이의신청 방법이 통지서에 있습니다"),
    K.OBJECTION_EXTENDED: _("이의신청 처리기간이 늘어났습니다"),
    K.OBJECTION_ANSWERED: _("이의신청 결과 통지서가 왔습니다"),
    K.SUPPLEMENT_ANSWERED: _("보완 자료가 들어왔습니다"),
    K.WITHDRAWN: _("신청이 취하되었습니다"),
    K.DECISION_WAITS: _("결정을 기다리는 신청이 있습니다"),
    K.SENT_BACK: _("결재권자가 다시 검토하도록 돌려보냈습니다"),
    K.CHANGE_WAITS: _("결재를 기다리는 교부 결정 변경이 있습니다"),
    K.CHANGE_APPROVED: _("올리신 교부 결정 변경이 승인되었습니다"),
    K.CHANGE_REFUSED: _("올리신 교부 결정 변경이 반려되었습니다"),
    K.OPINION_GIVEN: _("환수 예정 통지에 대한 의견이 들어왔습니다"),
    K.ORDER_WAITS: _("결재를 기다리는 환수 결정안이 있습니다"),
    K.ORDER_SENT_BACK: _("환수 결정안이 반려되었습니다"),
    K.OBJECTION_RAISED: _("이의신청이 들어왔습니다"),
    K.OBJECTION_WAITS: _("결정을 기다리는 이의신청이 있습니다"),
    K.SIGNAL_CONFIRMED: _("의심 신호가 사실로 확인되었습니다"),
    K.SIGNAL_OTHERWISE: _("판단하신 의심 신호의 내용이 달라졌습니다"),
    K.RUN_WAITS: _("지급 확정을 기다리는 지급 목록이 있습니다"),
    K.ENTRY_WAITS: _("확인을 기다리는 대리 입력이 있습니다"),
    K.ENTRY_REFUSED: _("대신 입력하신 동의서가 반려되었습니다. 사유를 확인해 주세요"),
    K.RULING_WAITS: _("결재를 기다리는 서비스 확인이 있습니다"),
    K.INVOICE_FILED: _("플랫폼이 대금을 청구했습니다"),
    K.TAKING_BACK_WAITS: _("결재를 기다리는 대금 청구 되돌리기나 정정이 있습니다"),
    K.STANDING_IN: _("대결할 사람으로 지정되었습니다"),
    K.PLAN_REPORT_WAITS: _("확인을 기다리는 계획 실적이 있습니다"),
    K.PLAN_REPORT_REFUSED: _("올리신 계획 실적이 확인되지 않았습니다. 사유를 확인해 주세요"),
    K.PLAN_VERSION_WAITS: _("확인을 기다리는 계획의 새 판이 있습니다"),
    K.PLAN_VERSION_REFUSED: _("올리신 계획의 판이 확인되지 않았습니다. 사유를 확인해 주세요"),
    K.MEMBERSHIP_ASKED: _("상인회가 이 사업장을 대신해 신청하려고 합니다. 동의하시는지 답해 주세요"),
    K.MEMBERSHIP_ANSWERED: _("구성원이 상인회 신청에 답했습니다"),
    K.MEMBER_REFUSED: _("명단의 구성원 한 사람을 공무원이 확인하지 못했습니다. 이유를 확인해 주세요"),
    K.CASE_ASSIGNED: _("새 사건을 맡았습니다"),
    K.CASES_ASSIGNED: _("새 사건을 여러 건 맡았습니다"),
    K.SUPPLEMENT_DUE: _("보완 기한이 다가옵니다"),
    K.CALL_CLOSES: _("신청 마감이 다가옵니다. 쓰던 신청서를 내 주세요"),
    K.OPINION_DUE: _("의견 제출 기한이 다가옵니다"),
    K.REPAYMENT_DUE: _("납부 기한이 다가옵니다"),
    K.SERVICE_DUE: _("서비스를 받았는지 확인하실 기한이 다가옵니다. 지나면 담당자가 대신 판단할 수 있습니다"),
    K.CASES_DUE: _("처리 기한이 다가오거나 지난 신청이 있습니다"),
}

TOPICS = {
    Topic.LEGAL: (_("공식 문서"), "attention"),
    Topic.PROGRESS: (_("진행 상황"), "progress"),
    Topic.REMINDER: (_("기한 알림"), "attention"),
    Topic.WORK: (_("내 업무"), "neutral"),
}
CHANNELS = {Channel.MAIL: _("메일"), Channel.SMS: _("문자"), Channel.MESSENGER: _("알림톡")}
STATUSES = {
    S.WAITING: (_p("알림", "보내기 전"), "progress"),
    S.SENT: (_p("알림", "보냄"), "success"),
    S.REFUSED: (_p("알림", "없는 주소"), "danger"),
    S.BOUNCED: (_p("알림", "되돌아옴"), "danger"),
    S.GIVEN_UP: (_p("알림", "못 보냄"), "danger"),
    S.DROPPED: (_p("알림", "보내지 않음"), "neutral"),
}
VERDICTS = {
    Verdict.TAKEN: _("받음"),
    Verdict.LATER: _("나중에 다시"),
    Verdict.NO_SUCH_ADDRESS: _("없는 주소"),
    Verdict.NEVER: _("거절"),
}
ACTIONS = {
    ("message", "write"): _("보낼 알림 만듦"),
    ("message", "send"): _("알림 보냄"),
    ("message", "refuse"): _("없는 주소라 못 보냄"),
    ("message", "give_up"): _("보내기를 그만둠"),
    ("message", "drop"): _("받지 않아 보내지 않음"),
    ("message", "bounce"): _("알림이 되돌아옴"),
    ("message", "send_again"): _("다시 보내기"),
    ("contact", "choose"): _("알림 받을 곳 정함"),
}

# page -> (endpoint, whether it has the record in its address)
_PAGES = {
    Page.APPLICATION: ("merchant.applications_show", True),
    Page.SUPPLEMENT: ("merchant.applications_show", True),
    Page.LETTERS: ("merchant.letters_index", False),
    Page.CLAIM: ("merchant.claims_show", True),
    Page.ACCOUNT: ("merchant.claims_show", True),
    Page.MERCHANTS: ("merchant.merchants_index", False),
    Page.LINKS: ("merchant.links_index", False),
    Page.EVIDENCE: ("merchant.evidence_show", True),
    Page.SERVICE: ("merchant.service_passes_show", True),
    Page.PROPOSAL: ("platform.proposals_show", True),
    Page.SUPPLY: ("platform.service_passes_report", True),
    Page.BILL: ("platform.invoices_show", True),
    Page.CASE_SERVICE: ("official.service_passes_show", True),
    Page.CASE_INVOICE: ("official.invoices_show", True),
    Page.RECOVERY: ("merchant.recoveries_show", True),
    Page.OBJECTIONS: ("merchant.objections_index", False),
    Page.CASE_OBJECTION: ("official.objections_show", True),
    Page.CASE_SIGNAL: ("official.signals_show", True),
    Page.CASE: ("official.applications_show", True),
    Page.CASE_RECOVERY: ("official.recoveries_show", True),
    Page.RUN: ("official.payments_show", True),
    Page.PLAN_VERSION: ("policy.plan_versions_show", True),
    Page.ROSTER: ("merchant.rosters_show", True),
    Page.MEMBERSHIPS: ("merchant.memberships_index", False),
    Page.PLAN_REPORT: ("policy.plan_reports_show", True),
    Page.PROXY_ENTRY: ("official.proxy_entries_show", True),
    Page.PROXY_ENTRIES: ("official.proxy_entries_index", False),
    Page.ABSENCES: ("official.absences_index", False),
}


def about(line: Any) -> str:
    """Which shop or case a line is about; of a daily digest, how many cases."""
    if line.kind in (K.CASES_DUE, K.CASES_ASSIGNED):
        return ngettext("%(count)s건", "%(count)s건", int(line.about), count=line.about)
    return line.about


def address_beside(by: Actor) -> str:
    """Where somebody is led whose mandate no longer opens the matter: a clerk to where a new consent is entered."""
    return url_for("official.proxy_entries_index" if by.is_official else "public.acting_index")


def address(kind: K, record_id: int) -> str:
    """The page on which a notification of this kind is acted on."""
    page = BY_KIND[kind].page
    if page is Page.QUEUE:
        return url_for("official.applications_queue", view="due_soon")
    if page is Page.MINE:
        return url_for("official.applications_queue", view="mine")
    endpoint, has_record = _PAGES[page]
    return url_for(endpoint, id=record_id) if has_record else url_for(endpoint)
