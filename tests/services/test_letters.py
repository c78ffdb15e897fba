"""Letters are numbered without gaps within a year, stored once, served as they were issued, and verified by code."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.applications import SupplementRequest
from portal.domain.errors import Conflict, NotFound
from portal.domain.identifiers import is_verification_code
from portal.domain.letters import LetterKind
from portal.models.letters import Letter
from portal.queries import letters as queries
from portal.services import decisions, issuing, reviews
from portal.services.issuing import Matter
from portal.storage.objects import Stores
from reports.letters.document import Envelope
from tests.cases import Applied, apply, recommend
from tests.factories import actor, make_merchant_user, make_official, make_organisation, make_programme


@pytest.fixture
def letter(session: Session, stores: Stores, at: datetime) -> Letter:
    """A decision letter as approval issues it."""
    applied = apply(session, stores, make_programme(session))
    recommend(session, applied.application, actor(make_official(session, Role.REVIEWER)))
    return decisions.approve(session, stores, applied.id, by=actor(make_official(session, Role.APPROVER)), at=at)


def _issue(session: Session, stores: Stores, case: Applied, at: datetime) -> Letter:
    organisation = case.application.version.programme.organisation
    matter = Matter(LetterKind.DECISION, "교부결정통지서", organisation, case.application.merchant, case.id, ())
    return issuing.store_letter(
        session, stores, matter, lambda envelope: envelope.document_number.encode(), by=actor(case.owner), at=at
    )


def test_numbers_count_up_within_the_year_and_begin_again(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    numbers = [_issue(session, stores, case, at).document_number for _ in range(3)]
    assert numbers == ["경제활력과-1", "경제활력과-2", "경제활력과-3"]
    assert _issue(session, stores, case, at.replace(year=2027)).document_number == "경제활력과-1"
    assert _issue(session, stores, case, at).document_number == "경제활력과-4"


def test_a_number_taken_by_a_failed_transaction_is_given_again(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    session.commit()
    assert _issue(session, stores, case, at).document_number == "경제활력과-1"
    session.rollback()
    assert _issue(session, stores, case, at).document_number == "경제활력과-1"


def test_the_letter_knows_its_number_its_signers_and_where_it_can_be_verified(
    session: Session, stores: Stores, at: datetime
) -> None:
    case = apply(session, stores, make_programme(session))
    organisation = case.application.version.programme.organisation
    drafter = make_official(session, Role.REVIEWER, name="김기안")
    matter = Matter(
        LetterKind.SUPPLEMENT, "보완요구서", organisation, case.application.merchant, case.id, (("기안", drafter.id),)
    )
    seen: list[Envelope] = []

    def render(envelope: Envelope) -> bytes:
        seen.append(envelope)
        return b"%PDF-"

    letter = issuing.store_letter(session, stores, matter, render, by=actor(drafter), at=at)
    assert is_verification_code(letter.verification_code)
    assert (seen[0].document_number, seen[0].verification_code) == (letter.document_number, letter.verification_code)
    assert seen[0].verification_url.endswith(f"/verify/{letter.verification_code}")
    assert [(each.role, each.title, each.name) for each in seen[0].signatures] == [("기안", "주무관", "김기안")]


def test_the_same_bytes_come_back(session: Session, stores: Stores, letter: Letter) -> None:
    first = issuing.read(stores, letter)
    assert first.startswith(b"%PDF-")
    assert issuing.read(stores, session.get_one(Letter, letter.id)) == first
    assert len(first) == letter.size
    assert issuing.is_intact(stores, letter)
    assert issuing.is_same(letter, BytesIO(first))
    assert not issuing.is_same(letter, BytesIO(first + b" "))


def test_an_altered_or_missing_original_is_noticed(stores: Stores, letter: Letter) -> None:
    path = stores.letters.path(letter.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    assert not issuing.is_intact(stores, letter)
    with pytest.raises(Conflict):
        issuing.read(stores, letter)
    path.unlink()
    assert not issuing.is_intact(stores, letter)
    with pytest.raises(NotFound):
        issuing.read(stores, letter)


def test_only_the_addressee_and_the_organisation_get_the_letter(session: Session, letter: Letter) -> None:
    official = actor(make_official(session, Role.AUDITOR))
    assert queries.of_organisation(session, letter.id, official).id == letter.id
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    with pytest.raises(NotFound):
        queries.of_organisation(session, letter.id, actor(make_official(session, Role.AUDITOR, organisation=elsewhere)))
    stranger = actor(make_merchant_user(session))
    with pytest.raises(NotFound):
        queries.owned(session, letter.id, stranger)
    assert queries.of_owner(session, stranger).letters == []


def test_a_code_finds_its_letter_and_no_other_code_does(session: Session, letter: Letter) -> None:
    found = queries.by_code(session, letter.verification_code)
    assert found is not None
    assert (found.letter.id, found.organisation) == (letter.id, "구례군(데모)")
    assert queries.by_code(session, letter.verification_code[:-1] + "X") is None
    assert queries.by_code(session, "") is None


def _text(stores: Stores, letter: Letter) -> str:
    pages = PdfReader(BytesIO(issuing.read(stores, letter))).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


def test_the_decision_letter_says_how_much_from_whom_and_until_when_one_may_object(
    stores: Stores, letter: Letter
) -> None:
    text = _text(stores, letter)
    for part in ("금500,000원(금오십만원)", "국비", "250,000", "75,000", "175,000", "2026. 7. 15.", "30일 이내"):
        assert part in text
    for part in (letter.document_number, letter.verification_code, "예시", "데모"):
        assert part in text


def test_the_rejection_letter_gives_reasons_and_remedies(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    recommend(session, case.application, actor(make_official(session, Role.REVIEWER)))
    reasons = "지원 제외 업종에 해당합니다.\n매출이 기준을 넘습니다."
    approver = actor(make_official(session, Role.APPROVER))
    text = _text(stores, decisions.reject(session, stores, case.id, reasons=reasons, by=approver, at=at))
    for part in ("가. 지원 제외 업종에 해당합니다.", "나. 매출이 기준을 넘습니다.", "이의신청", "2026. 7. 15."):
        assert part in text


def test_the_request_for_supplement_says_what_and_until_when(session: Session, stores: Stores, at: datetime) -> None:
    case, reviewer = apply(session, stores, make_programme(session)), actor(make_official(session, Role.REVIEWER))
    reviews.take_up(session, case.id, by=reviewer, at=at)
    command = SupplementRequest("통장 사본\n매출 증빙", 7)
    reviews.request_supplement(session, stores, case.id, command, by=reviewer, at=at)
    text = _text(stores, session.scalars(select(Letter)).one())
    for part in ("가. 통장 사본", "나. 매출 증빙", "2026. 6. 22.까지", "전결"):
        assert part in text


def test_no_two_letters_share_a_code(session: Session, stores: Stores, at: datetime) -> None:
    case = apply(session, stores, make_programme(session))
    for _ in range(20):
        _issue(session, stores, case, at)
    codes = session.scalars(select(Letter.verification_code)).all()
    assert len(set(codes)) == 20
