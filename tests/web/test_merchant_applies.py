"""The merchant's pages of an application: four steps, every refusal beside its success, nothing typed is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus, Consent
from portal.models.applications import Application
from portal.services import applications, reviews
from portal.storage.objects import Stores
from tests import applying, pages
from tests.applying import draft_fields, pdf
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

ClientOf = Callable[..., PortalClient]
Counter = Callable[[], AbstractContextManager[list[str]]]
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


def test_papers_are_taken_one_by_one_and_a_bad_one_costs_no_other(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    browser, url = client_of(owner), f"/my/applications/{draft.id}/documents"
    good = browser.submit(url, {"code": "bankbook", "file-bankbook": pdf()})
    assert good.status_code == 302
    bad = browser.submit(url, {"code": "sales_proof", "file-sales_proof": (io.BytesIO(b"MZ\x90\x00"), "매출.pdf")})
    assert bad.status_code == 422
    assert 'href="#file-sales_proof"' in bad.text
    assert "통장.pdf" in bad.text


REFUSED_FILES = [
    (b"MZ\x90\x00", "통장.pdf", "내용과 확장자"),
    (b"", "통장.pdf", "내용이 비어"),
    (b"%PDF-1.4 no end", "통장.pdf", "끝까지"),
    (applying.PDF, "통장.exe", "올릴 수 없는 형식"),
    (applying.PDF + b" " * (10 << 20), "통장.pdf", "너무 큽니다"),
]


@pytest.mark.parametrize(("content", "name", "sentence"), REFUSED_FILES)
def test_a_wrong_file_is_refused_at_its_box(
    session: Session, client_of: ClientOf, content: bytes, name: str, sentence: str
) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    answer = client_of(owner).submit(
        f"/my/applications/{draft.id}/documents", {"code": "bankbook", "file-bankbook": (io.BytesIO(content), name)}
    )
    assert answer.status_code == 422
    assert any(sentence in problem for problem in pages.problems(answer)), pages.problems(answer)
    assert 'href="#file-bankbook"' in answer.text
    session.refresh(draft)
    assert draft.documents == []


def test_no_file_at_all_is_said_at_the_box_that_was_meant(session: Session, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    browser, url = client_of(owner), f"/my/applications/{draft.id}/documents"
    assert 'href="#file-bankbook"' in browser.submit(url, {"code": "bankbook"}).text
    assert browser.submit(url, {"code": "diary"}).status_code == 422


def test_a_file_is_given_back_as_an_attachment_to_its_owner_alone(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    url = f"/my/applications/{draft.id}/documents/{draft.documents[0].id}"
    answer = client_of(owner).get(url)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stranger = client_of(make_merchant_user(session))
    assert stranger.get(url).status_code == 404
    assert stranger.submit(f"{url}/remove").status_code == 404


def test_a_file_is_taken_out_again(session: Session, stores: Stores, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    kept = draft.documents[0]
    url = f"/my/applications/{draft.id}/documents/{kept.id}"
    browser = client_of(owner)
    assert browser.submit(f"{url}/remove").status_code == 302
    assert browser.get(url).status_code == 404
    assert browser.submit(f"{url}/remove").status_code == 404


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


def asked(session: Session, stores: Stores, client_of: ClientOf) -> tuple[Application, PortalClient]:
    owner, reviewer = make_merchant_user(session), make_official(session, Role.REVIEWER)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    reviews.take_up(session, draft.id, by=actor(reviewer), at=AT)
    request = reviews.SupplementRequest("통장 사본이 흐립니다.", 7)
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


def test_the_list_is_read_page_by_page_in_a_fixed_number_of_statements(
    session: Session, client_of: ClientOf, statement_counter: Counter
) -> None:
    programme, owner = make_programme(session), make_merchant_user(session)
    for serial in range(1, 3):
        applying.start(session, programme, owner, serial=serial)
    browser = client_of(owner)
    with statement_counter() as few:
        browser.get("/my/applications")
    for serial in range(3, 26):
        applying.start(session, programme, owner, serial=serial)
    session.commit()
    with statement_counter() as many:
        first = browser.get("/my/applications")
    assert len(many) == len(few)
    assert len(many) <= 7
    assert first.text.count("작성 중") == 20
    earlier = first.text.split('rel="next" href="')[1].split('"')[0]
    assert browser.get(earlier).text.count("작성 중") == 5


@pytest.mark.parametrize(
    "page", ["/my/", "/my/applications/{id}", "/my/applications/{id}/submit", "/programmes/" + CODE, "/"]
)
def test_a_page_takes_few_statements(
    session: Session, stores: Stores, client_of: ClientOf, statement_counter: Counter, page: str
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    browser, url = client_of(owner), page.format(id=draft.id)
    with statement_counter() as statements:
        assert browser.get(url).status_code == 200
    assert len(statements) <= 12


def test_the_first_page_says_the_one_thing_to_do(session: Session, stores: Stores, client_of: ClientOf) -> None:
    programme, owner = make_programme(session), make_merchant_user(session)
    browser = client_of(owner)
    assert "먼저 사업장을 등록해 주세요" in browser.get("/my/").text
    place = applying.register(session, owner)
    assert "새로 신청할 수 있는 지원이 있습니다" in browser.get("/my/").text
    draft = applications.start(session, programme.programme.code, place.id, by=actor(owner), at=AT)
    assert "쓰던 신청서가 있습니다" in browser.get("/my/").text
    applications.withdraw(session, draft.id, by=actor(owner), at=AT)
    ready = applying.ready(session, stores, programme, owner, serial=2)
    applications.submit(session, ready.id, by=actor(owner), at=AT)
    assert "결과를 기다리고 있습니다" in browser.get("/my/").text


def test_example_values_are_marked_wherever_they_stand(
    session: Session, client_of: ClientOf, client: PortalClient
) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    programme = client.get(f"/programmes/{CODE}").text
    assert programme.count("예시 값") >= 12
    assert "가게가 낸 비용의 50%" in programme
    assert "한 달에 100,000원까지" in programme
    browser = client_of(owner)
    for page in ("check", "edit", "documents"):
        assert "예시 값" in browser.get(f"/my/applications/{draft.id}/{page}").text
