"""Standing in on the pages: a clerk enters and prints, the merchant takes over, an agent acts and is revoked."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus, SupplementRequest
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.mandates import Mandate
from portal.models.merchants import Merchant
from portal.models.notifications import Notification
from portal.models.proxy_entries import ProxyEntry
from portal.models.representatives import Representative
from portal.queries.programmes import Published
from portal.services import reviews
from portal.storage.objects import Stores
from tests import applying, standing_in
from tests.applying import merchant_fields, pdf
from tests.clients import PortalClient
from tests.factories import (
    AT,
    PASSWORD,
    actor,
    make_merchant_user,
    make_official,
    make_organisation,
    make_programme,
)
from tests.pages import text_of

ClientOf = Callable[[User], PortalClient]
CODE = re.compile(r"활성화 코드: ([2-9A-Z-]{19})")


@pytest.fixture
def programme(session: Session) -> Published:
    return make_programme(session)


def entry_fields(**changes: object) -> dict[str, object]:
    return {
        **merchant_fields(),
        "office": "구례읍사무소",
        "born_on": "1963-04-05",
        "consent": pdf("동의서.pdf"),
        "programmes": standing_in.CODE,
        **changes,
    }


def take_over_fields(code: str, number: str = "124-81-00998") -> dict[str, str]:
    words = {"login": "mine@example.kr", "password": PASSWORD, "repeat": PASSWORD}
    return {"code": code, "business_number": number, **words}


def printed(clerk: PortalClient, application: Application) -> str:
    answer = clerk.submit(f"/my/applications/{application.id}/receipt")
    assert answer.mimetype == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    found = CODE.search(" ".join(text.split()))
    assert found is not None
    return found[1]


def test_from_the_counter_to_the_merchants_own_account(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf, client: PortalClient
) -> None:
    user = standing_in.make_clerk(session)
    clerk = client_of(user)
    assert clerk.submit("/office/proxy/new", entry_fields()).location == "/my/applications/new"
    assert "읍직원님이 ‘구례식당’을(를) 대신하고 있습니다" in text_of(clerk.get("/my/applications/new").text)
    place = session.scalars(select(Merchant)).one()
    begun = clerk.submit("/my/applications/new", {"programme": programme.programme.code, "merchant": str(place.id)})
    assert begun.status_code == 302
    draft = session.scalars(select(Application)).one()
    here = f"/my/applications/{draft.id}"
    assert clerk.submit(f"{here}/edit", applying.draft_fields()).status_code == 302
    for code in applying.REQUIRED:
        sent = {"code": code, f"file-{code}": pdf(more=code.encode())}
        assert clerk.submit(f"{here}/documents", sent).status_code == 302
    assert clerk.submit(f"{here}/submit").status_code == 302
    code = printed(clerk, draft)
    assert client.submit("/activate", take_over_fields("2222-2222-2222-2222")).status_code == 422
    early = client.submit("/activate", take_over_fields(code))
    assert early.status_code == 422
    assert "동의서를 아직 확인하지 않았습니다" in text_of(early.text)
    look_at(client_of(make_official(session, Role.REVIEWER)), session)
    assert client.submit("/activate", take_over_fields(code)).status_code == 302
    assert client.submit("/login", {"login": "mine@example.kr", "password": PASSWORD}).status_code == 302
    assert str(session.scalars(select(Application)).one().receipt_number) in client.get(here).text
    assert clerk.get(here).status_code == 403  # nothing of the merchant's opens to the clerk any more
    assert client.submit("/activate", take_over_fields(code)).status_code == 422


def look_at(reviewer: PortalClient, session: Session) -> None:
    """The second look: the consent beside what was entered, then the button."""
    entry = session.scalars(select(ProxyEntry)).one()
    here = f"/office/proxy/entries/{entry.id}"
    assert f'<a href="{here}">동의서 보기' in reviewer.get("/office/proxy/entries").text
    page = text_of(reviewer.get(here).text)
    account = entry.merchant.account_number
    for said in ("구례읍사무소", "124-81-00998", "동의서.pdf", account):
        assert said in page, said
    case = session.scalars(select(Application)).one()
    assert f'href="/office/applications/{case.id}"' in reviewer.get(here).text
    assert reviewer.get(f"{here}/consent").mimetype == "application/pdf"
    assert reviewer.submit(f"{here}/confirmation").status_code == 302
    assert account not in reviewer.get(here).text  # it was compared
    assert reviewer.submit(f"{here}/confirmation").status_code == 409


def test_an_entry_is_refused_with_a_reason_that_the_clerk_reads(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf
) -> None:
    user = standing_in.make_clerk(session)
    application, mandate = standing_in.handed_in(session, stores, programme, user)
    entry = session.scalars(select(ProxyEntry)).one()
    here, clerk = f"/office/proxy/entries/{entry.id}", client_of(user)
    assert "동의서 반려" not in clerk.get(here).text
    assert clerk.submit(f"{here}/confirmation").status_code == 403
    reviewer = client_of(make_official(session, Role.REVIEWER))
    case = text_of(reviewer.get(f"/office/applications/{application.id}").text)
    assert "대리 입력 동의서를 아직 다른 담당자가 확인하지 않았습니다" in case
    assert reviewer.submit(f"{here}/refusal", {"reason": "서명이 없습니다."}).status_code == 422
    assert reviewer.submit(f"{here}/refusal", {"reason": "서명이 없습니다.", "ground": "paper"}).status_code == 302
    assert "서명이 없습니다." in clerk.get("/office/proxy").text
    assert clerk.submit(f"/acting/{mandate.id}").status_code == 404
    stranger = make_official(session, Role.REVIEWER, organisation=make_organisation(session, "haenam"))
    assert client_of(stranger).get(here).status_code == 404


def test_a_line_of_the_inbox_leads_a_clerk_to_the_supplement_which_they_answer(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf
) -> None:
    user = standing_in.make_clerk(session)
    application, _mandate = standing_in.handed_in(session, stores, programme, user)
    by = actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, application.id, by=by, at=AT)
    asked = SupplementRequest("통장 사본이 흐립니다.", 10)
    reviews.request_supplement(session, stores, application.id, asked, by=by, at=AT)
    session.commit()
    line = session.scalars(select(Notification).where(Notification.account_id == user.id)).one()
    clerk, here = client_of(user), f"/my/applications/{application.id}"
    assert clerk.get(here).status_code == 403  # acts for nobody yet
    assert clerk.get(f"/inbox/{line.id}").location == here
    assert "통장 사본이 흐립니다." in clerk.get(here).text
    assert clerk.submit(f"{here}/supplement", {"answer": "다시 올렸습니다."}).status_code == 302
    session.expire_all()
    assert application.status is ApplicationStatus.IN_REVIEW


def test_the_pages_of_an_application_tell_a_clerk_of_an_unseen_consent_nothing_of_the_record(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf
) -> None:
    first, second = (standing_in.make_clerk(session, name=name) for name in ("앞 창구", "뒤 창구"))
    standing_in.enter(session, stores, first, address="봉성로 77")
    mandate = standing_in.enter(session, stores, second, address="봉성로 2")
    draft = standing_in.fill(session, stores, programme, standing_in.acting(session, second, mandate))
    session.commit()
    clerk, here = client_of(second), f"/my/applications/{draft.id}"
    assert clerk.submit(f"/acting/{mandate.id}").status_code == 302
    secret = ("봉성로 77", "입금 계좌", "확인된 내용")
    pages = [text_of(clerk.get(f"{here}{page}").text) for page in ("", "/check", "/submit")]
    assert [said for said in secret if any(said in page for page in pages)] == []
    standing_in.confirm(session, mandate)
    session.commit()
    assert [said for said in secret if said not in text_of(clerk.get(here).text)] == ["봉성로 77"]  # is 2 from now on


def test_the_case_shows_who_entered_it_and_the_consent(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf
) -> None:
    application, mandate = standing_in.handed_in(session, stores, programme, standing_in.make_clerk(session))
    reviewer = client_of(make_official(session, Role.REVIEWER))
    page = reviewer.get(f"/office/applications/{application.id}").text
    for said in ("구례읍사무소 주무관 읍직원", "읍직원 (대리 입력)", mandate.document_name):
        assert said in text_of(page), said
    paper = reviewer.get(f"/office/applications/{application.id}/mandate")
    assert paper.data == standing_in.CONSENT.content
    stranger = make_official(session, Role.REVIEWER, organisation=make_organisation(session, "haenam"))
    assert client_of(stranger).get(f"/office/applications/{application.id}/mandate").status_code == 404


def test_without_the_consent_the_form_comes_back_with_what_was_typed(
    programme: Published, session: Session, client_of: ClientOf
) -> None:
    answer = client_of(standing_in.make_clerk(session)).submit("/office/proxy/new", entry_fields(consent=""))
    assert answer.status_code == 422
    assert "124-81-00998" in answer.text
    assert session.scalar(select(Merchant)) is None


def test_a_clerk_alone_sees_neither_cases_nor_merchants_pages(session: Session, client_of: ClientOf) -> None:
    clerk = client_of(standing_in.make_clerk(session))
    assert clerk.get("/office/proxy").status_code == 200
    for address in ("/office/applications", "/my/applications", "/my/merchants/new", "/office/payments"):
        assert clerk.get(address).status_code == 403, address


def test_an_agent_is_named_acts_and_is_revoked(session: Session, client_of: ClientOf) -> None:
    owner, agent = make_merchant_user(session, name="사업주"), make_merchant_user(session, name="세무사")
    place = applying.register(session, owner)
    other = applying.register(session, agent, serial=2, trade_name="세무사의 가게")
    boss, helper = client_of(owner), client_of(agent)
    given = {"merchant": str(place.id), "agent_login": agent.login, "until": "2026-12-31"}
    unknown = {**given, "agent_login": "nobody@example.kr", "paper": pdf("위임장.pdf")}
    assert boss.submit("/my/agents/new", unknown).status_code == 422
    assert boss.submit("/my/agents/new", {**given, "paper": pdf("위임장.pdf")}).status_code == 302
    mandate = session.scalars(select(Mandate)).one()
    assert "구례식당" in helper.get("/acting").text
    assert helper.submit(f"/acting/{mandate.id}").status_code == 302
    page = helper.get("/my/merchants").text
    assert "세무사의 가게" not in page
    assert "구례식당" in page
    assert helper.get(f"/my/merchants/{other.id}/edit").status_code == 404
    assert boss.get(f"/my/agents/{mandate.id}/paper").status_code == 200
    assert boss.submit(f"/my/agents/{mandate.id}/revocation").status_code == 302
    assert helper.get(f"/my/merchants/{place.id}/edit").status_code == 404
    assert "세무사의 가게" in helper.get("/my/merchants").text


def test_nobody_acts_by_anothers_mandate(session: Session, stores: Stores, client_of: ClientOf) -> None:
    owner, agent = make_merchant_user(session), make_merchant_user(session)
    mandate = standing_in.give(session, stores, applying.register(session, owner), owner, agent)
    for user in (owner, make_merchant_user(session)):
        assert client_of(user).submit(f"/acting/{mandate.id}").status_code == 404


def test_joint_representatives_are_named_and_sign_before_it_is_handed_in(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, programme, owner)
    browser, here = client_of(owner), f"/my/applications/{draft.id}"
    people = f"/my/merchants/{draft.merchant_id}/representatives"
    for name in ("김공동", "이공동"):
        assert browser.submit(people, {"name": name, "born_on": "1961-02-03"}).status_code == 302
    assert f'href="{here}/signatures"' in browser.get(f"{here}/submit").text
    assert browser.submit(f"{here}/submit").status_code == 422
    assert "김공동" in browser.get(f"{here}/signatures").text
    one = session.scalars(select(Representative).order_by(Representative.id)).first()
    assert one is not None
    assert browser.submit(f"{here}/signatures", {"signed": str(one.id)}).status_code == 302
    assert browser.submit(f"{here}/submit").status_code == 302


def test_the_draft_says_where_its_contents_come_from(
    programme: Published, session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, programme, owner)
    page = text_of(client_of(owner).get(f"/my/applications/{draft.id}/edit").text)
    assert "내 사업장 정보에서 가져왔습니다" in page
