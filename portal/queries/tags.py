"""Looks up an office's tags, and which cases carry them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Text, cast, func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import NotFound
from portal.domain.tags import Colour
from portal.models.applications import Application
from portal.models.tags import Tag, Tagging


@dataclass(frozen=True, slots=True)
class Used:
    """A tag, and on how many cases it is."""

    tag: Tag
    cases: int


def living(session: Session, by: Actor) -> Sequence[Tag]:
    """The office's tags by name."""
    mine = Tag.organisation_id == by.organisation_id, Tag.retired_at.is_(None)
    return session.scalars(select(Tag).where(*mine).order_by(Tag.name, Tag.id)).all()


def used(session: Session, by: Actor) -> list[Used]:
    """The same with how much each is used."""
    rows = session.execute(
        select(Tag, func.count(Tagging.id))
        .outerjoin(Tagging, (Tagging.tag_id == Tag.id) & Tagging.taken_off_at.is_(None))
        .where(Tag.organisation_id == by.organisation_id, Tag.retired_at.is_(None))
        .group_by(Tag.id)
        .order_by(Tag.name, Tag.id)
    )
    return [Used(tag, count) for tag, count in rows]


def one(session: Session, tag_id: int | None, by: Actor) -> Tag:
    """A tag of the office that was not retired. Raises NotFound."""
    found = session.get(Tag, tag_id) if tag_id is not None else None
    if found is None or found.organisation_id != by.organisation_id or found.retired_at is not None:
        raise NotFound(f"tag {tag_id}")
    return found


def on(session: Session, application_id: int, tag_id: int) -> Tagging | None:
    """The tag on the case now, locked."""
    return session.scalar(
        select(Tagging)
        .where(Tagging.application_id == application_id, Tagging.tag_id == tag_id, Tagging.taken_off_at.is_(None))
        .with_for_update(of=Tagging)
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag as a case's page shows it."""

    name: str
    colour: Colour


def marks_of_case() -> ScalarSelect[Any]:
    """The tags of the application of the query around it, as one column: a case's page asks for them with the case."""
    return (
        select(func.aggregate_strings(cast(Tag.colour, Text) + ":" + Tag.name, "\n"))
        .join(Tagging, Tagging.tag_id == Tag.id)
        .where(Tagging.application_id == Application.id, Tagging.taken_off_at.is_(None))
        .correlate(Application)
        .scalar_subquery()
    )


def marks(text: str | None) -> list[Mark]:
    """What that column says, by name."""
    found = [line.split(":", 1) for line in (text or "").split("\n") if ":" in line]
    return sorted((Mark(name, Colour(colour)) for colour, name in found), key=lambda mark: mark.name)


def of_cases(session: Session, application_ids: Collection[int]) -> dict[int, list[Tag]]:
    """Application id -> its tags by name."""
    rows = session.execute(
        select(Tagging.application_id, Tag)
        .join(Tag, Tag.id == Tagging.tag_id)
        .where(Tagging.application_id.in_(application_ids), Tagging.taken_off_at.is_(None))
        .order_by(Tag.name, Tag.id)
    )
    found: dict[int, list[Tag]] = defaultdict(list)
    for application_id, tag in rows:
        found[application_id].append(tag)
    return found
