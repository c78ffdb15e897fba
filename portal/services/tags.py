"""An office's tags: keeping the list, putting one on a case and taking it off."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.permissions import Permission
from portal.domain.tags import MOST_TAGS, Colour, WriteTag, problems_in
from portal.models.tags import Tag, Tagging
from portal.queries import cases, tags
from portal.services import steps

NOUN = "tag"
ON_A_CASE = "tagging"


def make(session: Session, command: WriteTag, *, by: Actor, at: datetime) -> Tag:
    """A new tag of the office. Raises Incomplete, AlreadyDone for a name that is there."""
    _check(command, by)
    if len(tags.living(session, by)) >= MOST_TAGS:
        raise Incomplete(problems=[Problem("too_many_tags", value=str(MOST_TAGS))])
    tag = Tag(organisation_id=by.organisation_id, made_at=at)
    session.add(_written(tag, command))
    _flush(session)
    steps.write(session, NOUN, tag.id, "make", by=by, at=at, note=tag.name)
    return tag


def change(session: Session, tag_id: int, command: WriteTag, *, by: Actor, at: datetime) -> Tag:
    """Another name or colour, on every case that carries it. Raises NotFound, Incomplete, AlreadyDone."""
    _check(command, by)
    tag = tags.one(session, tag_id, by)
    before = tag.name
    _written(tag, command)
    _flush(session)
    steps.write(session, NOUN, tag.id, "change", by=by, at=at, note=f"{before} → {tag.name}")
    return tag


def retire(session: Session, tag_id: int, *, by: Actor, at: datetime) -> Tag:
    """Takes the tag off all cases and off the list; what was, stays on record."""
    _permit(by, Permission.TAG_MANAGE)
    tag = tags.one(session, tag_id, by)
    tag.retired_at = at
    session.execute(
        update(Tagging)
        .where(Tagging.tag_id == tag.id, Tagging.taken_off_at.is_(None))
        .values(taken_off_at=at, taken_off_by=by.user_id)
    )
    steps.write(session, NOUN, tag.id, "retire", by=by, at=at, note=tag.name)
    return tag


def put_on(session: Session, application_id: int, tag_id: int, *, by: Actor, at: datetime) -> Tagging:
    """Raises NotFound for another office's case or tag, NotPermitted on one's own case, AlreadyDone."""
    _permit(by, Permission.CASE_TAG)
    cases.to_handle(session, application_id, by)
    tag = tags.one(session, tag_id, by)
    if tags.on(session, application_id, tag_id) is not None:
        raise AlreadyDone(problems=[Problem("tag_on_already", "tag")])
    row = Tagging(application_id=application_id, tag_id=tag.id, put_on_by=by.user_id, put_on_at=at)
    session.add(row)
    session.flush()
    _write(session, row, "put_on", tag, by, at)
    return row


def take_off(session: Session, application_id: int, tag_id: int, *, by: Actor, at: datetime) -> Tagging:
    """Raises NotFound, NotPermitted on one's own case, AlreadyDone where it is not on the case."""
    _permit(by, Permission.CASE_TAG)
    cases.to_handle(session, application_id, by)
    tag = tags.one(session, tag_id, by)
    row = tags.on(session, application_id, tag_id)
    if row is None:
        raise AlreadyDone(problems=[Problem("tag_not_on", "tag")])
    row.taken_off_at, row.taken_off_by = at, by.user_id
    _write(session, row, "take_off", tag, by, at)
    return row


def _write(session: Session, row: Tagging, action: str, tag: Tag, by: Actor, at: datetime) -> None:
    details = {"application": row.application_id, "tag": tag.id}
    steps.write(session, ON_A_CASE, row.id, action, by=by, at=at, note=tag.name, details=details)


def _check(command: WriteTag, by: Actor) -> None:
    _permit(by, Permission.TAG_MANAGE)
    if problems := problems_in(command):
        raise Incomplete(problems=problems)


def _permit(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise NotPermitted(permission)


def _written(tag: Tag, command: WriteTag) -> Tag:
    # on one line: cases are asked for their tags as lines of one column
    tag.name, tag.colour = " ".join(command.name.split()), Colour(command.colour)
    return tag


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as taken:
        raise AlreadyDone(problems=[Problem("tag_exists", "name")]) from taken
