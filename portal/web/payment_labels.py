"""What the statuses and steps of payment runs and of single payments are called on screen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from portal.domain.bank_orders import Outcome, Source, Verdict
from portal.domain.payments import Channel
from portal.domain.payments import PaymentStatus as Pay
from portal.domain.payments import RunStatus as Run

# status -> (label, tone)
STATUSES = {
    Run: {
        Run.PREPARED: (_("작성됨"), "progress"),
        Run.RELEASED: (_("은행 전달"), "progress"),
        Run.SETTLED: (_("처리 완료"), "success"),
        Run.CANCELLED: (_("취소됨"), "neutral"),
    },
    Pay: {
        Pay.PREPARED: (_("준비"), "neutral"),
        Pay.HELD: (_("지급 보류"), "attention"),
        Pay.INSTRUCTED: (_("은행 전달"), "progress"),
        Pay.SENDING: (_("은행에 보내는 중"), "progress"),
        Pay.ACCEPTED: (_("은행 접수"), "progress"),
        Pay.DONE: (_("지급 완료"), "success"),
        Pay.REFUSED: (_("지급 거절"), "danger"),
        Pay.UNKNOWN: (_("확인 필요"), "attention"),
        Pay.VOIDED: (_("보내지지 않음"), "danger"),
        Pay.RETURNED: (_("입금 반송"), "danger"),
        Pay.CANCELLED: (_("취소됨"), "neutral"),
    },
}

# (noun, action) -> the button; what was done reads the same in a timeline
ACTIONS = {
    ("payment_run", "prepare"): _("지급 목록 작성"),
    ("payment_run", "release"): _("지급 내보내기"),
    ("payment_run", "hold"): _("한 건 보류"),
    ("payment_run", "cancel"): _("지급 목록 취소"),
    ("payment_run", "settle"): _("처리 완료"),
    ("payment", "prepare"): _("준비"),
    ("payment", "hold"): _("지급 보류"),
    ("payment", "instruct"): _("은행 전달"),
    ("payment", "send"): _("은행에 보냄"),
    ("payment", "put_back"): _("연결되지 않아 나중에 보냄"),
    ("payment", "accept"): _("은행 접수"),
    ("payment", "confirm"): _("지급 확인"),
    ("payment", "refuse"): _("은행 거절"),
    ("payment", "lose_sight"): _("결과 확인 필요"),
    ("payment", "void"): _("보내지지 않음 확인"),
    ("payment", "return"): _("입금 반송"),
    ("payment", "cancel"): _("취소"),
}

CHANNELS = {
    Channel.CSV: _("은행 파일 (CSV)"),
    Channel.PAIN001: _("은행 파일 (ISO 20022 XML)"),
    Channel.API: _("포털이 은행에 바로 보냄"),
}

# what is otherwise than in the last run -> (label, tone)
SIGNS = {
    "new": (_("지난 목록에 없음"), "progress"),
    "changed": (_("계좌 바뀜"), "attention"),
    "bounced": (_("지난번에 은행이 거절한 계좌"), "attention"),
    "grown": (_("지난번의 3배 넘음"), "attention"),
    "held": (_("보류했던 지급"), "attention"),
}

SAID_BY = {
    Source.ANSWER: _("보낼 때 받은 답"),
    Source.ENQUIRY: _("조회에 받은 답"),
    Source.CALLBACK: _("은행이 먼저 알림"),
}

OUTCOMES = {
    Outcome.DONE: _("지급함"),
    Outcome.REFUSED: _("거절함"),
    Outcome.ACCEPTED: _("접수함"),
    Outcome.RETURNED: _("반송됨"),
    Outcome.NEVER_HEARD: _("받은 적 없음"),
    Outcome.NO_ANSWER: _("답 없음"),
    Outcome.NOT_SENT: _("연결되지 않음"),
}

# what was wrong with a word of the bank
VERDICTS = {
    Verdict.EARLY: _("보내기를 마치기 전에 온 알림"),
    Verdict.WRONG_AMOUNT: _("금액이 다름"),
    Verdict.WRONG_ACCOUNT: _("계좌가 다름"),
    Verdict.CONTRADICTS: _("앞선 답과 어긋남"),
    Verdict.UNBOOKED: _("장부에 올릴 수 없음"),
    Verdict.UNKNOWN_PAYMENT: _("우리가 보낸 지급이 아님"),
}

# why the bank could not pay, told to the merchant
WHY = {
    "ACCOUNT_CLOSED": _("적어 주신 계좌가 해지되어 은행이 돈을 넣지 못했습니다."),
    "ACCOUNT_UNKNOWN": _("적어 주신 번호의 계좌가 없습니다. 번호를 잘못 적으셨을 수 있습니다."),
    "HOLDER_MISMATCH": _("적어 주신 예금주와 통장 주인의 이름이 다릅니다."),
    "LIMIT_EXCEEDED": _("받는 통장의 한도 때문에 넣지 못했습니다. 은행에 물어보시거나 다른 계좌를 적어 주세요."),
    "RETURNED": _("은행에 보낸 돈이 되돌아왔습니다. 통장이 막혀 있거나 받을 수 없는 통장일 수 있습니다."),
    "NEVER_HEARD": _("은행에 전하지 못했습니다. 계좌에는 문제가 없을 수 있습니다. 담당 부서가 다시 보냅니다."),
}


def why(reason: str | None) -> object:
    """The sentence for the merchant; one for all where the bank gave a code that we do not know."""
    return WHY.get(reason or "", _("은행이 이 계좌에 돈을 넣지 못했습니다. 계좌를 다시 확인해 주세요."))
