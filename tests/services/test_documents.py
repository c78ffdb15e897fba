"""Evidence: kept by content, never deleted, and only while the application is in the merchant's hands."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import FileRefused, InvalidTransition, NotFound
from portal.models.applications import Document
from portal.models.audit import AuditEvent
from portal.queries import applications as look_up
from portal.services import applications, documents
from portal.storage.objects import Stores
from tests import applying
from tests.applying import PDF, upload
from tests.factories import AT, GURYE, actor, make_merchant_user, make_programme


def test_a_file_is_kept_by_its_content_and_read_back_by_its_owner(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    kept = documents.attach(session, stores.evidence, draft.id, upload(content=PDF), by=actor(owner), at=AT)
    found = look_up.document(session, draft.id, kept.id, actor(owner))
    assert stores.evidence.read(found.sha256) == PDF
    assert (found.filename, found.size, found.media_type) == ("통장.pdf", len(PDF), "application/pdf")


def test_the_same_file_twice_for_the_same_paper_is_one_file(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    first = documents.attach(session, stores.evidence, draft.id, upload(), by=actor(owner), at=AT)
    again = documents.attach(session, stores.evidence, draft.id, upload(), by=actor(owner), at=AT)
    assert first.id == again.id


def test_a_removed_file_is_gone_from_the_page_but_not_from_the_record(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    kept = documents.attach(session, stores.evidence, draft.id, upload(), by=actor(owner), at=AT)
    documents.remove(session, draft.id, kept.id, by=actor(owner), at=AT)
    with pytest.raises(NotFound):
        look_up.document(session, draft.id, kept.id, actor(owner))
    with pytest.raises(NotFound):
        documents.remove(session, draft.id, kept.id, by=actor(owner), at=AT)
    assert session.scalars(select(Document.removed_at)).all() == [AT]
    assert stores.evidence.exists(kept.sha256)


def test_a_paper_nobody_asked_for_is_not_taken(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    with pytest.raises(NotFound):
        documents.attach(session, stores.evidence, draft.id, upload("diary"), by=actor(owner), at=AT)


def test_a_file_larger_than_the_paper_allows_is_refused(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session, text=GURYE.replace("max_mb = 10", "max_mb = 1")), owner)
    large = upload(content=PDF + b" " * 1024 * 1024)
    with pytest.raises(FileRefused) as refused:
        documents.attach(session, stores.evidence, draft.id, large, by=actor(owner), at=AT)
    assert (refused.value.problems[0].code, refused.value.problems[0].field) == ("file_too_large", "file-bankbook")


def test_there_is_an_end_to_the_files_of_one_paper(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.start(session, make_programme(session), owner)
    for serial in range(documents.MOST_FILES):
        documents.attach(session, stores.evidence, draft.id, upload(serial=serial), by=actor(owner), at=AT)
    with pytest.raises(FileRefused, match="file_too_many"):
        documents.attach(session, stores.evidence, draft.id, upload(serial=99), by=actor(owner), at=AT)


def test_what_was_handed_in_is_out_of_the_merchants_hands(session: Session, stores: Stores) -> None:
    owner = make_merchant_user(session)
    draft = applying.ready(session, stores, make_programme(session), owner)
    applications.submit(session, draft.id, by=actor(owner), at=AT)
    with pytest.raises(InvalidTransition):
        documents.attach(session, stores.evidence, draft.id, upload(serial=9), by=actor(owner), at=AT)
    with pytest.raises(InvalidTransition):
        documents.remove(session, draft.id, draft.documents[0].id, by=actor(owner), at=AT)


def test_a_stranger_neither_adds_nor_takes_nor_reads(session: Session, stores: Stores) -> None:
    draft = applying.ready(session, stores, make_programme(session), make_merchant_user(session))
    stranger, document_id = actor(make_merchant_user(session)), draft.documents[0].id
    with pytest.raises(NotFound):
        documents.attach(session, stores.evidence, draft.id, upload(serial=9), by=stranger, at=AT)
    with pytest.raises(NotFound):
        documents.remove(session, draft.id, document_id, by=stranger, at=AT)
    with pytest.raises(NotFound):
        look_up.document(session, draft.id, document_id, stranger)


def test_a_document_is_not_reached_through_another_application(session: Session, stores: Stores) -> None:
    programme, owner = make_programme(session), make_merchant_user(session)
    first = applying.ready(session, stores, programme, owner, serial=1)
    second = applying.start(session, programme, owner, serial=2)
    with pytest.raises(NotFound):
        look_up.document(session, second.id, first.documents[0].id, actor(owner))


def test_the_bytes_of_another_business_are_noted_without_a_word_to_the_merchant(
    session: Session, stores: Stores
) -> None:
    programme = make_programme(session)
    first, second = make_merchant_user(session), make_merchant_user(session)
    one = applying.start(session, programme, first, serial=1)
    two = applying.start(session, programme, second, serial=2)
    kept = documents.attach(session, stores.evidence, one.id, upload(content=PDF), by=actor(first), at=AT)
    documents.attach(session, stores.evidence, two.id, upload(content=PDF), by=actor(second), at=AT)
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "attach_document")).all()
    assert [(event.details or {}).get("same_as") for event in events] == [None, [kept.id]]
    assert [event.note for event in events] == ["통장.pdf", "통장.pdf"]
