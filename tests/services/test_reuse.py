"""What a new application takes over from the last one: nothing twice, each part with its source, all to be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from portal.models.accounts import User
from portal.models.applications import Application
from portal.queries import reuse
from portal.queries.programmes import Published
from portal.services import applications, documents, merchants
from portal.storage.objects import Stores
from tests import applying
from tests.applying import DRAFT, registration
from tests.factories import AT, GURYE, actor, make_merchant_user, make_programme

NEXT = GURYE.replace('code = "gurye-2020-o2o"', 'code = "gurye-next"', 1)
LATER = AT + timedelta(days=10)


@pytest.fixture
def owner(session: Session) -> User:
    return make_merchant_user(session)


@pytest.fixture
def following(session: Session) -> Published:
    return make_programme(session, text=NEXT)


@pytest.fixture
def earlier(session: Session, stores: Stores, owner: User) -> Application:
    draft = applying.ready(session, stores, make_programme(session), owner)
    return applications.submit(session, draft.id, by=actor(owner), at=AT)


def begin(session: Session, following: Published, earlier: Application, owner: User) -> Application:
    code = following.programme.code
    return applications.start(session, code, earlier.merchant_id, by=actor(owner), at=LATER)


def test_the_last_application_is_the_draft_of_the_next(
    session: Session, earlier: Application, following: Published, owner: User
) -> None:
    draft = begin(session, following, earlier, owner)
    assert (draft.plan, draft.contact_phone) == (earlier.plan, earlier.contact_phone)
    papers = {(paper.code, paper.sha256, paper.uploaded_at) for paper in draft.documents}
    before = {paper.code: paper for paper in earlier.documents}
    served = ("business_registration", "bankbook")  # the proof of sales is asked for anew
    assert papers == {(code, before[code].sha256, AT) for code in served}
    sources = reuse.sources(session, draft.id)
    assert set(sources) == {"plan", "contact_phone", "file-business_registration", "file-bankbook"}
    assert {source.receipt_number for source in sources.values()} == {earlier.receipt_number}


def test_amounts_and_consents_are_asked_anew(
    session: Session, earlier: Application, following: Published, owner: User
) -> None:
    draft = begin(session, following, earlier, owner)
    assert (draft.total_cost, draft.consents) == (None, [])
    codes = {problem.field for problem in applications.missing(draft)}
    assert {"total_cost", "consent_privacy", "file-sales_proof"} <= codes
    assert not {"plan", "contact_phone", "file-bankbook"} & codes


def test_what_is_changed_comes_from_nowhere_else_any_more(
    session: Session, earlier: Application, following: Published, owner: User
) -> None:
    draft = begin(session, following, earlier, owner)
    applications.save_draft(session, draft.id, DRAFT, by=actor(owner), at=LATER)
    assert "plan" in reuse.sources(session, draft.id)  # saved as it was
    applications.save_draft(session, draft.id, replace(DRAFT, plan="다른 계획"), by=actor(owner), at=LATER)
    assert set(reuse.sources(session, draft.id)) & {"plan", "contact_phone"} == {"contact_phone"}


def test_a_bank_book_is_asked_for_anew_once_the_account_is_another(
    session: Session, earlier: Application, following: Published, owner: User
) -> None:
    number = earlier.merchant.business_number
    stated = registration(business_number=number, account_number="3017777777777")
    merchants.update(session, earlier.merchant_id, stated, by=actor(owner), at=AT + timedelta(days=1))
    draft = begin(session, following, earlier, owner)
    assert {paper.code for paper in draft.documents} == {"business_registration"}


def test_a_paper_of_a_kind_that_the_new_call_does_not_take_is_asked_for_anew(
    session: Session, earlier: Application, owner: User
) -> None:
    before, name, rest = NEXT.partition('code = "bankbook"')
    pictures = before + name + rest.replace('kinds = ["pdf", "png", "jpeg"]', 'kinds = ["png", "jpeg"]', 1)
    draft = begin(session, make_programme(session, text=pictures), earlier, owner)
    assert {paper.code for paper in draft.documents} == {"business_registration"}


def test_a_paper_taken_over_may_be_taken_out_and_stays_where_it_was(
    session: Session, earlier: Application, following: Published, owner: User
) -> None:
    draft = begin(session, following, earlier, owner)
    one = next(paper for paper in draft.documents if paper.code == "bankbook")
    documents.remove(session, draft.id, one.id, by=actor(owner), at=LATER)
    assert [paper.removed_at for paper in earlier.documents if paper.code == "bankbook"] == [None]


def test_without_an_earlier_application_the_telephone_comes_from_the_business(
    session: Session, following: Published, owner: User
) -> None:
    draft = applying.start(session, following, owner)
    assert (draft.plan, draft.contact_phone) == ("", "01012345678")
    ((field, source),) = reuse.sources(session, draft.id).items()
    assert (field, source.receipt_number) == ("contact_phone", "")


def test_nothing_comes_from_another_business_or_a_draft(
    session: Session, stores: Stores, earlier: Application, following: Published, owner: User
) -> None:
    other = applying.register(session, owner, serial=2)
    draft = applications.start(session, following.programme.code, other.id, by=actor(owner), at=LATER)
    assert (draft.plan, draft.documents) == ("", [])
    assert earlier.plan
