"""What codes are called on screen: statuses with their tone, actions, roles, refusals."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p
from flask_babel import ngettext

from forms import messages
from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus as App
from portal.domain.applications import Consent
from portal.domain.claims import ClaimStatus as Claim
from portal.domain.errors import Problem
from portal.domain.evidence import EvidenceStatus as Evidence
from portal.domain.fiscal_years import YearStatus as Year
from portal.domain.jobs import JobStatus as Job
from portal.domain.kinds import ITEM_NAMES, SOURCE_NAMES
from portal.domain.letters import LetterKind
from portal.domain.links import LinkStatus as Link
from portal.domain.messages import MessageStatus
from portal.domain.objections import ObjectionStatus as Objection
from portal.domain.plans import ReportStatus
from portal.domain.programme_drafts import DraftStatus
from portal.domain.programmes import VersionStatus as Version
from portal.domain.recoveries import RecoveryStatus as Recovery
from portal.domain.signals import SignalStatus as Signal
from portal.domain.simulations import Participants, Window
from portal.domain.vouchers import VoucherStatus as Voucher
from portal.domain.webhooks import Event
from portal.queries.audit import Happening
from portal.web import (
    approval_labels,
    clock_labels,
    desk_labels,
    evidence_labels,
    grant_labels,
    ledger_labels,
    mandate_labels,
    notification_labels,
    objection_labels,
    payment_labels,
    plan_labels,
    programme_labels,
    recovery_labels,
    reservation_labels,
    roster_labels,
    selection_labels,
    service_labels,
    signal_labels,
)
from portal.web.case_labels import CHECKS, FINDINGS, SIGNS  # noqa: F401 (asked for as labels.X by templates)
from portal.web.dates import moment
from portal.web.line_labels import CHANNELS, LINE_FAULTS, REASONS, WHY, cut, line_fault  # noqa: F401 (for templates)
from portal.web.refusal_labels import API_ADVICE, REFUSALS  # noqa: F401 (asked for as labels.REFUSALS)

ROLES = {
    Role.MERCHANT: _("소상공인"),
    Role.REVIEWER: _("검토 담당"),
    Role.APPROVER: _("결재권자"),
    Role.PAYER: _("지출 담당"),
    Role.AUDITOR: _("감사 담당"),
    Role.POLICYMAKER: _("정책 담당"),
    Role.MANAGER: _("사업 담당"),
    Role.ADMINISTRATOR: _("시스템 관리자"),
    Role.CLERK: _("대리 입력 담당"),
    Role.PLATFORM: _("플랫폼 담당자"),
    Role.PARTNER: _("파트너 플랫폼"),
}

# status -> (label, tone); tones: neutral, progress, attention, success, danger, closed
STATUSES = {
    App: {
        App.DRAFT: (_("작성 중"), "neutral"),
        App.SUBMITTED: (_("접수"), "progress"),
        App.IN_REVIEW: (_("검토 중"), "progress"),
        App.SUPPLEMENT_REQUESTED: (_p("상태", "보완 요구"), "attention"),
        App.RECOMMENDED: (_("결재 중"), "progress"),
        App.APPROVED: (_p("상태", "교부 결정"), "success"),
        App.REJECTED: (_("불선정"), "danger"),
        App.WITHDRAWN: (_("취하"), "neutral"),
        App.RETURNED: (_p("신청", "반려"), "danger"),
    },
    **reservation_labels.STATUSES,
    **selection_labels.STATUSES,
    **service_labels.STATUSES,
    **grant_labels.STATUSES,
    **clock_labels.STATUSES,
    **mandate_labels.STATUSES,
    **roster_labels.STATUSES,
    **desk_labels.STATUSES,
    Link: {
        Link.PROPOSED: (_("확인 대기"), "progress"),
        Link.CONFIRMED: (_("연결됨"), "success"),
        Link.REFUSED: (_p("상태", "연결 거절"), "danger"),
        Link.ENDED: (_p("상태", "연결 종료"), "neutral"),
    },
    Evidence: evidence_labels.STATUSES,
    approval_labels.BandStatus: approval_labels.STATUSES,
    Claim: {
        Claim.DRAWN_UP: (_("산정됨"), "progress"),
        Claim.SUPERSEDED: (_("다시 산정됨"), "neutral"),
        Claim.APPROVED: (_p("상태", "지급 승인"), "progress"),
        Claim.IN_PAYMENT: (_("지급 중"), "progress"),
        Claim.PAID: (_("지급 완료"), "success"),
        Claim.PAYMENT_FAILED: (_("지급 실패"), "danger"),
    },
    **payment_labels.STATUSES,
    Recovery: recovery_labels.STATUSES,
    Objection: objection_labels.STATUSES,
    Signal: signal_labels.STATUSES,
    ReportStatus: plan_labels.STATUSES,
    Job: {
        Job.WAITING: (_("차례 기다림"), "neutral"),
        Job.RUNNING: (_("계산 중"), "progress"),
        Job.DONE: (_("계산 끝남"), "success"),
        Job.FAILED: (_("계산 못 함"), "danger"),
        Job.CANCELLED: (_("그만둠"), "neutral"),
    },
    DraftStatus: programme_labels.STATUSES,
    Version: {
        Version.PROPOSED: (_("게시 대기"), "progress"),
        Version.ANNOUNCED: (_("게시됨·시행 전"), "progress"),
        Version.PUBLISHED: (_("게시됨"), "success"),
        Version.REPLACED: (_("바뀐 공고"), "neutral"),
    },
    Year: ledger_labels.YEARS,
    Voucher: ledger_labels.VOUCHERS,
    MessageStatus: notification_labels.STATUSES,
}

# what officials see of applications: drafts are the merchant's own affair
APPLICATION_STATUSES = tuple((each.value, label) for each, (label, _tone) in STATUSES[App].items() if each != App.DRAFT)
LINK_STATUSES = tuple((each.value, label) for each, (label, _tone) in STATUSES[Link].items())
EVIDENCE_STATUSES = tuple((each.value, label) for each, (label, _tone) in STATUSES[Evidence].items())
CLAIM_STATUSES = tuple((each.value, label) for each, (label, _tone) in STATUSES[Claim].items())

LETTERS = {
    LetterKind.DECISION: _("교부결정통지서"),
    LetterKind.REJECTION: _("불선정 통지서"),
    LetterKind.SUPPLEMENT: _("보완요구서"),
    LetterKind.PAYMENT: _("지급통지서"),
    **recovery_labels.LETTERS,
    LetterKind.PAYMENT_RETURNED: _("지급 반송 안내"),
    LetterKind.ACCOUNT_CHANGE: _("계좌 변경 안내"),
    LetterKind.RESERVED: _("예산 확보 안내"),
    LetterKind.DECISION_CHANGED: _("변경교부결정통지서"),
    **objection_labels.LETTERS,
    **clock_labels.LETTERS,
    LetterKind.RECEIPT: _("접수증"),
}

# (noun, action) -> the button; what was done reads the same in a timeline
ACTIONS = {
    ("application", "start"): _("작성 시작"),
    ("application", "attach_document"): _("서류 올림"),
    ("application", "remove_document"): _("서류 뺌"),
    ("application", "submit"): _("신청서 제출"),
    ("application", "take_up"): _("검토 시작"),
    ("application", "request_supplement"): _("보완 요구"),
    ("application", "answer_supplement"): _("보완 제출"),
    ("application", "recommend"): _("결재 올리기"),
    ("application", "approve"): _("교부 결정"),
    ("application", "reject"): _("불선정 결정"),
    ("application", "send_back"): _("다시 검토"),
    ("application", "withdraw"): _("신청 취하"),
    ("api_client", "register"): _("연결 열기"),
    ("api_client", "rotate"): _("비밀값 새로 만들기"),
    ("api_client", "revoke"): _("연결 닫기"),
    ("api_client", "register_webhook"): _("알림 주소 정하기"),
    ("api_client", "end_webhook"): _("알림 끄기"),
    ("api_client", "send_again"): _("알림 다시 보내기"),
    ("conflict_decision", "decide"): _("맞는 내용 정함"),
    ("delivery", "deliver"): _("자료 올림"),
    **(approval_labels.ACTIONS | evidence_labels.ACTIONS | ledger_labels.ACTIONS | reservation_labels.ACTIONS),
    ("link", "propose"): _("연결 신청"),
    ("link", "confirm"): _("연결 확인"),
    ("link", "refuse"): _("연결 거절"),
    ("link", "vouch"): _("플랫폼이 연결 확인"),
    ("link", "match"): _("플랫폼이 알려 준 사업자번호로 연결"),
    ("link", "deny"): _("플랫폼이 연결 거절"),
    ("link", "end"): _("연결 종료"),
    ("claim", "draw_up"): _("산정"),
    ("claim", "supersede"): _("다시 산정"),
    ("claim", "approve"): _("지급 승인"),
    ("claim", "take_back"): _("대금 청구 되돌림"),
    ("claim", "schedule"): _("지급 목록에 넣기"),
    ("claim", "unschedule"): _("지급 목록에서 뺌"),
    ("claim", "settle"): _("지급 완료"),
    ("claim", "fail"): _("지급 실패"),
    ("claim", "return"): _("입금 반송"),
    ("claim", "reopen"): _("다시 지급"),
    **payment_labels.ACTIONS,
    **notification_labels.ACTIONS,
    **clock_labels.ACTIONS,
    **mandate_labels.ACTIONS,
    **roster_labels.ACTIONS,
    **desk_labels.ACTIONS,
    **grant_labels.ACTIONS,
    **recovery_labels.ACTIONS,
    **objection_labels.ACTIONS,
    **selection_labels.ACTIONS,
    **signal_labels.ACTIONS,
    **plan_labels.ACTIONS,
    **service_labels.ACTIONS,
    ("platform_statement", "state"): _("플랫폼의 숫자 적음"),
    **programme_labels.ACTIONS,
    ("programme_version", "propose"): _("게시 요청"),
    ("programme_version", "publish"): _("게시"),
    ("programme_version", "announce"): _("시행일을 정해 게시"),
    ("programme_version", "take_effect"): _("시행"),
    ("programme_version", "replace"): _("새 공고로 바꿈"),
}

EVENTS = {
    Event.LINK_PROPOSED: _("새 매장 연결 신청"),
    Event.LINK_CONFIRMED: _("매장 연결 확인"),
    Event.LINK_REFUSED: _("매장 연결 거절"),
    Event.LINK_ENDED: _("매장 연결 종료"),
    Event.ROWS_REFUSED: _("돌려보낸 줄 있음"),
}

PARTICIPANTS = {
    Participants.ACCEPTED: _("지금까지 선정된 가맹점"),
    Participants.LINKED: _("매장 연결이 확인된 모든 가맹점"),
}
COUNTED = {
    Window.TERMS: _("사업 기간에 든 주문만"),
    Window.PERIOD: _("고른 달의 모든 주문"),
}

CONSENTS = {
    Consent.PRIVACY: _("개인정보 수집·이용에 동의합니다."),
    Consent.ADMINISTRATIVE_DATA: _("행정정보 공동이용에 동의합니다."),
    Consent.PLATFORM_DATA: _("연결한 플랫폼의 정산자료를 지원금 산정에 쓰는 데 동의합니다."),
    Consent.PLEDGE: _("거짓 신청을 하지 않으며, 어기면 지원금을 돌려주겠다고 서약합니다."),
}

ITEMS = {code: _(name) for code, name in ITEM_NAMES.items()}
SOURCES = {code: _(name) for code, name in SOURCE_NAMES.items()}

_TONES = {each.value: tone for table in STATUSES.values() for each, (_label, tone) in table.items()}


def status(value: object) -> tuple[object, str]:
    """Label and tone of any status."""
    return STATUSES[type(value)][value]  # ty: ignore[invalid-argument-type]


def action(noun: str, name: str) -> object:
    return ACTIONS.get((noun, name), name)


def due(days: int, soon: bool | None = None) -> tuple[str, str]:
    """Days left until a deadline -> words and tone; `soon` where working days decide that."""
    if days < 0:
        return ngettext("%(days)s일 지남", "%(days)s일 지남", -days, days=-days), "danger"
    if days == 0:
        return str(_("오늘까지")), "attention"
    return ngettext("%(days)s일 남음", "%(days)s일 남음", days, days=days), "attention" if (
        days <= 3 if soon is None else soon
    ) else "neutral"


def happenings(noun: str, found: Iterable[Happening]) -> list[dict[str, object]]:
    """Rows of an audit trail as the timeline component shows them."""
    return [
        {
            "label": action(noun, each.action),
            "when": moment(each.at),
            "iso": each.at.isoformat(),
            "by": mandate_labels.by_whom(each),
            "note": each.note,
            "tone": _TONES.get(each.target or "", "neutral"),
        }
        for each in found
    ]


def problem(found: Problem) -> str:
    """The Korean sentence of a problem."""
    return messages.sentence(found)


def problem_with(code: str, value: str) -> str:
    """The same where its code and what was found were kept."""
    return messages.sentence(Problem(code, value=value))


def problem_of(code: str) -> str:
    """The same where only its code was kept."""
    return messages.sentence(Problem(code))


SIGN_IN = {
    "login_or_password_wrong": _("아이디나 비밀번호가 맞지 않습니다."),
    "too_many_attempts": _("여러 번 틀려서 로그인이 15분 동안 막혔습니다. 잠시 뒤 다시 시도해 주세요."),
}
