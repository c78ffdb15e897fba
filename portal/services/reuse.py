"""Taking over what the portal has: last time's application is the draft of this one, with where each part comes from.

민원처리법 제10조: nothing is asked for twice. Everything taken over may be changed, and then counts as entered.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import data
from portal.domain.periods import korean_date
from portal.domain.reuse import PHONE, PLAN, field_of, serves_again
from portal.models.account_changes import AccountChange
from portal.models.applications import Application, Document
from portal.models.reuse import TakenOver
from portal.queries import applications, reuse

BANKBOOK = "bankbook"
MEGABYTE = 1024 * 1024


def take_over(
    session: Session, application: Application, *, only: Collection[int] | None = None, at: datetime
) -> Application | None:
    """Fills a new draft from the last application of the business at the same office, as far as it serves again.

    Plan, telephone number, and papers that are still valid and of a kind the new call takes; amounts and consents are
    asked anew. `only`: the programmes from which, where a consent names them. Returns the application that it comes
    from.
    """
    organisation_id = application.version.programme.organisation_id
    earlier = reuse.earlier(session, application, organisation_id, only=only)
    if earlier is None:
        _note(session, application, PHONE, None, at)
        return None
    application.plan = earlier.plan
    application.contact_phone = earlier.contact_phone or application.contact_phone
    for field in (PLAN, PHONE):
        _note(session, application, field, earlier.id, at)
    for code in _papers(session, application, earlier, at):
        _note(session, application, field_of(code), earlier.id, at)
    session.flush()
    return earlier


def forget_changed(session: Session, application: Application, *, plan: str, phone: str) -> None:
    """What was changed since is the merchant's own entry: it comes from nowhere else any more."""
    before = {PLAN: application.plan, PHONE: application.contact_phone}
    for field, value in ((PLAN, plan), (PHONE, phone)):
        taken = session.get(TakenOver, (application.id, field))
        if taken is not None and before[field] != value:
            session.delete(taken)


def _papers(session: Session, application: Application, earlier: Application, at: datetime) -> list[str]:
    """Copies the records of papers that serve again; the bytes are there, and stay as old as they are."""
    known = session.scalars(
        select(Document)
        .where(Document.application_id == earlier.id, Document.removed_at.is_(None))
        .order_by(Document.id)
    ).all()
    taken = []
    for slot in applications.slots(application, known):
        for paper in slot.files:
            kind = paper.media_type.rpartition("/")[2]
            fits = paper.size <= slot.requirement.max_mb * MEGABYTE and kind in slot.requirement.kinds
            if fits and _serves(session, application, paper, at):
                session.add(_copy(paper, application.id))
                taken.append(paper.code)
    session.flush()
    session.expire(application, ["documents"])
    return sorted(set(taken))


def _serves(session: Session, application: Application, paper: Document, at: datetime) -> bool:
    handed_in, today = korean_date(paper.uploaded_at), korean_date(at)
    if not serves_again(data.document_validity(), paper.code, handed_in, today):
        return False
    return paper.code != BANKBOOK or not _account_changed_since(session, application.merchant_id, paper.uploaded_at)


def _account_changed_since(session: Session, merchant_id: int, since: datetime) -> bool:
    changed = select(AccountChange.id).where(
        AccountChange.merchant_id == merchant_id, AccountChange.changed_at >= since
    )
    return session.scalar(changed.limit(1)) is not None


def _copy(paper: Document, application_id: int) -> Document:
    return Document(
        application_id=application_id,
        code=paper.code,
        filename=paper.filename,
        media_type=paper.media_type,
        size=paper.size,
        sha256=paper.sha256,
        uploaded_by=paper.uploaded_by,
        uploaded_at=paper.uploaded_at,
    )


def _note(session: Session, application: Application, field: str, source_id: int | None, at: datetime) -> None:
    session.add(TakenOver(application_id=application.id, field=field, source_id=source_id, taken_at=at))
