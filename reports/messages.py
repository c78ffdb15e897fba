"""The words of mail and messages: that something waits in the portal, by when, and where. Nothing of a case is in them.

Written in Korean, as letters are: what language somebody reads the pages in, their browser alone knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.domain.messages import Channel
from portal.domain.notifications import Kind
from portal.domain.periods import document_date

K = Kind
# What a mail calls an occasion: less than the page behind it says, for others may read mail.
NAMES: Mapping[Kind, str] = {
    K.RECEIVED: "신청 접수 안내",
    K.SUPPLEMENT_ASKED: "보완 요청",
    K.DECIDED: "심사 결과 안내",
    K.DECISION_CHANGED: "결정 변경 안내",
    K.REJECTED: "심사 결과 안내",
    K.RESERVED: "대기 순번 안내",
    K.SELECTED: "심의 결과 안내",
    K.ON_RESERVE: "심의 결과 안내",
    K.LEFT_OUT: "심의 결과 안내",
    K.CLAIM_APPROVED: "진행 상황 안내",
    K.PAID: "새 문서 도착",
    K.PAYMENT_REFUSED: "확인이 필요한 안내",
    K.PAYMENT_RETURNED: "확인이 필요한 안내",
    K.ACCOUNT_CHANGED: "정보 변경 안내",
    K.LINK_CONFIRMED: "진행 상황 안내",
    K.LINK_MATCHED: "진행 상황 안내",
    K.LINK_REFUSED: "확인이 필요한 안내",
    K.LINK_ENDED: "진행 상황 안내",
    K.EVIDENCE_CONFIRMED: "진행 상황 안내",
    K.EVIDENCE_REFUSED: "확인이 필요한 안내",
    K.SERVICE_REPORTED: "확인이 필요한 안내",
    K.SERVICE_UPHELD: "확인이 필요한 안내",
    K.SERVICE_ENDED: "확인이 필요한 안내",
    K.SERVICE_CHOSEN: "새로 들어온 일",
    K.SERVICE_DISPUTED: "답을 기다리는 안내",
    K.FIRM_UPHELD: "진행 상황 안내",
    K.FIRM_ENDED: "확인이 필요한 안내",
    K.FIRM_SELECTED: "심의 결과 안내",
    K.FIRM_LEFT_OUT: "심의 결과 안내",
    K.AGREEMENT_WAITS: "협약 안내",
    K.AGREEMENT_SIGNED: "협약 안내",
    K.INVOICE_ACCEPTED: "진행 상황 안내",
    K.INVOICE_REFUSED: "확인이 필요한 안내",
    K.INVOICE_PAID: "대금 안내",
    K.INVOICE_TAKEN_BACK: "확인이 필요한 안내",
    K.INVOICE_CORRECTED: "확인이 필요한 안내",
    K.RECOVERY_NOTICE: "의견을 내실 수 있는 안내",
    K.RECOVERY_ORDER: "기한이 있는 안내",
    K.RECOVERY_INSTALMENTS: "새 문서 도착",
    K.RECOVERY_CLOSED: "새 문서 도착",
    K.EXTENDED: "처리기간 안내",
    K.EXTENSION_ASKED: "답을 기다리는 안내",
    K.SUPPLEMENT_EXTENDED: "보완 기한 안내",
    K.STATUS_NOTICE: "진행 상황 안내",
    K.RETURNED: "새 문서 도착",
    K.OBJECTION_EXTENDED: "처리기간 안내",
    K.OBJECTION_ANSWERED: "새 문서 도착",
    K.SUPPLEMENT_ANSWERED: "보완 제출",
    K.WITHDRAWN: "신청 취하",
    K.DECISION_WAITS: "결재 대기",
    K.SENT_BACK: "다시 검토할 건",
    K.CHANGE_WAITS: "결재 대기",
    K.CHANGE_APPROVED: "결재 결과",
    K.CHANGE_REFUSED: "결재 결과",
    K.OPINION_GIVEN: "의견 제출",
    K.ORDER_WAITS: "결재 대기",
    K.ORDER_SENT_BACK: "다시 검토할 건",
    K.OBJECTION_RAISED: "이의신청 접수",
    K.OBJECTION_WAITS: "결재 대기",
    K.SIGNAL_CONFIRMED: "확인이 필요한 건",
    K.SIGNAL_OTHERWISE: "확인이 필요한 건",
    K.RUN_WAITS: "결재 대기",
    K.RULING_WAITS: "결재 대기",
    K.INVOICE_FILED: "확인 대기",
    K.TAKING_BACK_WAITS: "결재 대기",
    K.STANDING_IN: "대결 지정",
    K.PLAN_REPORT_WAITS: "확인 대기",
    K.ENTRY_WAITS: "확인 대기",
    K.ENTRY_REFUSED: "다시 확인할 건",
    K.PLAN_REPORT_REFUSED: "다시 확인할 건",
    K.PLAN_VERSION_WAITS: "확인 대기",
    K.PLAN_VERSION_REFUSED: "다시 확인할 건",
    K.MEMBERSHIP_ASKED: "답을 기다리는 안내",
    K.MEMBERSHIP_ANSWERED: "진행 상황 안내",
    K.MEMBER_REFUSED: "다시 확인할 건",
    K.CASE_ASSIGNED: "새로 맡은 일",
    K.CASES_ASSIGNED: "새로 맡은 일",
    K.SUPPLEMENT_DUE: "보완 기한 안내",
    K.CALL_CLOSES: "신청 마감 안내",
    K.OPINION_DUE: "의견 제출 기한 안내",
    K.REPAYMENT_DUE: "납부 기한 안내",
    K.SERVICE_DUE: "확인 기한 안내",
    K.CASES_DUE: "처리 기한 안내",
}


@dataclass(slots=True)
class _Place:
    base_url: str = "http://127.0.0.1:8000"
    demo: bool = True


_place = _Place()


def configure(base_url: str, *, demo: bool) -> None:
    """Called once by create_app: one process serves one public address."""
    _place.base_url, _place.demo = base_url.rstrip("/"), demo


def of(kind: Kind, notification_id: int, due_on: date | None, channel: Channel) -> tuple[str, str]:
    """Subject and text of a message about a line of somebody's inbox."""
    mark = "[이음 데모]" if _place.demo else "[이음]"
    subject = f"{mark} {NAMES[kind]}"
    link = f"{_place.base_url}/inbox/{notification_id}"
    until = f"기한: {document_date(due_on)}까지" if due_on else ""
    if channel is not Channel.MAIL:
        return subject, " ".join(filter(None, (subject, until, link)))
    lines = [
        "소상공인 O2O 지원 포털 ‘이음’에 확인하실 것이 있습니다.",
        "",
        f"내용: {NAMES[kind]}",
        *([until] if until else []),
        "",
        "로그인하여 확인해 주십시오. 개인정보 보호를 위해 자세한 내용은 메일에 적지 않습니다.",
        link,
        "",
        "이 메일은 보내기만 합니다. 회신하셔도 읽지 못합니다.",
        f"메일을 받지 않으시려면: {_place.base_url}/inbox/settings",
    ]
    if _place.demo:
        lines += ["", "데모에서 보낸 메일입니다. 실제 신청이나 지급과 관계가 없습니다."]
    return subject, "\n".join(lines) + "\n"
