"""Handing in evidence and taking it away again; the bytes are kept by content, the record for good."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE
from portal.domain.documents import EvidenceUpload
from portal.domain.errors import FileRefused, InvalidTransition, NotFound, Problem
from portal.models.applications import Application, Document
from portal.queries import applications
from portal.services import steps, supplement_parts
from portal.services.applications import EDITABLE, locked
from portal.storage.objects import Store

MOST_FILES = 10
MEGABYTE = 1024 * 1024


def attach(
    session: Session, store: Store, application_id: int, command: EvidenceUpload, *, by: Actor, at: datetime
) -> Document:
    """Hands in a file for one of the papers asked for; the same file twice is one file.

    Raises NotFound for a paper nobody asked for, FileRefused where it is too large or there are too many,
    InvalidTransition where a supplement does not name it.
    """
    application = _open(session, application_id, by)
    supplement_parts.refuse_paper(application, command.code)
    slot = _slot(application, command.code)
    if len(command.content) > slot.requirement.max_mb * MEGABYTE:
        raise _refused("file_too_large", command)
    stored = store.put(command.content)
    same = next((file for file in slot.files if file.sha256 == stored.sha256), None)
    if same is not None:
        return same
    if len(slot.files) >= MOST_FILES:
        raise _refused("file_too_many", command)
    document = Document(
        application_id=application.id,
        code=command.code,
        filename=command.filename,
        media_type=command.media_type,
        size=stored.size,
        sha256=stored.sha256,
        uploaded_by=by.user_id,
        uploaded_at=at,
    )
    application.documents.append(document)
    application.changed_at = at
    session.flush()
    elsewhere = applications.same_bytes(session, document, application)
    _note(session, document, "attach_document", by=by, at=at, same_as=elsewhere)
    return document


def remove(session: Session, application_id: int, document_id: int, *, by: Actor, at: datetime) -> Document:
    """Takes a file out of the application. Its record and its bytes stay (보조사업 증빙 5년)."""
    application = _open(session, application_id, by)
    document = applications.document(session, application_id, document_id, by)
    supplement_parts.refuse_paper(application, document.code)
    document.removed_at = application.changed_at = at
    session.flush()
    _note(session, document, "remove_document", by=by, at=at)
    return document


def _open(session: Session, application_id: int, by: Actor) -> Application:
    application = locked(session, application_id, by)
    if application.status not in EDITABLE:
        raise InvalidTransition(f"application: documents from {application.status}")
    return application


def _slot(application: Application, code: str) -> applications.Slot:
    found = applications.slots(application, application.documents)
    for slot in found:
        if slot.requirement.code == code:
            return slot
    raise NotFound(f"document {code}")


def _refused(code: str, command: EvidenceUpload) -> FileRefused:
    return FileRefused(problems=[Problem(code, f"file-{command.code}", command.filename[-60:])])


def _note(
    session: Session, document: Document, action: str, *, by: Actor, at: datetime, same_as: list[int] | None = None
) -> None:
    details: dict[str, object] = {"document": document.id, "code": document.code, "sha256": document.sha256}
    if same_as:
        details["same_as"] = same_as
    steps.write(
        session, LIFECYCLE.noun, document.application_id, action, by=by, at=at, note=document.filename, details=details
    )
