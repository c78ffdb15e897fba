"""Every template as shipped: opened in the editor, previewed as a merchant sees it, put in force and applied for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Role
from portal.domain.announcements import read_announcement
from portal.domain.applications import ApplicationStatus, Consent
from portal.domain.periods import KOREA
from portal.models.applications import Application
from portal.queries import applications as look_up
from portal.services import applications, documents
from portal.storage.objects import Stores
from tests import applying, written
from tests.applying import DRAFT
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.filled import filled
from tests.pages import problems, text_of

MERGED = date(2026, 7, 1)  # since then the county has another code
STUCK = "고칠 점이 남아 있어 아직 넘길 수 없습니다"


@pytest.mark.parametrize("name", data.programme_templates())
def test_a_template_is_opened_previewed_and_applied_for(
    session: Session, stores: Stores, client_of: Callable[..., PortalClient], name: str
) -> None:
    browser = client_of(make_official(session, Role.MANAGER, name="사업담당"))
    draft = written.begin(browser, f"template:{name}")
    text = written.text(session)
    asked = read_announcement(text)
    # Only a call whose days are over, as that of 2025, waits for new days.
    assert (STUCK in text_of(browser.get(draft).text)) is (asked.call.apply_to < AT.date())
    for page in ("preview", "preview/form"):
        shown = browser.get(f"{draft}/{page}")
        assert shown.status_code == 200
        assert str(written.document(session)["name"]) in text_of(shown.text)
    at = datetime.combine(asked.call.apply_from, time(10), KOREA)
    made = make_programme(session, text=text, at=at)
    owner = make_merchant_user(session, at=at)
    region = "1273025000" if asked.call.apply_from >= MERGED else "4673025000"
    place = applying.register(session, owner, at=at, region_code=region, sales=dict.fromkeys(range(2023, 2026), 1))
    begun = applications.start(session, made.programme.code, place.id, by=actor(owner), at=at)
    ways = applications.open_ways(begun, on=asked.call.apply_from)
    command = replace(DRAFT, requested_amount=asked.grant.amount, total_cost=asked.grant.amount)
    command = replace(command, track=ways[0].code if ways else None)
    applications.save_draft(session, begun.id, command, by=actor(owner), at=at)
    for slot in look_up.slots(begun, ()):
        upload = applying.upload(slot.requirement.code)
        documents.attach(session, stores.evidence, begun.id, upload, by=actor(owner), at=at)
    applications.submit(session, begun.id, by=actor(owner), at=at)
    assert begun.status is ApplicationStatus.SUBMITTED
    assert [each for each in begun.findings or [] if each["passed"] is False] == []


def test_the_fast_way_is_one_page_on_which_nothing_is_typed(
    session: Session, client_of: Callable[..., PortalClient]
) -> None:
    text = data.programme_templates()["national-delivery-2025"].replace(
        "apply_to = 2025-12-31", "apply_to = 2026-12-31"
    )
    code = make_programme(session, text=text).programme.code
    owner = make_merchant_user(session)
    place = applying.register(session, owner, sales=dict.fromkeys(range(2023, 2026), 1))
    session.commit()
    browser = client_of(owner)
    begun = browser.submit("/my/applications/new", {"programme": code, "merchant": str(place.id)})
    page = begun.location
    assert page.endswith("/short")
    shown = filled(browser.get(page).text)
    refused = browser.submit(page, shown)
    assert any("동의" in each for each in problems(refused)), problems(refused)
    assert browser.submit(page, {**shown, **{f"consent_{each}": "y" for each in Consent}}).status_code == 302
    session.expire_all()
    kept = session.scalars(select(Application)).one()
    assert (kept.status, kept.track, kept.requested_amount) == (ApplicationStatus.SUBMITTED, "fast", 300_000)
    assert browser.get(page).location.endswith("/check")  # what was handed in is not handed in again
