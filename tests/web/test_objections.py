"""Objecting on the pages: from the rejection to the result letter, too late, and what is refused to whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.letters import LetterKind
from portal.domain.objections import ObjectionStatus, Outcome
from portal.models.accounts import User
from portal.models.objections import Objection
from portal.storage.objects import Stores
from tests.cases import Applied
from tests.clients import PortalClient
from tests.clocks import Clock
from tests.factories import AT, make_merchant_user
from tests.objecting import ANSWER, PURPORT, REASONS, Chamber, letter_of, open_chamber
from tests.pages import text_of

ClientOf = Callable[[User], PortalClient]
FORM = {"purport": PURPORT, "reasons": REASONS, "phone": "010-1234-5678"}
S = ObjectionStatus


@pytest.fixture
def chamber(session: Session, stores: Stores) -> Chamber:
    return open_chamber(session, stores)


@pytest.fixture
def case(chamber: Chamber) -> Applied:
    return chamber.rejected()


def only(session: Session) -> Objection:
    session.expire_all()
    return session.scalars(select(Objection)).one()


def form_of(session: Session, case: Applied) -> str:
    return f"/my/objections/new?letter={letter_of(session, case.id, LetterKind.REJECTION).id}"


def test_from_the_rejection_to_the_result_letter(
    chamber: Chamber, case: Applied, session: Session, client_of: ClientOf
) -> None:
    merchant, handler, decider = map(client_of, (case.owner, chamber.handler, chamber.decider))
    address = form_of(session, case)
    for page in (f"/my/applications/{case.id}", "/my/letters", "/my/objections"):
        assert f'href="{address}"' in merchant.get(page).text, page
    assert merchant.submit(address, FORM).status_code == 302
    own, office = f"/my/objections/{only(session).id}", f"/office/objections/{only(session).id}"
    assert merchant.get(address).location == own
    assert "2026. 6. 29.까지 결과를 알려 드립니다" in merchant.get(own).text
    assert only(session).number in handler.get("/office/objections").text
    assert "보조금법 제37조: 접수한 다음 날부터" in handler.get(office).text
    assert handler.submit(f"{office}/take-up").status_code == 302
    reason = {"reason": "세무서에 업종을 조회하고 있습니다."}
    assert handler.submit(f"{office}/extension", reason).status_code == 302
    assert "처리기간을 2026. 7. 9.까지 연장했습니다" in merchant.get(own).text
    assert handler.submit(f"{office}/draft", {"outcome": "grant", "answer": ANSWER}).status_code == 302
    page = decider.get(f"{office}/decision").text
    assert "신청이 ‘접수’로 돌아가고" in page
    assert ANSWER in page
    assert decider.submit(f"{office}/decision", {"confirmed": "y"}).status_code == 302
    assert only(session).status is S.GRANTED
    page = text_of(merchant.get(own).text)
    assert "인용 (모두 받아들임)" in page
    assert "이의신청 결과 통지서" in page
    assert "신청서를 받았습니다" in merchant.get(f"/my/applications/{case.id}").text
    assert only(session).number in decider.get(f"/office/applications/{case.id}").text


def test_too_late_is_said_with_what_is_still_open(
    case: Applied, session: Session, client_of: ClientOf, clock: Clock
) -> None:
    clock.move_to(datetime.fromisoformat("2026-07-16T09:00+09:00"))
    merchant = client_of(case.owner)
    page = text_of(merchant.get(form_of(session, case)).text)
    assert "이의신청 기간(2026. 7. 15.까지)이 지나" in page
    assert "행정심판: 2026. 9. 14.까지 (행정심판법 제27조)" in page  # the ninetieth day is a Sunday
    assert "이의신청 내기" not in page
    answer = merchant.submit(form_of(session, case), FORM)
    assert (answer.status_code, session.scalars(select(Objection)).all()) == (422, [])
    assert "남은 구제 방법 보기" in merchant.get(f"/my/applications/{case.id}").text


def test_what_is_missing_is_said_beside_the_form_and_nobody_sees_anothers(
    chamber: Chamber, case: Applied, session: Session, client_of: ClientOf
) -> None:
    merchant, stranger = client_of(case.owner), client_of(make_merchant_user(session))
    answer = merchant.submit(form_of(session, case), FORM | {"reasons": "아님", "phone": "1"})
    assert (answer.status_code, answer.text.count("aria-invalid")) == (422, 2)
    assert stranger.get(form_of(session, case)).status_code == 404
    objection = chamber.file(case)
    another = client_of(chamber.rejected().owner)
    assert objection.number in merchant.get("/my/objections").text
    assert objection.number not in another.get("/my/objections").text
    assert stranger.get(f"/my/objections/{objection.id}").status_code == 404
    assert stranger.get("/my/objections/new").status_code == 404
    assert "이의신청할 결정이 없습니다" in stranger.get("/my/objections").text


def test_a_paper_is_handed_in_with_it_and_read_by_the_office_and_by_nobody_else(
    case: Applied, chamber: Chamber, session: Session, client_of: ClientOf
) -> None:
    merchant, address = client_of(case.owner), form_of(session, case)
    text = (BytesIO(b"no picture"), "업종.png")
    assert merchant.submit(address, FORM | {"file": text}).status_code == 422
    paper = b"%PDF-1.4 business registration %%EOF"
    assert merchant.submit(address, FORM | {"file": (BytesIO(paper), "업종.pdf")}).status_code == 302
    number = only(session).id
    assert merchant.get(f"/my/objections/{number}/document").data == paper
    assert client_of(chamber.handler).get(f"/office/objections/{number}/document").data == paper
    assert client_of(make_merchant_user(session)).get(f"/my/objections/{number}/document").status_code == 404


def test_whoever_took_part_reads_why_they_cannot_act_and_is_refused(
    chamber: Chamber, case: Applied, client_of: ClientOf
) -> None:
    objection = chamber.file(case)
    page, first = f"/office/objections/{objection.id}", client_of(chamber.reviewer)
    shown = first.get(page).text
    assert "참여한 사람이라" in shown
    assert f"{page}/take-up" not in shown
    assert first.submit(f"{page}/take-up").status_code == 403


def test_an_amount_of_a_rejection_is_not_asked_for_and_the_merchant_may_take_it_back(
    chamber: Chamber, case: Applied, session: Session, client_of: ClientOf
) -> None:
    objection = chamber.file(case)
    page = f"/office/objections/{objection.id}"
    handler, merchant = client_of(chamber.handler), client_of(case.owner)
    handler.submit(f"{page}/take-up")
    assert 'name="amount"' not in handler.get(f"{page}/draft").text
    own = f"/my/objections/{objection.id}"
    assert merchant.submit(f"{own}/withdrawal").status_code == 422
    assert merchant.submit(f"{own}/withdrawal", {"confirmed": "y"}).status_code == 302
    assert only(session).status is S.WITHDRAWN
    assert "취하한 이의신청입니다" in merchant.get(own).text
    assert handler.submit(f"{page}/draft", {"outcome": "dismiss", "answer": ANSWER}).status_code == 409


def test_the_register_puts_what_is_due_first_first_in_a_fixed_number_of_statements(
    chamber: Chamber, client_of: ClientOf, clock: Clock, statement_counter: Callable[..., object]
) -> None:
    late, soon, done = (chamber.rejected() for _ in range(3))
    later = chamber.file(soon, at=AT + timedelta(days=2))
    first = chamber.file(late)
    chamber.answered(chamber.file(done), Outcome.DISMISS)
    clock.move_to(AT + timedelta(days=15))
    handler = client_of(chamber.handler)
    with statement_counter() as statements:  # ty: ignore
        page = handler.get("/office/objections").text
    assert len(statements) <= 8
    assert page.index(first.number) < page.index(later.number)
    assert "1일 지남" in text_of(page)
    assert later.number not in handler.get("/office/objections?view=overdue").text
    assert "기각" in handler.get("/office/objections?view=all").text
    assert handler.get("/office/objections?after=x_1").status_code == 404
