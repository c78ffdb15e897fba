"""Looks up applications for those who made them, and evidence wherever it turns up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, raiseload, selectinload

from portal.domain import questions, tracks
from portal.domain.actors import Actor
from portal.domain.announcements import DocumentRequirement
from portal.domain.applications import DEAD, LIFECYCLE, ApplicationStatus
from portal.domain.errors import NotFound
from portal.domain.tracks import Track
from portal.models.applications import Application, Decision, Document, Supplement
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.queries import audit, programmes, proxy_entries
from portal.queries.audit import Happening
from portal.queries.mandates import my_case
from portal.queries.programmes import Published

R = TypeVar("R", Document, Supplement)
S = ApplicationStatus
PAGE = 20
# What officials write to each other before it is decided: the applicant is told the reasons by letter.
_AMONG_OFFICIALS = frozenset({"recommend", "send_back", "approve"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A paper that the programme asks for, with the files handed in for it."""

    requirement: DocumentRequirement
    files: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application with all that its pages show. `record`: whether they show what is on record of its business."""

    application: Application
    published: Published
    slots: tuple[Slot, ...]
    supplements: tuple[Supplement, ...]
    decision: Decision | None
    happenings: tuple[Happening, ...]
    actions: tuple[str, ...]
    record: bool = True

    @property
    def own_share(self) -> int | None:
        """Won that the merchant bears: total cost less the amount asked for; None while one of them is missing."""
        total, requested = self.application.total_cost, self.application.requested_amount
        return None if total is None or requested is None else total - requested

    @property
    def way(self) -> Track | None:
        """By which of the programme's ways it is applied for."""
        return way(self.application)

    @property
    def said(self) -> list[tuple[str, str]]:
        """The programme's own questions, each with what was said."""
        return said(self.application)

    @property
    def asked(self) -> Supplement | None:
        """The request for supplement that waits for an answer."""
        return next((one for one in reversed(self.supplements) if one.answered_at is None), None)

    @property
    def editable(self) -> bool:
        return self.application.status in (S.DRAFT, S.SUPPLEMENT_REQUESTED)


def owned(session: Session, application_id: int, by: Actor) -> Application:
    """One's own application. Raises NotFound, for another's too."""
    found = session.scalar(
        select(Application)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .where(Application.id == application_id, my_case(by))
    )
    if found is None:
        raise NotFound(f"application {application_id}")
    return found


def dossier(session: Session, application_id: int, by: Actor) -> Dossier:
    """One's own application with its papers, requests and history. Raises NotFound."""
    application = owned(session, application_id, by)
    published = programmes.read(application.version)
    return Dossier(
        application=application,
        published=published,
        slots=slots(application, _rows_of(session, Document, application_id)),
        supplements=tuple(_rows_of(session, Supplement, application_id)),
        decision=session.get(Decision, application.id),
        happenings=tuple(_told(each) for each in audit.timeline(session, LIFECYCLE.noun, application.id)),
        actions=tuple(LIFECYCLE.actions(application.status, by, {})),
        record=proxy_entries.sees_record(session, by),
    )


def _told(happening: Happening) -> Happening:
    """As its applicant sees it."""
    return replace(happening, note="") if happening.action in _AMONG_OFFICIALS else happening


def slots(application: Application, documents: Sequence[Document]) -> tuple[Slot, ...]:
    """The papers that its track and answers ask for, in order, each with its files that were not taken away again."""
    announcement = programmes.read(application.version).announcement
    return tuple(
        Slot(required, tuple(d for d in documents if d.code == required.code and d.removed_at is None))
        for required in announcement.papers(application.track, application.answered)
    )


def way(application: Application) -> Track | None:
    """The track of an application; None where none is chosen, as in a programme without tracks."""
    return tracks.chosen(programmes.read(application.version).announcement.tracks, application.track)


def said(application: Application) -> list[tuple[str, str]]:
    """What an application says beside plan and cost: the questions that its track led to, with the answers."""
    announcement, given = programmes.read(application.version).announcement, application.answered
    asked = questions.asked(announcement.questions_of(application.track), given)
    return [(each.text, given.get(each.code, "")) for each in asked if each.kind != "file"]


def of_owner(session: Session, by: Actor, *, before: int | None = None, limit: int = PAGE) -> Sequence[Application]:
    """A page of one's own applications, newest first; `before`: the last id of the page above."""
    query = (
        select(Application)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .where(my_case(by))
        .options(
            selectinload(Application.supplements),
            raiseload(Application.documents),
        )
        .order_by(Application.id.desc())
        .limit(limit)
    )
    return session.scalars(query.where(Application.id < before) if before else query).all()


def living(session: Session, programme_id: int, merchant_id: int) -> Application | None:
    """The application of this place in this programme that was neither withdrawn nor rejected."""
    return session.scalar(
        select(Application).where(
            Application.programme_id == programme_id,
            Application.merchant_id == merchant_id,
            Application.status.not_in(DEAD),
        )
    )


def last_queue_number(session: Session, programme_id: int) -> int:
    """The highest number given out in the programme, 0 before the first."""
    return (
        session.scalar(select(func.max(Application.queue_number)).where(Application.programme_id == programme_id)) or 0
    )


def document(session: Session, application_id: int, document_id: int, by: Actor) -> Document:
    """A file of one's own application that was not taken away. Raises NotFound."""
    owned(session, application_id, by)
    found = session.get(Document, document_id)
    if found is None or found.application_id != application_id or found.removed_at is not None:
        raise NotFound(f"document {document_id}")
    return found


def same_bytes(session: Session, document: Document, application: Application) -> list[int]:
    """Ids of files of other businesses at the same organisation that hold exactly these bytes."""
    found = session.scalars(
        select(Document.id)
        .join(Application, Application.id == Document.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .where(
            Document.sha256 == document.sha256,
            Document.removed_at.is_(None),
            Programme.organisation_id == application.version.programme.organisation_id,
            Application.merchant_id != application.merchant_id,
        )
        .order_by(Document.id)
    )
    return list(found)


def _rows_of(session: Session, kind: type[R], application_id: int) -> Sequence[R]:
    """Asked anew: within one transaction they may have been added past the collections of the application."""
    return session.scalars(select(kind).where(kind.application_id == application_id).order_by(kind.id)).all()
