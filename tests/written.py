"""Makes programmes that are being written, by the services or as a manager does it in the browser."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal.domain.actors import Actor
from portal.domain.programme_drafts import Section, fingerprint, part, read
from portal.models.programme_drafts import ProgrammeDraft
from portal.services import programme_drafts
from tests.clients import PortalClient
from tests.factories import AT
from tests.filled import filled
from tests.pages import problems

DRAFTS = "/office/programmes/drafts"
FLAT = "template:flat-per-delivery"


def drafts(session: Session, version_id: int, *, by: Actor) -> list[ProgrammeDraft]:
    """One from a template, one that amends this version and says a cap above the pool."""
    new = programme_drafts.from_template(session, "flat-per-delivery", by=by, at=AT)
    amended = programme_drafts.from_version(session, version_id, by=by, at=AT)
    item = part(read(amended.text), Section.ITEMS, 1)
    wrong = {**item, "caps": [{"per": "month", "amount": 900_000_000, "legal": "공고 제4조제3항"}]}
    programme_drafts.save_part(session, amended.id, Section.ITEMS, 1, wrong, was=fingerprint(item), by=by, at=AT)
    return [new, amended]


def begin(client: PortalClient, begin: str) -> str:
    """The address of a draft that begins with this."""
    answer = client.submit(f"{DRAFTS}/new", {"begin": begin})
    assert answer.status_code == 302, problems(answer)
    return answer.location


def text(session: Session) -> str:
    session.expire_all()
    return session.scalars(select(ProgrammeDraft.text).order_by(ProgrammeDraft.id.desc()).limit(1)).one()


def document(session: Session) -> dict[str, Any]:
    return read(text(session))


def save(client: PortalClient, page: str, **changed: object) -> TestResponse:
    """Opens a page, changes some boxes, saves it as a browser would."""
    return client.submit(page, filled(client.get(page).text) | changed)
