"""Looks up selections: of one's own organisation, their candidates and sheets, and whether somebody was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.applications import ApplicationStatus
from portal.domain.errors import InvalidTransition, NotFound, Problem
from portal.domain.rankings import Sheet
from portal.domain.reservations import ReservationStatus
from portal.domain.selection_rules import SelectionRules
from portal.models.applications import Application
from portal.models.declarations import InterestDeclaration
from portal.models.programmes import Programme
from portal.models.selections import Candidate, ScoreSheet, Selection
from portal.queries import programmes, reservations

S = ApplicationStatus
# Handed in, and what is to be looked at before the candidates are known.
UNREVIEWED = (S.SUBMITTED, S.SUPPLEMENT_REQUESTED, S.RECOMMENDED)
CHOOSABLE = S.IN_REVIEW  # reviewed and neither recommended for rejection nor withdrawn


@dataclass(frozen=True, slots=True)
class Field:
    """Who may be chosen among: those reviewed, and how many are still to be."""

    admitted: Sequence[Application]
    unreviewed: int


def rules_of(selection: Selection) -> SelectionRules:
    """The rules of the version under which the candidates were fixed. Raises NotFound where it chose nobody."""
    rules = programmes.read(selection.version).announcement.selection
    if rules is None:
        raise NotFound(f"selection {selection.id}")
    return rules


def programme_of(session: Session, programme_id: int, by: Actor) -> programmes.Published:
    """A programme of the official's organisation that chooses. Raises NotFound for every other."""
    found = session.get(Programme, programme_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"programme {programme_id}")
    published = programmes.in_force(session, found.code)
    if published.announcement.selection is None:
        raise NotFound(f"programme {programme_id} chooses nobody")
    return published


def of_programme(session: Session, programme_id: int) -> Selection | None:
    return session.scalar(select(Selection).where(Selection.programme_id == programme_id))


def of_organisation(session: Session, selection_id: int, by: Actor) -> Selection:
    """One selection of the official's organisation. Raises NotFound."""
    found = session.scalar(_mine(selection_id, by))
    if found is None:
        raise NotFound(f"selection {selection_id}")
    return found


def to_handle(session: Session, selection_id: int, by: Actor) -> Selection:
    """The same as it is now, locked until the end of the transaction. Raises NotFound."""
    held = _mine(selection_id, by).with_for_update(of=Selection, key_share=True)
    found = session.scalar(held.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(f"selection {selection_id}")
    return found


def field_of(session: Session, programme_id: int) -> Field:
    """By queue number."""
    mine = Application.programme_id == programme_id
    admitted = select(Application).where(mine, Application.status == CHOOSABLE).order_by(Application.queue_number)
    unreviewed = select(func.count()).select_from(Application).where(mine, Application.status.in_(UNREVIEWED))
    return Field(session.scalars(admitted).all(), session.scalars(unreviewed).one())


def candidate(session: Session, selection_id: int, application_id: int) -> Candidate:
    """Raises NotFound for whoever is no candidate of this selection."""
    found = session.get(Candidate, application_id)
    if found is None or found.selection_id != selection_id:
        raise NotFound(f"candidate {application_id}")
    return found


def sheets(session: Session, selection_id: int) -> Sequence[ScoreSheet]:
    """All that were given, in the order in which they came."""
    mine = ScoreSheet.selection_id == selection_id
    return session.scalars(select(ScoreSheet).where(mine).order_by(ScoreSheet.id)).all()


def counting(session: Session, selection_id: int, *, until: datetime | None = None) -> list[Sheet]:
    """The sheets that count: not of whoever declared an interest in the case, be it after the sheet was given.

    `until`: as it was at that moment.
    """
    away = select(InterestDeclaration.id).where(
        InterestDeclaration.application_id == ScoreSheet.application_id,
        InterestDeclaration.person_id == ScoreSheet.person_id,
        InterestDeclaration.has_interest,
    )
    query = select(ScoreSheet).where(ScoreSheet.selection_id == selection_id).order_by(ScoreSheet.id)
    if until is not None:
        away = away.where(InterestDeclaration.declared_at <= until)
        query = query.where(ScoreSheet.given_at <= until)
    return [
        Sheet(row.application_id, row.person_id, {score.criterion: score.points for score in row.scores})
        for row in session.scalars(query.where(~away.exists()))
    ]


def numbers(selection: Selection) -> list[str]:
    """The receipt numbers of all candidates, as they were fixed."""
    return [each.application.receipt_number or "" for each in selection.candidates]


def refuse_unselected(session: Session, application: Application) -> None:
    """Raises InvalidTransition where the programme chooses and did not choose this one, or holds it in reserve."""
    if programmes.read(application.version).announcement.selection is None:
        return
    kept = reservations.of_application(session, application.id)
    if kept is None or kept.status is ReservationStatus.RELEASED:
        raise InvalidTransition("not selected", [Problem("not_selected")])
    if kept.status is ReservationStatus.WAITING:
        raise InvalidTransition("on the reserve list", [Problem("on_reserve_list")])


def _mine(selection_id: int, by: Actor) -> Select[Selection]:
    return (
        select(Selection)
        .join(Programme, Programme.id == Selection.programme_id)
        .where(Selection.id == selection_id, Programme.organisation_id == by.organisation_id)
    )
