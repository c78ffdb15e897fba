"""A supplement changes what was asked for and nothing else, whatever is sent; each change is kept with its before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import ApplicationDraft, ApplicationStatus, SupplementRequest
from portal.domain.errors import Incomplete, InvalidTransition, Refusal
from portal.domain.supplement_parts import EVERYTHING, Amounts, Standing
from portal.models.accounts import User
from portal.models.applications import Application
from portal.models.supplement_parts import SupplementPart
from portal.queries import supplement_parts as known
from portal.services import applications, documents, reviews, supplements
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT, upload
from tests.asked import QUESTIONS, programme
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme

LATER = AT + timedelta(days=1)
OWN = {"how": "직접", "times": "12"}


def asked(
    session: Session, stores: Stores, named: Collection[str], *, more: str = "", answers: dict[str, str] | None = None
) -> tuple[Application, User]:
    """An application of which these parts were asked for."""
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session, text=programme(more)), owner)
    if answers:
        applications.save_draft(session, draft.id, replace(DRAFT, answers=answers), by=actor(owner), at=AT)
    if answers == OWN:
        documents.attach(session, stores.evidence, draft.id, upload("log"), by=actor(owner), at=AT)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    reviewer = actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, draft.id, by=reviewer, at=AT)
    request = SupplementRequest("계획을 자세히 적어 주세요.", 7, frozenset(named))
    reviews.request_supplement(session, stores, draft.id, request, by=reviewer, at=AT)
    return draft, owner


def save(session: Session, draft: Application, owner: User, command: ApplicationDraft) -> Application:
    return applications.save_draft(session, draft.id, command, by=actor(owner), at=LATER)


def told(refused: Refusal) -> set[tuple[str, str]]:
    return {(problem.field, problem.code) for problem in refused.problems}


def test_what_was_asked_for_changes_and_stands_there_with_its_before(session: Session, stores: Stores) -> None:
    draft, owner = asked(session, stores, ["plan", "requested_amount"])
    save(session, draft, owner, replace(DRAFT, plan="전단을 돌립니다.", requested_amount=300_000))
    assert known.mending(draft).amounts == (Amounts(300_000, 500_000), Amounts(500_000, 300_000))
    supplements.answer(session, draft.id, "고쳤습니다.", by=actor(owner), at=LATER)
    session.expire_all()
    found = [(each.code, each.before, each.after) for each in draft.supplements[0].changes]
    assert found == [("plan", DRAFT.plan, "전단을 돌립니다."), ("requested_amount", "500000", "300000")]
    assert draft.status is ApplicationStatus.IN_REVIEW


def test_nothing_else_changes_whatever_is_sent(session: Session, stores: Stores) -> None:
    draft, owner = asked(session, stores, ["plan", "file-bankbook"])
    sent = replace(DRAFT, plan="다른 계획", total_cost=900_000, contact_phone="01099998888", consents=frozenset())
    with pytest.raises(Incomplete) as refused:
        save(session, draft, owner, sent)
    assert told(refused.value) >= {("total_cost", "not_asked_for"), ("contact_phone", "not_asked_for")}
    assert "plan" not in {field for field, _code in told(refused.value)}
    assert ("consent_privacy", "not_asked_for") in told(refused.value)
    with pytest.raises(InvalidTransition) as paper:
        documents.attach(session, stores.evidence, draft.id, upload("sales_proof", serial=9), by=actor(owner), at=LATER)
    assert told(paper.value) == {("file-sales_proof", "not_asked_for")}
    kept = next(each for each in draft.documents if each.code == "sales_proof")
    with pytest.raises(InvalidTransition):
        documents.remove(session, draft.id, kept.id, by=actor(owner), at=LATER)
    documents.attach(session, stores.evidence, draft.id, upload(serial=9), by=actor(owner), at=LATER)
    assert (draft.plan, draft.total_cost, len(draft.consents)) == (DRAFT.plan, 800_000, 4)
    assert [each.code for each in known.mending(draft).changes] == ["file-bankbook"]


def test_boxes_shown_locked_and_not_sent_back_stay_as_they_are(session: Session, stores: Stores) -> None:
    draft, owner = asked(session, stores, ["plan"])
    locked = frozenset({"total_cost", "requested_amount", "contact_phone", *(f"consent_{c}" for c in DRAFT.consents)})
    save(session, draft, owner, ApplicationDraft(plan="전단을 돌립니다.", left_alone=locked))
    assert (draft.plan, draft.total_cost, len(draft.consents)) == ("전단을 돌립니다.", 800_000, 4)


def test_a_named_question_opens_what_it_leads_to_and_no_other(session: Session, stores: Stores) -> None:
    draft, owner = asked(session, stores, ["answer_how"], more=QUESTIONS, answers={"how": "대행사"})
    with pytest.raises(InvalidTransition):
        documents.attach(session, stores.evidence, draft.id, upload(serial=9), by=actor(owner), at=LATER)
    save(session, draft, owner, replace(DRAFT, answers=OWN))
    documents.attach(session, stores.evidence, draft.id, upload("log"), by=actor(owner), at=LATER)
    assert draft.answered == OWN
    supplements.answer(session, draft.id, "직접 배달합니다.", by=actor(owner), at=LATER)
    session.expire_all()
    assert [each.code for each in draft.supplements[0].changes] == ["answer_how", "answer_times", "file-log"]


def test_an_answer_that_a_change_took_away_comes_back_as_it_was(session: Session, stores: Stores) -> None:
    draft, owner = asked(session, stores, ["answer_how"], more=QUESTIONS, answers=OWN)
    with pytest.raises(Incomplete) as refused:
        save(session, draft, owner, replace(DRAFT, answers={"how": "직접", "times": "99"}))
    assert told(refused.value) == {("answer_times", "not_asked_for")}
    save(session, draft, owner, replace(DRAFT, answers={"how": "대행사"}))
    assert draft.answered == {"how": "대행사"}
    save(session, draft, owner, replace(DRAFT, answers={"how": "직접", "times": ""}))
    assert draft.answered == OWN


@pytest.mark.parametrize(
    ("named", "code"), [((), "parts_required"), (("answer_how",), "part_not_there"), ((EVERYTHING,), "part_not_there")]
)
def test_a_request_names_parts_that_are_there(
    session: Session, stores: Stores, named: tuple[str, ...], code: str
) -> None:
    with pytest.raises(Incomplete) as refused:
        asked(session, stores, named)
    assert told(refused.value) == {("parts", code)}


def test_who_was_asked_before_requests_named_anything_may_go_on(session: Session, stores: Stores) -> None:
    draft, owner = asked(session, stores, ["plan"])
    everything = SupplementPart(code=EVERYTHING, position=0, standing=Standing.NAMED, before="")
    draft.supplements[0].parts.append(everything)
    session.flush()
    save(session, draft, owner, replace(DRAFT, total_cost=900_000))
    assert draft.total_cost == 900_000
