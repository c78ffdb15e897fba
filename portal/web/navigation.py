"""The menu: one row per entry, shown to whoever may open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.actors import Actor
from portal.domain.permissions import Permission
from portal.web.routing import table_of

ENTRIES: tuple[tuple[object, str], ...] = (
    (_("내 업무"), "merchant.home_show"),
    (_("내 사업장"), "merchant.merchants_index"),
    (_("대리인"), "merchant.agents_index"),
    (_("지원 신청"), "merchant.applications_index"),
    (_("플랫폼 연결"), "merchant.links_index"),
    (_("증빙 내기"), "merchant.evidence_index"),
    (_("지원금"), "merchant.claims_index"),
    (_("서비스 고르기"), "merchant.service_passes_index"),
    (_p("메뉴", "환수"), "merchant.recoveries_index"),
    (_p("메뉴", "이의신청"), "merchant.objections_index"),
    (_("받은 문서"), "merchant.letters_index"),
    (_("대리 입력"), "official.proxy_entries_index"),
    (_("신청 처리"), "official.applications_queue"),
    (_("플랫폼 연결 확인"), "official.links_index"),
    (_("정산자료"), "official.settlements_index"),
    (_("증빙 확인"), "official.evidence_index"),
    (_("지원금 산정"), "official.claims_index"),
    (_p("메뉴", "지급"), "official.payments_index"),
    (_("지급 중지"), "official.stops_show"),
    (_p("메뉴", "환수"), "official.recoveries_index"),
    (_p("메뉴", "선정심의"), "official.selections_index"),
    (_("플랫폼 모집"), "official.proposals_index"),
    (_("서비스 확인"), "official.service_passes_index"),
    (_("플랫폼 대금"), "official.invoices_index"),
    (_p("메뉴", "이의신청"), "official.objections_index"),
    (_p("메뉴", "의심 신호"), "official.signals_index"),
    (_("예산 장부"), "official.ledger_show"),
    (_("예산집행현황"), "official.accounting_show"),
    (_p("메뉴", "사업"), "official.programmes_index"),
    (_("업무 현황"), "official.workload_show"),
    (_("일괄 처리 기록"), "official.bulk_index"),
    (_("쉬는 날"), "official.holidays_index"),
    (_("모의 산정"), "official.simulations_index"),
    (_("계정"), "official.accounts_index"),
    (_("부재와 대결"), "official.absences_index"),
    (_("결재 한도"), "official.approval_bands_index"),
    (_("API 연결"), "official.api_clients_index"),
    (_("보낸 알림"), "official.messages_index"),
    (_("의심 신호 규칙"), "official.signals_rules"),
    (_("감사 기록"), "official.audit_trail_show"),
    (_("점검"), "official.system_show"),
    (_("통계"), "policy.statistics_show"),
    (_("계획과 실적"), "policy.plans_index"),
    (_("한눈에 보기"), "platform.home_show"),
    (_("보낸 자료"), "platform.settlements_index"),
    (_("매장 연결 확인"), "platform.links_index"),
    (_("월 합계 알리기"), "platform.statements_index"),
    (_("표준 양식"), "platform.columns_show"),
    (_("사업 제안"), "platform.proposals_index"),
    (_("서비스 제공"), "platform.service_passes_index"),
    (_("대금 청구"), "platform.invoices_index"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    label: object
    url: str
    current: bool


def entries(actor: Actor | None) -> list[Entry]:
    """The entries this person may open, in table order."""
    if actor is None:
        return []
    table = table_of(current_app)
    urls = [
        (label, url_for(endpoint))
        for label, endpoint in ENTRIES
        if endpoint in table and isinstance(p := table[endpoint].permission, Permission) and actor.may(p)
    ]
    here = _section(request.path, [url for _label, url in urls])
    return [Entry(label, url, url == here) for label, url in urls]


def _section(path: str, urls: Sequence[str]) -> str:
    """The page's own entry, or the one that it lies under; a home, under which everything lies, is itself alone."""
    under = [url for url in urls if path == url or (not url.endswith("/") and path.startswith(f"{url}/"))]
    return max(under, key=len, default="")


def home_of(actor: Actor) -> str:
    """Where a person starts after signing in: what waits for them, else the first entry of their menu."""
    if actor.may(Permission.APPLICATION_REVIEW) or actor.may(Permission.APPLICATION_DECIDE):
        return url_for("official.applications_queue", view="my_turn")
    found = entries(actor)
    return found[0].url if found else url_for("public.home_show")
