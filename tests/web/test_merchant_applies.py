"""The merchant's pages of an application: four steps, every refusal beside its success, nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus, Consent
from portal.models.applications import Application
from portal.services import applications, declarations, returns, reviews
from portal.storage.objects import Stores
from tests import applying, pages
from tests.applying import draft_fields, pdf
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.pages import text_of
from tests.waiting import desk, later

ClientOf = Callable[..., PortalClient]
S = ApplicationStatus
CODE = "gurye-2020-o2o"


def test_choosing_a_programme_and_a_place_opens_a_draft_and_shows_the_conditions(
    session: Session, client_of: ClientOf
) -> None:
    make_programme(session)
    owner = make_merchant_user(session)
    place = applying.register(session, owner)
    browser = client_of(owner)
    answer = browser.submit("/my/applications/new", {"programme": CODE, "merchant": str(place.id)})
    assert answer.status_code == 302
    page = browser.get(answer.location)
    assert "소상공인기본법" in page.text
    assert "2.5명" in page.text
    assert "국세청 조회 예정" in page.text


def test_what_cannot_be_chosen_is_refused(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    owner, other = make_merchant_user(session), make_merchant_user(session)
    place, foreign = applying.register(session, owner), applying.register(session, other, serial=2)
    browser = client_of(owner)
    for fields in (
        {},
        {"programme": "other", "merchant": str(place.id)},
        {"programme": CODE, "merchant": str(foreign.id)},
    ):
        answer = browser.submit("/my/applications/new", fields)
        assert answer.status_code == 422
        assert pages.problems(answer)
    assert session.scalars(select(Application)).all() == []


def test_the_same_place_does_not_apply_twice(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    fields = {"programme": CODE, "merchant": str(draft.merchant_id)}
    answer = client_of(owner).submit("/my/applications/new", fields)
    assert answer.status_code == 409
    assert any("이미 이 사업에 신청서가 있습니다" in problem for problem in pages.problems(answer))


def test_a_failed_condition_is_said_at_once_with_its_article(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner, sales={2025: 400_000_000})
    page = client_of(owner).get(f"/my/applications/{draft.id}/check")
    assert "맞지 않음" in page.text
    assert "300,000,000원 이하" in page.text
    assert "2025년 400,000,000원" in page.text
    assert "공고 제3조제1항제2호" in page.text
    assert "다음: 신청 내용 적기" not in page.text


def test_the_draft_is_saved_by_the_button_and_goes_on_to_the_papers(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    browser = client_of(owner)
    answer = browser.submit(f"/my/applications/{draft.id}/edit", draft_fields(intent="submit"))
    assert answer.location.endswith("/documents")
    stayed = browser.submit(f"/my/applications/{draft.id}/edit", draft_fields(intent="save"))
    assert stayed.location.endswith("/edit")
    shown = browser.get(stayed.location)
    assert "300,000원" in shown.text  # own share: 800,000 less 500,000
    session.refresh(draft)
    assert (draft.total_cost, len(draft.consents)) == (800_000, 4)


def test_the_draft_is_saved_while_one_types_however_little(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    answer = client_of(owner).submit(
        f"/my/applications/{draft.id}/edit", {"plan": "배달", "contact_phone": "010-1", "_autosave": "1"}
    )
    assert answer.status_code == 204
    session.refresh(draft)
    assert draft.plan == "배달"


def test_an_amount_that_is_none_is_refused_and_everything_stays_typed(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    answer = client_of(owner).submit(
        f"/my/applications/{draft.id}/edit", draft_fields(total_cost="팔십만", plan="오래 적은 글")
    )
    assert answer.status_code == 422
    assert 'href="#total_cost"' in answer.text
    assert "팔십만" in answer.text
    assert "오래 적은 글" in answer.text


def test_handing_in_gives_a_receipt_and_says_what_comes_next(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    browser = client_of(owner)
    answer = browser.submit(f"/my/applications/{draft.id}/submit")
    assert answer.status_code == 302
    session.refresh(draft)
    page = browser.get(answer.location)
    assert str(draft.receipt_number) in page.text
    assert "2026. 7. 2.까지 결과를" in page.text.replace("\xa0", " ")
    assert "061-000-0000" in page.text
    assert browser.submit(f"/my/applications/{draft.id}/submit").status_code == 409


def test_what_is_missing_is_listed_with_links_to_the_boxes(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    browser = client_of(owner)
    for page in (
        browser.get(f"/my/applications/{draft.id}/submit"),
        browser.submit(f"/my/applications/{draft.id}/submit"),
    ):
        for target in (
            "edit#plan",
            "edit#total_cost",
            "documents#file-bankbook",
            *(f"edit#consent_{c}" for c in Consent),
        ):
            assert f'href="/my/applications/{draft.id}/{target}"' in page.text
    session.refresh(draft)
    assert draft.status == S.DRAFT


def test_a_failed_condition_blocks_handing_in(session: Session, stores: Stores, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner, sales={2025: 400_000_000})
    answer = client_of(owner).submit(f"/my/applications/{draft.id}/submit")
    assert answer.status_code == 422
    assert any("직전 연도 매출액" in problem for problem in pages.problems(answer))


def test_after_the_last_day_nothing_is_handed_in(
    session: Session, stores: Stores, client_of: ClientOf, clock: Clock
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    clock.move_to(datetime(2026, 12, 18, 15, 0, tzinfo=UTC))
    answer = client_of(owner).submit(f"/my/applications/{draft.id}/submit")
    assert answer.status_code == 422
    assert any("2026. 2. 16. ~ 2026. 12. 18." in problem for problem in pages.problems(answer))


def test_what_was_handed_in_cannot_be_changed_and_the_typed_text_stays(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    browser = client_of(owner)
    assert "이미 낸 신청서" in browser.get(f"/my/applications/{draft.id}/edit").text
    answer = browser.submit(f"/my/applications/{draft.id}/edit", draft_fields(plan="늦게 고친 글"))
    assert answer.status_code == 409
    assert "늦게 고친 글" in answer.text


def test_withdrawing_asks_first(session: Session, stores: Stores, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    browser, url = client_of(owner), f"/my/applications/{draft.id}/withdraw"
    assert browser.submit(url).status_code == 422
    assert browser.submit(url, {"sure": "y", "note": "다음에"}).status_code == 302
    session.refresh(draft)
    assert draft.status == S.WITHDRAWN
    assert browser.submit(url, {"sure": "y"}).status_code == 409


def test_a_request_for_supplement_is_shown_and_answered(session: Session, stores: Stores, client_of: ClientOf) -> None:
    draft, browser = asked(session, stores, client_of)
    assert (
        "통장 사본이 흐립니다."
        in browser.get("/my/applications").text + browser.get(f"/my/applications/{draft.id}").text
    )
    url = f"/my/applications/{draft.id}/supplement"
    assert "2026. 6. 22." in browser.get(url).text
    files = {"code": "bankbook", "file-bankbook": pdf("새통장.pdf", more=b"new")}
    assert browser.submit(f"/my/applications/{draft.id}/documents", files).status_code == 302
    assert browser.submit(url, {"answer": ""}).status_code == 422
    assert browser.submit(url, {"answer": "다시 찍었습니다."}).status_code == 302
    session.refresh(draft)
    assert draft.status == S.IN_REVIEW
    assert browser.submit(url, {"answer": "다시"}).status_code == 409


def test_an_answer_after_the_return_is_refused_and_what_was_typed_stays(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    it = desk(session, stores)
    it.ask()
    it.ask(days_on=8, days=5)
    returns.give_back(session, stores, it.case.id, reasons="끝내 보완되지 않았습니다.", by=it.approver, at=later(20))
    late = client_of(it.case.owner).submit(f"/my/applications/{it.case.id}/supplement", {"answer": "이제야 냅니다."})
    assert (late.status_code, "이제야 냅니다." in late.text) == (409, True)
    assert "지금 내셔도 받습니다" not in late.text


def test_only_what_was_asked_for_can_be_changed_and_the_rest_is_shown_locked(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    draft, browser = asked(session, stores, client_of)
    page = f"/my/applications/{draft.id}"
    edit, papers = browser.get(f"{page}/edit").text, browser.get(f"{page}/documents").text
    assert ('name="plan"' in edit, 'name="total_cost"' in edit, "잠긴 내용" in edit) == (True, False, True)
    assert "800,000원" in edit
    assert ('name="file-bankbook"' in papers, 'name="file-sales_proof"' in papers) == (True, False)
    refused = browser.submit(f"{page}/edit", {"plan": "다른 계획", "total_cost": "900,000"})
    assert (refused.status_code, "보완하라고 한 것이 아니어서" in refused.text) == (422, True)
    assert browser.submit(f"{page}/edit", {"plan": "다른 계획", "intent": "save"}).status_code == 302
    sending = text_of(browser.get(f"{page}/supplement").text)
    assert "지금까지 고친 것" in sending
    assert "다른 계획" in sending
    session.refresh(draft)
    assert (draft.plan, draft.total_cost, len(draft.consents)) == ("다른 계획", 800_000, 4)


@pytest.mark.parametrize(
    ("parts", "following"),
    [({"plan"}, "/supplement"), ({"plan", "file-bankbook"}, "/documents")],
    ids=["box", "box and paper"],
)
def test_after_mending_one_goes_on_to_the_papers_only_where_one_is_opened(
    session: Session, stores: Stores, client_of: ClientOf, parts: set[str], following: str
) -> None:
    draft, browser = asked(session, stores, client_of, frozenset(parts))
    saved = browser.submit(f"/my/applications/{draft.id}/edit", {"plan": "다른 계획"})
    assert str(saved.location).endswith(following)


def asked(
    session: Session, stores: Stores, client_of: ClientOf, parts: frozenset[str] = frozenset({"file-bankbook", "plan"})
) -> tuple[Application, PortalClient]:
    owner, reviewer = make_merchant_user(session), make_official(session, Role.REVIEWER)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    declarations.declare_none(session, [draft.id], by=actor(reviewer), at=AT)
    reviews.take_up(session, draft.id, by=actor(reviewer), at=AT)
    request = reviews.SupplementRequest("통장 사본이 흐립니다.", 7, parts)
    reviews.request_supplement(session, stores, draft.id, request, by=actor(reviewer), at=AT)
    return draft, client_of(owner)


PAGES = ("", "/check", "/edit", "/documents", "/submit", "/withdraw", "/supplement")


@pytest.mark.parametrize("page", PAGES)
def test_anothers_application_does_not_exist(session: Session, stores: Stores, client_of: ClientOf, page: str) -> None:
    draft = applying.ready(session, stores, make_programme(session), make_merchant_user(session))
    stranger = client_of(make_merchant_user(session))
    assert stranger.get(f"/my/applications/{draft.id}{page}").status_code == 404
    if page not in ("", "/check"):
        assert stranger.submit(f"/my/applications/{draft.id}{page}", draft_fields()).status_code == 404
    session.refresh(draft)
    assert draft.status == S.DRAFT


def test_an_official_has_no_business_here(session: Session, client_of: ClientOf) -> None:
    browser = client_of(make_official(session, Role.REVIEWER))
    assert browser.get("/my/applications").status_code == 403
