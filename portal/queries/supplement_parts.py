"""Looks up what requests for supplement opened of an application, and what was changed since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, raiseload, selectinload

from portal.domain import supplement_parts as rules
from portal.domain.actors import Actor
from portal.domain.announcements import Announcement
from portal.domain.applications import ApplicationStatus
from portal.domain.supplement_parts import EVERYTHING, EXPLANATION, PAPERS, Amounts, Change, Standing, paper_box
from portal.models.applications import Application, Supplement
from portal.queries import cases, programmes
from portal.queries.applications import slots
from portal.queries.work_filters import of_office


@dataclass(frozen=True, slots=True)
class Opened:
    """What may be changed while a supplement is waited for. `everything`: the request named nothing yet."""

    parts: frozenset[str]
    everything: bool = False

    @property
    def papers(self) -> bool:
        """Whether there is anything to do on the page of papers."""
        return self.everything or any(code.startswith(PAPERS) for code in self.parts)

    @property
    def boxes(self) -> bool:
        """Whether there is anything to do on the page of what is applied for."""
        return self.everything or any(code != EXPLANATION and not code.startswith(PAPERS) for code in self.parts)

    def __contains__(self, code: str) -> bool:
        return self.everything or code in self.parts


@dataclass(frozen=True, slots=True)
class Mending:
    """What the owner changed so far, and what follows for the money, before and now."""

    changes: Sequence[Change]
    amounts: tuple[Amounts | None, Amounts | None]


def values(application: Application) -> dict[str, str]:
    """What the application says in each of its parts, as text; of a paper its files, each with its finger print."""
    announcement = programmes.read(application.version).announcement
    files = {
        paper_box(slot.requirement.code): "\n".join(f"{each.filename} ({each.sha256[:8]})" for each in slot.files)
        for slot in slots(application, application.documents)
    }
    answers = {f"answer_{code}": answer for code, answer in application.answered.items()}
    parts = rules.parts_of(announcement, application.track, application.answered)
    stated = {each: _text(getattr(application, each)) for each in parts if hasattr(application, each)}
    return dict.fromkeys(parts, "") | stated | answers | files


def offered(application: Application) -> tuple[str, ...]:
    """What a request may name, in the order of the application's pages; words alone last."""
    announcement = programmes.read(application.version).announcement
    return (*rules.parts_of(announcement, application.track, application.answered), EXPLANATION)


def all_of(session: Session, application_id: int) -> frozenset[str]:
    """All that a case consists of: what a request opens that was prepared before requests named their parts."""
    return frozenset(offered(session.get_one(Application, application_id))) - {EXPLANATION}


def offered_to_all(session: Session, application_ids: Collection[int], by: Actor) -> tuple[str, ...]:
    """What the same request may name in each of these cases of the office."""
    query: Any = select(Application).where(Application.id.in_(application_ids)).options(
        selectinload(Application.answers), raiseload(Application.supplements)
    )  # fmt: skip
    found = [offered(each) for each in session.scalars(of_office(query, by))]
    return tuple(code for code in found[0] if all(code in each for each in found)) if found else ()


def announcement_of(session: Session, application_id: int, by: Actor) -> Announcement:
    """What the parts of a case of the office are called by. Raises NotFound."""
    return programmes.read(cases.of_organisation(session, application_id, by).version).announcement


def opened(application: Application) -> Opened | None:
    """None where nothing is asked for: then these rules have no say."""
    if application.status is not ApplicationStatus.SUPPLEMENT_REQUESTED:
        return None
    rows = [part for asked in waiting(application) for part in asked.parts if part.standing is not Standing.KEPT]
    return Opened(frozenset(row.code for row in rows), any(row.code == EVERYTHING for row in rows))


def waiting(application: Application) -> list[Supplement]:
    """The requests without an answer, the oldest first."""
    return [asked for asked in application.asked_for if not asked.answered]


def kept(application: Application) -> list[tuple[str, str]]:
    """(part, value) of all that is shown locked, but the papers, which have a page of their own."""
    found = opened(application)
    return [
        (code, text)
        for code, text in values(application).items()
        if found is not None and code not in found and not code.startswith(PAPERS)
    ]


def found_then(application: Application) -> dict[str, str]:
    """Each part as the oldest request without an answer found it."""
    found: dict[str, str] = {}
    for asked in reversed(waiting(application)):
        found |= {part.code: part.before for part in asked.parts}
    return found


def mending(application: Application) -> Mending:
    """What was changed since the supplement was asked for, before it is sent."""
    announcement = programmes.read(application.version).announcement
    then, now = found_then(application), values(application)
    total, requested = (_number(then, name, getattr(application, name)) for name in ("total_cost", "requested_amount"))
    before = rules.amounts(announcement, total, requested)
    after = rules.amounts(announcement, application.total_cost, application.requested_amount)
    return Mending(rules.changes(then, now), (before, after))


def _number(then: dict[str, str], name: str, now: int | None) -> int | None:
    """A sum as it was; one that is no part of the application was always the programme's."""
    return int(then[name] or 0) if name in then else now


def _text(value: object) -> str:
    return "" if value is None else str(value)
