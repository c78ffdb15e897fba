"""Makes programmes that are being written: a new one, and an amendment with something to mend."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.programme_drafts import Section, fingerprint, part, read
from portal.models.programme_drafts import ProgrammeDraft
from portal.services import programme_drafts
from tests.factories import AT


def drafts(session: Session, version_id: int, *, by: Actor) -> list[ProgrammeDraft]:
    """One from a template, one that amends this version and says a cap above the pool."""
    new = programme_drafts.from_template(session, "flat-per-delivery", by=by, at=AT)
    amended = programme_drafts.from_version(session, version_id, by=by, at=AT)
    item = part(read(amended.text), Section.ITEMS, 1)
    wrong = {**item, "caps": [{"per": "month", "amount": 900_000_000, "legal": "공고 제4조제3항"}]}
    programme_drafts.save_part(session, amended.id, Section.ITEMS, 1, wrong, was=fingerprint(item), by=by, at=AT)
    return [new, amended]
