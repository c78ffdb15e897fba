"""What the nouns and doings of the audit trail are called on screen, and where their records are looked at."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.web import labels, ledger_labels

NOUNS = {
    "application": _("신청"),
    "mandate": _p("명사", "대리"),
    "roster": _("상인회 신청"),
    "roster_member": _("상인회 구성원"),
    "proxy_entry": _("대리 입력"),
    "grant_change": _("교부 결정의 변경"),
    "processing_extension": _("처리기간 연장"),
    "holiday_change": _("쉬는 날"),
    "interest_declaration": _("이해관계 신고"),
    "reservation": _("예산 확보"),
    "selection": _p("메뉴", "선정심의"),
    "proposal": _("플랫폼 제안"),
    "service_pass": _("이용권"),
    "vendor_invoice": _("플랫폼 대금 청구"),
    "approval": _("대결 문서"),
    "approval_band": _("결재 한도"),
    "absence": _("부재"),
    "assignment": _("담당자"),
    "tag": _("꼬리표"),
    "tagging": _("사건의 꼬리표"),
    "bulk_run": _("일괄 처리"),
    "claim": _("지원금"),
    "payment_run": _("지급 목록"),
    "payment": _p("메뉴", "지급"),
    "recovery": _p("메뉴", "환수"),
    "objection": _p("메뉴", "이의신청"),
    "signal": _p("메뉴", "의심 신호"),
    "voucher": _("전표"),
    "fiscal_year": _("회계연도"),
    "programme_version": _("공고"),
    "programme_draft": _("공고 초안"),
    "link": _("플랫폼 연결"),
    "delivery": _("정산자료"),
    "evidence": _("증빙"),
    "conflict_decision": _("주문 충돌 결정"),
    "platform_statement": _("플랫폼 월 합계"),
    "api_client": _("API 연결"),
    "sandbox": _("연습 환경"),
    "letter": _("보낸 문서"),
    "payment_stop": _("지급 중지"),
    "account_change": _("계좌 변경"),
    "merchant": _("사업장"),
    "account": _("계정"),
    "organisation": _("기관"),
    "plan": _p("메뉴", "계획"),
    "plan_report": _("계획 실적"),
    "plan_version": _("계획의 판"),
    "message": _("보낸 알림"),
    "contact": _("알림 받을 곳"),
}
# what is in the trail alone, and on no timeline
_DONE = {
    ("account_change", "change"): _("계좌 바꿈"),
    ("account_change", "confirm"): _("계좌 확인함"),
    ("merchant", "register"): _("사업장 등록"),
    ("merchant", "update"): _("사업장 고침"),
    ("account", "open"): _("계정 만듦"),
    ("account", "grant"): _("권한 줌"),
    ("account", "revoke"): _("권한 거둠"),
    ("account", "close"): _("계정 닫음"),
    ("account", "end_sessions"): _("로그인 끊음"),
    ("account", "issue_code"): _("계정을 넘겨줄 코드 인쇄"),
    ("account", "take_over"): _("계정 넘겨받음"),
    ("account", "rename"): _("계정의 이름 바로잡음"),
    ("merchant", "add_representative"): _("공동대표 적음"),
    ("merchant", "remove_representative"): _("공동대표 뺌"),
    ("organisation", "found"): _("기관 등록"),
    ("sandbox", "begin_again"): _("연습 환경 새로 시작"),
    **{("payment_stop", kind.value): name for kind, name in ledger_labels.STOPS.items()},
    **{("letter", f"issue_{kind.value}"): name for kind, name in labels.LETTERS.items()},
}
# noun -> the page of its record
PAGES = {
    "application": "official.applications_show",
    "claim": "official.claims_show",
    "payment_run": "official.payments_show",
    "recovery": "official.recoveries_show",
    "objection": "official.objections_show",
    "signal": "official.signals_show",
    "plan_report": "policy.plan_reports_show",
    "plan_version": "policy.plan_versions_show",
    "roster": "official.rosters_show",
    "voucher": "official.vouchers_show",
    "fiscal_year": "official.fiscal_years_show",
    "programme_draft": "official.programme_drafts_show",
    "programme_version": "official.programmes_show",
}


def noun(code: str) -> object:
    """What a record is called; what has no name yet by its code."""
    return NOUNS.get(code, code)


def done(code: str, action: str) -> object:
    """What was done, as a timeline says it where it stands on one."""
    return _DONE.get((code, action)) or labels.action(code, action)
