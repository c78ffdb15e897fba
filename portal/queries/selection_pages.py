"""Looks up selections for pages: the programmes that choose, one selection whole, the draw as anybody may repeat it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.lotteries import list_text
from portal.domain.selection_rules import Basis, SelectionRules
from portal.domain.selections import LIFECYCLE, ORDERED, SelectionStatus
from portal.models.accounts import Person
from portal.models.reservations import Reservation
from portal.models.selections import Candidate, ScoreSheet, Selection
from portal.queries import audit, declarations, programmes, reservations, selections


@dataclass(frozen=True, slots=True)
class Choosing:
    """A programme of the office that chooses, and how far it is; `selection` None: the candidates are not fixed yet."""

    published: programmes.Published
    selection: Selection | None


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate on the page. `sheets`: how many count; `mine`: whether the person asking gave one; `said`: what they
    declared of their interest, None: nothing; `kept`: its place in line once it was chosen.
    """

    candidate: Candidate
    sheets: int
    mine: bool
    said: bool | None
    kept: Reservation | None


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """All that stands on the page of a programme's selection. `sheets`: of everybody, with names, once it is ranked;
    before, nobody sees what another gave. `unsaid`: of how many cases the person asking said nothing of an interest.
    """

    published: programmes.Published
    rules: SelectionRules
    selection: Selection | None
    field: selections.Field | None
    rows: Sequence[Row]
    sheets: Sequence[tuple[ScoreSheet, str]]
    timeline: Sequence[audit.Happening]
    actions: Sequence[str]
    unsaid: int

    @property
    def complete(self) -> bool:
        """Whether every candidate has the sheets it needs."""
        return all(row.sheets >= self.rules.sheets_needed for row in self.rows)


@dataclass(frozen=True, slots=True)
class Draw:
    """A lottery as it is published: the list always, the order once it is drawn."""

    published: programmes.Published
    rules: SelectionRules
    selection: Selection
    numbers: str
    drawn: Sequence[Candidate]


def choosing(session: Session, by: Actor) -> list[Choosing]:
    found = programmes.published(session, organisation_id=by.organisation_id)
    choose = [each for each in found if each.announcement.selection is not None]
    ids = [each.programme.id for each in choose]
    known = {
        each.programme_id: each for each in session.scalars(select(Selection).where(Selection.programme_id.in_(ids)))
    }
    return [Choosing(each, known.get(each.programme.id)) for each in choose]


def page(session: Session, programme_id: int, by: Actor) -> SelectionPage:
    """Raises NotFound for a programme of another office, and for one that does not choose."""
    published = selections.programme_of(session, programme_id, by)
    selection = selections.of_programme(session, programme_id)
    if selection is None:
        rules = published.announcement.selection
        if rules is None:
            raise NotFound(f"programme {programme_id} chooses nobody")
        field = selections.field_of(session, programme_id)
        return SelectionPage(published, rules, None, field, (), (), (), (), 0)
    done = audit.done_by(session, LIFECYCLE.noun, selection.id)
    rows = _rows(session, selection, by)
    return SelectionPage(
        published=programmes.read(selection.version),
        rules=selections.rules_of(selection),
        selection=selection,
        field=None,
        rows=rows,
        sheets=_sheets(session, selection) if selection.status in ORDERED else (),
        timeline=audit.timeline(session, LIFECYCLE.noun, selection.id),
        actions=[
            each
            for each in LIFECYCLE.actions(selection.status, by, done)
            if each != ("announce" if selection.basis is Basis.SCORED else "rank")
        ],
        unsaid=sum(row.said is None for row in rows),
    )


def one(session: Session, programme_id: int, by: Actor) -> Selection:
    """The selection of an office's programme. Raises NotFound before the candidates are fixed."""
    selections.programme_of(session, programme_id, by)
    found = selections.of_programme(session, programme_id)
    if found is None:
        raise NotFound(f"no selection of programme {programme_id}")
    return found


def draw_of(session: Session, code: str) -> Draw:
    """What anybody may know of a lottery. Raises NotFound before it was announced."""
    published = programmes.in_force(session, code)
    found = selections.of_programme(session, published.programme.id)
    if found is None or found.basis is not Basis.LOTTERY or found.status is SelectionStatus.FIXED:
        raise NotFound(f"no draw of {code}")
    drawn = [each for each in found.candidates if each.rank is not None]
    return Draw(
        programmes.read(found.version),
        selections.rules_of(found),
        found,
        list_text(selections.numbers(found)),
        sorted(drawn, key=lambda each: each.rank or 0),
    )


def _rows(session: Session, selection: Selection, by: Actor) -> list[Row]:
    ids = [each.application_id for each in selection.candidates]
    counted = Counter(each.candidate for each in selections.counting(session, selection.id))
    mine = {each.application_id for each in selections.sheets(session, selection.id) if each.person_id == by.person_id}
    said = declarations.said(session, ids, by.person_id)
    kept = {number: place.reservation for number, place in reservations.places(session, ids).items()}
    ordered = sorted(
        selection.candidates,
        key=lambda each: (each.rank is None, each.rank or 0, -(each.score or 0), each.application.queue_number or 0),
    )
    return [
        Row(each, counted[number], number in mine, said.get(number), kept.get(number))
        for each in ordered
        for number in (each.application_id,)
    ]


def _sheets(session: Session, selection: Selection) -> list[tuple[ScoreSheet, str]]:
    rows = session.execute(
        select(ScoreSheet, Person.name)
        .join(Person, Person.id == ScoreSheet.person_id)
        .where(ScoreSheet.selection_id == selection.id)
        .order_by(ScoreSheet.application_id, ScoreSheet.id)
    )
    return [(sheet, name) for sheet, name in rows]
