"""The menu: groups of entries, each shown to whoever may open its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.actors import Actor
from portal.domain.permissions import Permission
from portal.web.routing import table_of

# An entry is (its words, its page). Merchants and platforms have few enough to see at once: their group has no name.
OWN_ENTRIES: tuple[tuple[object, str], ...] = (
    (_("내 업무"), "merchant.home_show"),
    (_("내 사업장"), "merchant.merchants_index"),
    (_("대리인"), "merchant.agents_index"),
    (_("지원 신청"), "merchant.applications_index"),
    (_("상인회 신청"), "merchant.rosters_index"),
    (_("플랫폼 연결"), "merchant.links_index"),
    (_("증빙 내기"), "merchant.evidence_index"),
    (_("지원금"), "merchant.claims_index"),
    (_("서비스 고르기"), "merchant.service_passes_index"),
    (_p("메뉴", "환수"), "merchant.recoveries_index"),
    (_p("메뉴", "이의신청"), "merchant.objections_index"),
    (_("받은 문서"), "merchant.letters_index"),
)
CASE_ENTRIES: tuple[tuple[object, str], ...] = (
    (_("대리 입력"), "official.proxy_entries_index"),
    (_("대리 입력 확인"), "official.proxy_entries_waiting"),
    (_("신청 처리"), "official.applications_queue"),
    (_("상인회 신청"), "official.rosters_index"),
    (_p("메뉴", "선정심의"), "official.selections_index"),
    (_("증빙 확인"), "official.evidence_index"),
    (_p("메뉴", "이의신청"), "official.objections_index"),
    (_p("메뉴", "의심 신호"), "official.signals_index"),
    (_("업무 현황"), "official.workload_show"),
    (_("일괄 처리 기록"), "official.bulk_index"),
)
PLATFORM_ENTRIES: tuple[tuple[object, str], ...] = (
    (_("플랫폼 연결 확인"), "official.links_index"),
    (_("정산자료"), "official.settlements_index"),
    (_("플랫폼 모집"), "official.proposals_index"),
    (_("서비스 확인"), "official.service_passes_index"),
    (_("플랫폼 대금"), "official.invoices_index"),
)
MONEY_ENTRIES: tuple[tuple[object, str], ...] = (
    (_("지원금 산정"), "official.claims_index"),
    (_p("메뉴", "지급"), "official.payments_index"),
    (_("지급 중지"), "official.stops_show"),
    (_p("메뉴", "환수"), "official.recoveries_index"),
    (_("예산 장부"), "official.ledger_show"),
    (_("예산집행현황"), "official.accounting_show"),
)
PROGRAMME_ENTRIES: tuple[tuple[object, str], ...] = (
    (_p("메뉴", "사업"), "official.programmes_index"),
    (_("모의 산정"), "official.simulations_index"),
    (_("통계"), "policy.statistics_show"),
    (_("계획과 실적"), "policy.plans_index"),
)
UPKEEP_ENTRIES: tuple[tuple[object, str], ...] = (
    (_("계정"), "official.accounts_index"),
    (_("API 연결"), "official.api_clients_index"),
    (_("보낸 알림"), "official.messages_index"),
    (_("쉬는 날"), "official.holidays_index"),
    (_("부재와 대결"), "official.absences_index"),
    (_("결재 한도"), "official.approval_bands_index"),
    (_("의심 신호 규칙"), "official.signals_rules"),
    (_("감사 기록"), "official.audit_trail_show"),
    (_("점검"), "official.system_show"),
)
SUPPLY_ENTRIES: tuple[tuple[object, str], ...] = (
    (_("한눈에 보기"), "platform.home_show"),
    (_("보낸 자료"), "platform.settlements_index"),
    (_("매장 연결 확인"), "platform.links_index"),
    (_("월 합계 알리기"), "platform.statements_index"),
    (_("표준 양식"), "platform.columns_show"),
    (_("사업 제안"), "platform.proposals_index"),
    (_("서비스 제공"), "platform.service_passes_index"),
    (_("대금 청구"), "platform.invoices_index"),
)
GROUPS: tuple[tuple[object, tuple[tuple[object, str], ...]], ...] = (
    ("", OWN_ENTRIES),
    (_p("메뉴", "신청·심사"), CASE_ENTRIES),
    (_p("메뉴", "플랫폼·자료"), PLATFORM_ENTRIES),
    (_p("메뉴", "지급·예산"), MONEY_ENTRIES),
    (_p("메뉴", "사업·통계"), PROGRAMME_ENTRIES),
    (_p("메뉴", "설정·점검"), UPKEEP_ENTRIES),
    ("", SUPPLY_ENTRIES),
)
# Whose work lies in several groups starts with the page that comes first here.
STARTS = ("official.applications_queue", "official.claims_index", "official.programmes_index")
# Pages without an entry of their own, and the entry whose page leads to them.
LED_TO = (("official.tags_index", "official.workload_show"),)
ENTRIES = tuple(entry for _label, under in GROUPS for entry in under)


@dataclass(frozen=True, slots=True)
class Entry:
    label: object
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one word of the bar; without a label they stand in the bar themselves."""

    label: object
    entries: tuple[Entry, ...]

    @property
    def current(self) -> bool:
        return any(entry.current for entry in self.entries)


def menu(actor: Actor | None) -> list[Group]:
    """What this person may open, in groups; no group is empty, and none has to be opened for a single entry."""
    if actor is None:
        return []
    table = table_of(current_app)
    found = [
        (
            label,
            [
                (words, url_for(endpoint))
                for words, endpoint in under
                if endpoint in table and isinstance(p := table[endpoint].permission, Permission) and actor.may(p)
            ],
        )
        for label, under in GROUPS
    ]
    here = _section(_path(), [url for _label, under in found for _words, url in under])
    groups = [
        Group(label if len(under) > 1 else "", tuple(Entry(words, url, url == here) for words, url in under))
        for label, under in found
        if under
    ]
    return groups if len(groups) > 1 else [Group("", group.entries) for group in groups]


def entries(groups: Sequence[Group]) -> list[Entry]:
    """The entries of a menu one after the other."""
    return [entry for group in groups for entry in group.entries]


def _path() -> str:
    """The page's address, or that of the page which leads to it."""
    led = (url_for(entry) for page, entry in LED_TO if request.path.startswith(url_for(page)))
    return next(led, request.path)


def _section(path: str, urls: Sequence[str]) -> str:
    """The page's own entry, or the one that it lies under; a home, under which everything lies, is itself alone."""
    under = [url for url in urls if path == url or (not url.endswith("/") and path.startswith(f"{url}/"))]
    return max(under, key=len, default="")


def start(groups: Sequence[Group]) -> Entry | None:
    """The entry with which this person's work begins."""
    found = {entry.url: entry for entry in entries(groups)}
    begun = (found[url] for endpoint in STARTS if (url := url_for(endpoint)) in found)
    return next(begun, next(iter(found.values()), None))


def home_of(actor: Actor) -> str:
    """Where a person starts after signing in: what waits for them, else the start of their menu."""
    if actor.may(Permission.APPLICATION_REVIEW) or actor.may(Permission.APPLICATION_DECIDE):
        return url_for("official.applications_queue", view="my_turn")
    first = start(menu(actor))
    return first.url if first else url_for("public.home_show")
