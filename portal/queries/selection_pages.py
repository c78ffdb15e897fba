"""Looks up selections for pages: the programmes that choose, one selection whole, the draw as anybody may repeat it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.lotteries import list_text
from portal.domain.permissions import Permission
from portal.domain.selection_rules import Basis, SelectionRules
from portal.domain.selections import LIFECYCLE, ORDERED, SelectionStatus
from portal.models.accounts import Person
from portal.models.reservations import Reservation
from portal.models.selections import Candidate, ScoreSheet, Selection
from portal.queries import audit, declarations, mandates, programmes, reservations, selections

_MAY_COME_BACK = (SelectionStatus.FIXED, SelectionStatus.RANKED)  # sheets are taken, or may be taken again


@dataclass(frozen=True, slots=True)
class Choosing:
    """A programme of the office that chooses, and how far it is; `selection` None: the candidates are not fixed yet."""

    published: programmes.Published
    selection: Selection | None


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate on the page. `sheets`: how many count; `mine`: whether the person asking gave one; `said`: what they
    declared of their interest, None: nothing; `kept`: its place in line once it was chosen; `open`: whether they may
    see what others gave it; `own`: it is theirs, or of a merchant whom they stand in for.
    """

    candidate: Candidate
    sheets: int
    mine: bool
    said: bool | None
    kept: Reservation | None
    open: bool = True
    own: bool = False


@dataclass(frozen=True, slots=True)
class SelectionPage:
    """All that stands on the page of a programme's selection. `sheets`: with names, once it is ranked; before, nobody
    sees what another gave, and whoever may still score a candidate does not until it is confirmed. `unsaid`: of how
    many cases that are not their own the person asking said nothing of an interest.
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
    reads = has_read(done, by) or not _may_score(by)
    rows, history = _rows(session, selection, by, reads=reads), audit.timeline(session, LIFECYCLE.noun, selection.id)
    return SelectionPage(
        published=programmes.read(selection.version),
        rules=selections.rules_of(selection),
        selection=selection,
        field=None,
        rows=rows,
        sheets=_readable(session, selection, rows, history),
        timeline=history,
        actions=[
            each
            for each in LIFECYCLE.actions(selection.status, by, done)
            if each != ("announce" if selection.basis is Basis.SCORED else "rank")
        ],
        unsaid=sum(row.said is None and not row.own for row in rows),
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


def _rows(session: Session, selection: Selection, by: Actor, *, reads: bool) -> list[Row]:
    ids = [each.application_id for each in selection.candidates]
    counted = Counter(each.candidate for each in selections.counting(session, selection.id))
    mine = {each.application_id for each in selections.sheets(session, selection.id) if each.person_id == by.person_id}
    said = declarations.said(session, ids, by.person_id)
    kept = {number: place.reservation for number, place in reservations.places(session, ids).items()}
    seen = set(ids) if reads or selection.status not in _MAY_COME_BACK else mine
    own = mandates.own_cases(session, by) | mandates.stood_in_for(session, by)
    told = seen == set(ids)  # an order gives the points away
    ordered = sorted(
        selection.candidates,
        key=lambda each: (
            *((each.rank is None, each.rank or 0, -(each.score or 0)) if told else ()),
            each.application.queue_number or 0,
        ),
    )
    return [
        Row(each, counted[number], number in mine, said.get(number), kept.get(number), number in seen, number in own)
        for each in ordered
        for number in (each.application_id,)
    ]


def has_read(done: Mapping[str, Collection[int]], by: Actor) -> bool:
    """Whether the person saw all sheets of a ranking: they made it, or sent it back. Then they score no more."""
    return any(by.person_id in done.get(action, ()) for action in ("rank", "send_back"))


def _may_score(by: Actor) -> bool:
    """Whether the person assesses; who decides on the ranking does not."""
    return by.may(Permission.APPLICATION_REVIEW) and not by.may(Permission.APPLICATION_DECIDE)


def _readable(
    session: Session, selection: Selection, rows: Sequence[Row], history: Sequence[audit.Happening]
) -> list[tuple[ScoreSheet, str]]:
    """The sheets that the person asking may read: all of a ranking, or those of the one that was sent back; of a
    candidate whom they may still score, only once they gave their own.
    """
    until = None
    if selection.status not in ORDERED:
        until = max((each.at for each in history if each.action == "send_back"), default=None)
        if until is None:
            return []
    seen = {row.candidate.application_id for row in rows if row.open}
    found = [each for each in _sheets(session, selection) if each[0].application_id in seen]
    return [(sheet, name) for sheet, name in found if until is None or sheet.given_at <= until]


def _sheets(session: Session, selection: Selection) -> list[tuple[ScoreSheet, str]]:
    rows = session.execute(
        select(ScoreSheet, Person.name)
        .join(Person, Person.id == ScoreSheet.person_id)
        .where(ScoreSheet.selection_id == selection.id)
        .order_by(ScoreSheet.application_id, ScoreSheet.id)
    )
    return [(sheet, name) for sheet, name in rows]
