"""Answering a request for supplement: what is handed back, what is refused, and the office's time begins again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationStatus, SupplementRequest
from portal.domain.errors import Incomplete, InvalidTransition, NotFound
from portal.models.accounts import User
from portal.models.applications import Application
from portal.queries import applications as look_up
from portal.services import applications, documents, reviews, supplements
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT, upload
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

S = ApplicationStatus


def asked(session: Session, stores: Stores) -> tuple[Application, User]:
    """An application handed in on a Monday, of which more was asked on the Tuesday."""
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    reviewer = make_official(session, Role.REVIEWER)  # who finds the case there and declares
    reviews.take_up(session, draft.id, by=actor(reviewer), at=AT)
    request = SupplementRequest("통장 사본이 흐립니다.", 7, frozenset({"file-bankbook", "plan"}))
    reviews.request_supplement(session, stores, draft.id, request, by=actor(reviewer), at=AT + timedelta(days=1))
    return draft, owner


def test_the_answer_hands_the_case_back_and_the_wait_does_not_count(session: Session, stores: Stores) -> None:
    application, owner = asked(session, stores)
    assert application.due_on == date(2026, 7, 2)
    documents.attach(session, stores.evidence, application.id, upload(serial=9), by=actor(owner), at=AT)
    answered_at = AT + timedelta(days=3)
    supplements.answer(session, application.id, " 다시 찍었습니다. ", by=actor(owner), at=answered_at)
    session.expire_all()
    assert application.status == S.IN_REVIEW
    assert (application.supplements[0].answer, application.supplements[0].answered_at) == (
        "다시 찍었습니다.",
        answered_at,
    )
    assert application.due_on == date(2026, 7, 7)  # Tuesday to Thursday did not count
    assert application.queue_number == 1


def test_an_answer_without_a_word_or_with_something_missing_is_refused(session: Session, stores: Stores) -> None:
    application, owner = asked(session, stores)
    with pytest.raises(Incomplete, match="answer"):
        supplements.answer(session, application.id, "  ", by=actor(owner), at=AT)
    applications.save_draft(session, application.id, replace(DRAFT, plan=""), by=actor(owner), at=AT)
    with pytest.raises(Incomplete, match="plan"):
        supplements.answer(session, application.id, "고쳤습니다.", by=actor(owner), at=AT)
    assert application.status == S.SUPPLEMENT_REQUESTED


def test_there_is_nothing_to_answer_before_and_after(session: Session, stores: Stores) -> None:
    application, owner = asked(session, stores)
    supplements.answer(session, application.id, "다시 찍었습니다.", by=actor(owner), at=AT + timedelta(days=2))
    with pytest.raises(InvalidTransition):
        supplements.answer(session, application.id, "한 번 더", by=actor(owner), at=AT + timedelta(days=2))


def test_a_stranger_does_not_answer(session: Session, stores: Stores) -> None:
    application, _owner = asked(session, stores)
    with pytest.raises(NotFound):
        supplements.answer(session, application.id, "제가요", by=actor(make_merchant_user(session)), at=AT)


def test_the_page_shows_the_request_that_waits(session: Session, stores: Stores) -> None:
    application, owner = asked(session, stores)
    waiting = look_up.dossier(session, application.id, actor(owner)).asked
    assert waiting is not None
    assert waiting.items == "통장 사본이 흐립니다."
