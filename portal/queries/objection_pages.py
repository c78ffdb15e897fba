"""Looks up objections for pages: the office's register with what is due first, one case whole, a merchant's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal.domain.actors import Actor
from portal.domain.deadlines import ActPeriod
from portal.domain.errors import NotFound
from portal.domain.letters import LetterKind
from portal.domain.lifecycle import OBJECTED_TO
from portal.domain.objections import LIFECYCLE, OPEN, Against, Law, ObjectionStatus, Remedy, remedies, reply_rule
from portal.domain.periods import korean_date
from portal.models.accounts import Person, User
from portal.models.applications import Application
from portal.models.base import IsoDate
from portal.models.letters import Letter
from portal.models.merchants import Merchant
from portal.models.objections import Objection
from portal.models.programmes import Programme
from portal.models.recoveries import Recovery, RecoveryLetter
from portal.queries import audit, cases, declarations, objections
from portal.queries.mandates import mine
from portal.queries.objections import OBJECTIONABLE, OF_APPLICATIONS, Ground

PAGE = 50
SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Row:
    """An objection in a list; `handler`: the name of who took it up, or ""."""

    objection: Objection
    programme: str
    handler: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the register, what is due first first; `later`: the key to go on from, empty at the end."""

    rows: Sequence[Row]
    later: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Over the open objections of the office."""

    open: int
    due_soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class ObjectionPage:
    """All that stands on a case's page. `decided_for`: the reasons of the decision objected to; `rule`: on which the
    office's day rests; `actions`: what the person asking may do now; `took_part`: whether they did in that decision;
    `declared`: what they said of their interest.
    """

    objection: Objection
    programme: str
    recovery: Recovery | None
    decided_for: str
    rule: ActPeriod
    handler: str
    drafter: str
    letters: Sequence[Letter]
    timeline: Sequence[audit.Happening]
    actions: Sequence[str]
    took_part: bool
    declared: bool | None
    remedies: Sequence[Remedy]


@dataclass(frozen=True, slots=True)
class Door:
    """What of an application was objected to, and what may be; `ground` None: nothing, or not any more."""

    objections: Sequence[Objection]
    ground: Ground | None


def page_of(session: Session, by: Actor, view: str, *, on: date, after: str = "") -> Rows:
    """`view` is open, mine, due_soon, overdue, all or a status. `after`: `2026-07-15_12`, where to go on."""
    query = _rows().where(Objection.organisation_id == by.organisation_id, *_narrowed(view, by, on))
    day, _, number = after.partition("_")
    if number.isdecimal():
        start = literal(_day(day), IsoDate())
        query = query.where(or_(Objection.due_on > start, (Objection.due_on == start) & (Objection.id > int(number))))
    found = [Row(*row) for row in session.execute(query.order_by(Objection.due_on, Objection.id).limit(PAGE + 1))]
    shown = found[:PAGE]
    later = f"{shown[-1].objection.due_on.isoformat()}_{shown[-1].objection.id}" if len(found) > PAGE else ""
    return Rows(shown, later)


def counts(session: Session, by: Actor, *, on: date) -> Counts:
    row = session.execute(
        select(
            func.count(),
            func.count().filter(Objection.due_on >= on, Objection.due_on <= on + SOON),
            func.count().filter(Objection.due_on < on),
        ).where(Objection.organisation_id == by.organisation_id, Objection.status.in_(OPEN))
    ).one()
    return Counts(*row)


def page(session: Session, objection_id: int, by: Actor, law: Law) -> ObjectionPage:
    """A case as the officials of its organisation see it. Raises NotFound."""
    objection = objections.of_organisation(session, objection_id, by)
    took_part = objections.persons_objected_to(session, objection)
    done = audit.done_by(session, LIFECYCLE.noun, objection.id) | {OBJECTED_TO: took_part}
    declared = declarations.said(session, [objection.application_id], by.person_id).get(objection.application_id)
    return _page(session, objection, by, done, law, took_part=by.person_id in took_part, declared=declared)


def own_page(session: Session, objection_id: int, by: Actor, law: Law) -> ObjectionPage:
    """One's own case. Raises NotFound."""
    return _page(session, objections.owned(session, objection_id, by), by, {}, law, took_part=False, declared=None)


def of_owner(session: Session, by: Actor) -> Sequence[Row]:
    """One's own objections, newest first."""
    query = _rows().where(mine(by)).order_by(Objection.id.desc()).limit(PAGE)
    return [Row(*row) for row in session.execute(query)]


def open_to(session: Session, by: Actor, law: Law, *, on: date) -> list[Ground]:
    """The decisions about one's businesses that may still be objected to, and were not; a few newest."""
    said = select(Objection.id).where(Objection.letter_id == Letter.id, Objection.status != ObjectionStatus.WITHDRAWN)
    letters = session.scalars(
        select(Letter.id)
        .join(Merchant, Merchant.id == Letter.merchant_id)
        .where(mine(by), Letter.kind.in_(OBJECTIONABLE), ~said.exists())
        .order_by(Letter.id.desc())
        .limit(10)
    ).all()
    grounds = [objections.ground_of(session, letter_id, by, law) for letter_id in letters]
    return [ground for ground in grounds if ground is not None and ground.window.is_open(on)]


def of_application(session: Session, application_id: int, by: Actor, law: Law) -> Door:
    """For the page of one's own application. Raises NotFound for another's letter."""
    letters = select(Letter.id).where(Letter.application_id == application_id, Letter.kind.in_(OF_APPLICATIONS))
    return _door(session, about_application(session, application_id), letters, by, law)


def of_recovery(session: Session, recovery_id: int, by: Actor, law: Law) -> Door:
    """The same for an order to pay back."""
    letters = (
        select(Letter.id)
        .join(RecoveryLetter, RecoveryLetter.letter_id == Letter.id)
        .where(RecoveryLetter.recovery_id == recovery_id, Letter.kind == LetterKind.RECOVERY_ORDER)
    )
    return _door(session, about_recovery(session, recovery_id), letters, by, law)


def _door(session: Session, raised: Sequence[Objection], letters: Select[Any], by: Actor, law: Law) -> Door:
    last = session.scalar(letters.order_by(Letter.id.desc()).limit(1))
    if last is None or any(each.letter_id == last and each.status is not ObjectionStatus.WITHDRAWN for each in raised):
        return Door(raised, None)
    return Door(raised, objections.ground_of(session, last, by, law))


def about_application(session: Session, application_id: int) -> Sequence[Objection]:
    """The objections to decisions on an application, not to orders of recovery."""
    mine = Objection.application_id == application_id, Objection.against != Against.RECOVERY
    return session.scalars(select(Objection).where(*mine).order_by(Objection.id)).all()


def about_recovery(session: Session, recovery_id: int) -> Sequence[Objection]:
    return session.scalars(select(Objection).where(Objection.recovery_id == recovery_id).order_by(Objection.id)).all()


def _rows() -> Select[*tuple[Any, ...]]:
    handler = aliased(User)
    return (
        select(Objection, Programme.name, func.coalesce(Person.name, ""))
        .join(Application, Application.id == Objection.application_id)
        .join(Programme, Programme.id == Application.programme_id)
        .join(Merchant, Merchant.id == Objection.merchant_id)
        .outerjoin(handler, handler.id == Objection.handler_id)
        .outerjoin(Person, Person.id == handler.person_id)
    )


def _narrowed(view: str, by: Actor, on: date) -> list[ColumnElement[bool]]:
    if view in tuple(ObjectionStatus):
        return [Objection.status == ObjectionStatus(view)]
    if view == "all":
        return []
    more = {
        "mine": [Objection.handler_id == by.user_id],
        "due_soon": [Objection.due_on >= on, Objection.due_on <= on + SOON],
        "overdue": [Objection.due_on < on],
    }
    return [Objection.status.in_(OPEN), *more.get(view, [])]


def _page(
    session: Session,
    objection: Objection,
    by: Actor,
    done: dict[str, set[int]],
    law: Law,
    *,
    took_part: bool,
    declared: bool | None,
) -> ObjectionPage:
    recovery = session.get(Recovery, objection.recovery_id) if objection.recovery_id else None
    decision = cases.decision_of(session, objection.application_id)
    names = _names(session, objection)
    sent = [objection.letter_id, objection.extension_letter_id, objection.result_letter_id]
    since = korean_date(objection.decided_at) if objection.decided_at else korean_date(objection.letter.issued_at)
    return ObjectionPage(
        objection=objection,
        programme=objection.application.version.programme.name,
        recovery=recovery,
        decided_for=recovery.reason if recovery else decision.reasons if decision else "",
        rule=reply_rule(objection.act, korean_date(objection.filed_at), law),
        handler=names.get(objection.handler_id or 0, ""),
        drafter=names.get(objection.drafted_by or 0, ""),
        letters=session.scalars(select(Letter).where(Letter.id.in_(sent)).order_by(Letter.id)).all(),
        timeline=audit.timeline(session, LIFECYCLE.noun, objection.id),
        actions=LIFECYCLE.actions(objection.status, by, done),
        took_part=took_part,
        declared=declared,
        remedies=remedies(since, law),
    )


def _names(session: Session, objection: Objection) -> dict[int, str]:
    wanted = [each for each in (objection.handler_id, objection.drafted_by) if each]
    rows = session.execute(select(User.id, Person.name).join(Person).where(User.id.in_(wanted)))
    return dict(rows.all())


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(text) from None
