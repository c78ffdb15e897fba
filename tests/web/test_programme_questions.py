"""Ways to apply, questions and first days on the pages: of the manager who writes them, of the merchant who answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.applications import Application
from portal.models.programmes import ProgrammeVersion
from portal.services import applications
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT, draft_fields
from tests.asked import QUESTIONS, TRACKS, programme, version_text
from tests.clients import PortalClient
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.pages import problems, text_of
from tests.written import FLAT, begin, document, save

ClientOf = Callable[..., PortalClient]
HOW = {
    "questions-0-text": "어떻게 배달하나요?",
    "questions-0-code": "how",
    "questions-0-kind": "choice",
    "questions-0-choices": "대행사, 직접",
    "questions-0-required": "y",
}
TIMES = {
    "questions-1-text": "몇 번인가요?",
    "questions-1-code": "times",
    "questions-1-kind": "number",
    "questions-1-most": "400",
    "questions-1-choices": "쓰이지 않음",
    "questions-1-when_question": "how",
    "questions-1-when_chosen": "직접",
}


@pytest.fixture
def manager(session: Session, client_of: ClientOf) -> PortalClient:
    return client_of(make_official(session, Role.MANAGER, name="사업담당"))


def test_a_manager_writes_questions_with_conditions(session: Session, manager: PortalClient) -> None:
    draft = begin(manager, FLAT)
    assert save(manager, f"{draft}/sections/questions", **HOW, **TIMES).location == draft
    assert document(session)["question"] == [
        {
            "text": "어떻게 배달하나요?",
            "code": "how",
            "kind": "choice",
            "required": True,
            "choices": ["대행사", "직접"],
        },
        {
            "text": "몇 번인가요?",
            "code": "times",
            "kind": "number",
            "required": False,
            "most": 400,
            "when": {"question": "how", "chosen": ["직접"]},
        },
    ]
    form = manager.get(f"{draft}/preview/form").text
    assert "라고 답한 경우에만 적습니다" in text_of(form)


@pytest.mark.parametrize(
    ("changed", "box", "said"),
    [
        ({"questions-1-code": "how"}, "questions-1-code", "같은 코드를 쓰는 질문"),
        ({"questions-0-when_question": "times", "questions-0-when_chosen": "1"}, "questions-0-when_question", "앞에"),
        ({"questions-1-when_question": "nobody"}, "questions-1-when_question", "질문이 없습니다"),
        ({"questions-1-when_chosen": "로봇"}, "questions-1-when_chosen", "선택지에 없습니다"),
        ({"questions-0-choices": ""}, "questions-0-choices", "입력해 주세요"),
    ],
)
def test_a_question_that_cannot_be_meant_is_said_beside_its_box(
    session: Session, manager: PortalClient, changed: dict[str, str], box: str, said: str
) -> None:
    draft = begin(manager, FLAT)
    page = f"{draft}/sections/questions"
    assert save(manager, page, **{**HOW, **TIMES, **changed}).location == page
    again = manager.get(page)
    assert f'id="{box}-error"' in again.text
    assert any(said in each for each in problems(again)), problems(again)
    assert manager.submit(f"{draft}/handing-over").status_code == 422


def test_a_manager_writes_ways_to_apply(session: Session, manager: PortalClient) -> None:
    draft = begin(manager, FLAT)
    fast = {"tracks-0-name": "신속지급", "tracks-0-code": "fast", "tracks-0-legal": "공고 제7조", "tracks-0-short": "y"}
    slow = {"tracks-1-name": "확인지급", "tracks-1-code": "verified", "tracks-1-legal": "공고 제8조"}
    more = {"tracks-1-own_delivery": "5,000", "tracks-1-documents": ["bankbook"]}
    page = f"{draft}/sections/tracks"
    assert save(manager, page, **fast).location == page  # one alone
    assert save(manager, page, **fast, **slow, **more).location == draft
    assert document(session)["track"] == [
        {"name": "신속지급", "code": "fast", "legal": "공고 제7조", "short": True},
        {
            "name": "확인지급",
            "code": "verified",
            "legal": "공고 제8조",
            "documents": ["bankbook"],
            "own_delivery": 5_000,
        },
    ]
    assert "직접 배달은 한 건에 5,000원" in text_of(manager.get(f"{draft}/preview").text)


def test_a_merchant_answers_and_is_told_what_is_wrong_where_it_is_mended(
    session: Session, stores: Stores, client_of: ClientOf
) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(TRACKS + QUESTIONS)), owner)
    browser, page = client_of(owner), f"/my/applications/{draft.id}"
    assert "어떻게 배달하나요?" in text_of(browser.get(f"{page}/edit").text)
    wrong = browser.submit(f"{page}/edit", draft_fields(track="verified", answer_how="직접", answer_times="열"))
    assert wrong.status_code in (409, 422)
    assert any("몇 번 배달했나요?" in each for each in problems(wrong)), problems(wrong)
    fields = draft_fields(track="verified", answer_how="직접", answer_times="12")
    assert browser.submit(f"{page}/edit", fields).status_code == 302
    session.expire_all()
    kept = session.scalars(select(Application)).one()
    assert (kept.track, kept.answered) == ("verified", {"how": "직접", "times": "12"})
    assert "배달 대장" in text_of(browser.get(f"{page}/documents").text)
    check = text_of(browser.get(f"{page}/submit").text)
    assert "‘배달 대장’ 서류를 올려 주세요" in check
    assert "몇 번 배달했나요? 12" in check


def test_an_official_reads_the_answers(session: Session, stores: Stores, client_of: ClientOf) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(QUESTIONS)), owner)
    answered = replace(DRAFT, answers={"how": "대행사"})
    applications.save_draft(session, draft.id, answered, by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    session.commit()
    page = client_of(make_official(session, Role.REVIEWER)).get(f"/office/applications/{draft.id}").text
    assert "어떻게 배달하나요? 대행사" in text_of(page)


def test_the_public_page_says_what_changes_from_when(
    session: Session, client: PortalClient, client_of: ClientOf
) -> None:
    make_programme(session)
    made = make_programme(session, text=version_text(2, 400_000_000))
    session.commit()
    assert made.version.effective_from is not None
    page = text_of(client.get("/programmes/gurye-2020-o2o").text)
    assert "2026. 6. 20.부터 공고가 바뀝니다" in page
    office = client_of(make_official(session, Role.MANAGER))
    shown = office.get(f"/office/programmes/{session.scalars(select(ProgrammeVersion.id)).all()[-1]}").text
    assert "게시됨·시행 전" in text_of(shown)
