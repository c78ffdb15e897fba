"""No page shows Korean to whoever reads English, but for names and other data."""

from __future__ import annotations

import html
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.masking import mask_name
from portal.models.accounts import User
from portal.models.base import db
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.web.partner.operations import Operation
from portal.web.routing import table_of
from tests import asked, catalogues, choosing, in_kind, mailed, planned, rosters
from tests.clients import PortalClient
from tests.everybody import County
from tests.factories import GURYE

ClientOf = Callable[[User], PortalClient]

# Reached by a form, or by a link in a letter: walked as they are.
STARTS = (
    "/",
    "/api/v1/docs",
    "/login",
    "/join",
    "/activate",
    "/acting",
    "/account/password",
    "/inbox",
    "/inbox/settings",
    "/verify",
    "/verify/AAAA-AAAA-AAAA-AAAA",
    "/plans",
    "/platforms",
    "/nowhere",
)
API_DOCUMENTS = "/api/v1/docs"
FEW = 8  # pages of one kind that a person looks at
NOT_PAGES = frozenset(
    {
        "public.health_show",
        "public.assets_packages",
        "public.draws_numbers",
        "public.inbox_show",  # leads on to another page
        "merchant.documents_download",
        "merchant.agents_paper",
        "merchant.evidence_download",
        "merchant.letters_download",
        "merchant.objections_document",
        "merchant.rosters_paper",
        "merchant.service_passes_document",
        "merchant.rosters_template",
        "merchant.claims_download",
        "official.accounting_download",
        "official.accounting_final",
        "official.applications_document",
        "official.proxy_entries_consent",
        "official.proxy_entries_paper",
        "official.evidence_document",
        "official.recovery_orders_document",
        "official.ledger_journal",
        "official.letters_download",
        "official.objections_document",
        "official.bulk_progress",  # a part of bulk_show
        "official.claims_drawing_progress",  # a part of claims_drawing
        "official.receipts_progress",  # a part of receipts_show
        "official.receipts_raw",
        "official.rosters_paper",
        "official.selections_minutes",
        "official.service_passes_document",
        "official.settlements_raw",
        "official.settlements_refused",
        "official.programme_drafts_download",
        "official.simulations_download",
        "official.simulations_progress",  # a part of simulations_show
        "official.claims_download",
        "official.payments_bank_file",
        "official.vouchers_document",
        "partner.documents_specification",
        "platform.columns_template",
        "platform.receipts_progress",  # a part of receipts_show
        "platform.receipts_raw",
        "platform.service_passes_document",
        "platform.settlements_raw",
        "platform.settlements_refused",
        "policy.plan_reports_document",
        "policy.plans_download",
        "policy.statistics_download",
    }
)


@pytest.fixture
def county(session: Session, stores: Stores, lines: LineStore) -> County:
    made = County(session, stores, lines)
    mailed.in_every_way(session)
    return made


def known(session: Session) -> list[str]:
    """Data: what people and programmes have put into the portal, and names of places, trades, banks and platforms."""
    stored = [tuple(row) for table in db.metadata.tables.values() for row in session.execute(select(table))]
    names = [mask_name(text) for text in catalogues.longest_first(stored) if len(text) < 10]
    codes = [data.regions(), data.region_names(), data.industry_names(), data.banks(), data.platform_catalogue()]
    codes.append(data.holiday_names())
    codes.append(data.recovery_rates_in_law())
    codes.append(data.act_periods())
    codes.append(data.signal_thresholds())
    templates = [tomllib.loads(text) for text in data.programme_templates().values()]
    ours = [tomllib.loads(text) for text in (GURYE, in_kind.TEXT, choosing.SCORED, choosing.LOTTERY, planned.TEXT)]
    ours += [tomllib.loads(text) for text in (planned.NEXT, rosters.TEXT, asked.SHORT)]
    return catalogues.longest_first([stored, names, codes, ours, templates])


@cache
def kind(address: str) -> str:
    return re.sub(r"\d+", "N", address.partition("?")[0])


def walk(client: PortalClient, *further_starts: str) -> Iterator[tuple[str, str]]:
    """Every page that links lead to, a few of each kind: address and text."""
    waiting = [*STARTS, API_DOCUMENTS, *further_starts]
    seen = set(waiting)
    kinds = Counter(map(kind, seen))
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        if answer.status_code == 302:
            further = [answer.headers["Location"]]
        elif answer.mimetype == "text/html":
            assert answer.status_code in (200, 403, 404), (address, answer.status_code)
            yield address, answer.text
            further = [html.unescape(each) for each in re.findall(r'<a [^>]*href="(/[^"#]*)"', answer.text)]
        else:
            continue
        new = [
            each
            for each in dict.fromkeys(further)
            if each not in seen and each.startswith(("/my", "/office", "/platform", "/plans", "/policy", "/programmes"))
        ]
        new = [each for each in new if kinds[kind(each)] < FEW]
        seen.update(new)
        kinds.update(map(kind, new))
        waiting += new


def test_no_page_shows_korean_in_english_but_for_data(
    app: Flask, session: Session, county: County, client: PortalClient, client_of: ClientOf
) -> None:
    data_on_pages = catalogues.Korean(known(session))
    adapter = app.url_map.bind("localhost")
    left: dict[str, list[str]] = {}
    seen = set()
    for user in [None, *county.people]:
        for address, page in walk(catalogues.in_english(client_of(user) if user else client), *county.after_a_form):
            assert catalogues.language_of(page) == "en", address
            if found := data_on_pages.left(page):
                left[address] = found
            if address != "/nowhere":
                seen.add(adapter.match(address.partition("?")[0])[0])
    assert left == {}
    pages = {name for name, route in table_of(app).items() if "GET" in route.methods.split()} - NOT_PAGES
    pages -= {name for name, route in table_of(app).items() if isinstance(route, Operation)}  # answered in JSON
    assert pages - seen == set(), "pages that nobody looked at"


def test_korean_on_a_page_is_noticed() -> None:
    page = '<html lang="en"><p title="저장됨">Saved</p><b>섬진강 국밥</b><i>조회</i><button lang="ko">한국어</button>'
    assert catalogues.korean_left(page, ["섬진강 국밥"]) == ["저장됨", "조회"]
