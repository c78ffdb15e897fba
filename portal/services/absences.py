"""Entering and ending absences, and reading afterwards what was approved in one's place (후열)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.domain.absences import APPROVING, EnterAbsence
from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.models.absences import Absence
from portal.models.accounts import Person, User
from portal.models.approvals import Approval
from portal.queries import absences, accounts
from portal.services import steps

NOUN = "absence"


def enter(session: Session, command: EnterAbsence, *, by: Actor, at: datetime) -> Absence:
    """The absent person, or the administrator, names who stands in. Raises NotPermitted, or Incomplete with all faults.

    The stand-in holds every role in which the absent person reviews, approves or pays, and is there themselves.
    Nothing is entered for days that are over: what was approved then was approved by others in their own right.
    """
    officials = {user.id: user for user in absences.approving(session, by.organisation_id or 0)}
    absent, stand_in = officials.get(command.account_id), officials.get(command.stand_in_id)
    mine = absent is not None and absent.person_id == by.person_id
    if not mine and not by.may(Permission.ACCOUNT_MANAGE):
        raise NotPermitted("an absence is entered by the absent person or an administrator")
    problems = _dates(command, at)
    if absent is None:
        problems.append(Problem("unknown_choice", "account_id"))
    if stand_in is None or (absent is not None and not fits(absent, stand_in)):
        problems.append(Problem("stand_in_unfit", "stand_in_id"))
    if problems or absent is None or stand_in is None:
        raise Incomplete(problems=problems)
    persons = sorted({absent.person_id, stand_in.person_id})
    session.execute(select(Person.id).where(Person.id.in_(persons)).order_by(Person.id).with_for_update())
    for other in absences.overlapping(session, persons, command.from_on, command.to_on):
        if absent.person_id in (other.account.person_id, other.stand_in.person_id):
            problems.append(Problem("absent_already", "from_on"))
        elif other.account.person_id == stand_in.person_id:
            problems.append(Problem("stand_in_absent", "stand_in_id"))
    if problems:
        raise Incomplete(problems=problems)
    absence = Absence(
        organisation_id=by.organisation_id,
        account_id=absent.id,
        stand_in_id=stand_in.id,
        from_on=command.from_on,
        to_on=command.to_on,
        reason=command.reason.strip(),
        entered_by=by.user_id,
        entered_at=at,
    )
    session.add(absence)
    session.flush()
    steps.write(session, NOUN, absence.id, "enter", by=by, at=at, details={"stand_in": stand_in.id})
    return absence


def end(session: Session, absence_id: int, *, by: Actor, at: datetime) -> Absence:
    """The absent person is back before the day, or does not leave at all."""
    absence = absences.of_organisation(session, absence_id, by)
    if absence.account.person_id != by.person_id and not by.may(Permission.ACCOUNT_MANAGE):
        raise NotPermitted("an absence is ended by the absent person or an administrator")
    if absence.ended_at is not None:
        raise AlreadyDone(f"absence {absence_id} was ended")
    absence.ended_at = at
    steps.write(session, NOUN, absence.id, "end", by=by, at=at)
    return absence


def acting(session: Session, holder_id: int | None, *, by: Actor, at: datetime) -> int | None:
    """The absent account in whose place `by` handles what `holder_id` has taken up; None where in their own right.

    Raises NotPermitted for who is absent: they handle nothing meanwhile.
    """
    away = absences.on_day(session, by.organisation_id or 0, korean_date(at))
    if any(absence.account.person_id == by.person_id for absence in away):
        raise NotPermitted("absent", [Problem("absent_now")])
    stood_for = (a.account_id for a in away if a.stand_in.person_id == by.person_id and a.account_id == holder_id)
    return next(stood_for, None)


def acknowledge(session: Session, *, by: Actor, at: datetime) -> int:
    """The person has read all that was approved in their place so far. Returns how many records that were."""
    mine = select(User.id).where(User.person_id == by.person_id)
    read = session.scalars(
        update(Approval)
        .where(Approval.stands_for.in_(mine), Approval.acknowledged_at.is_(None), Approval.signed_at <= at)
        .values(acknowledged_at=at)
        .returning(Approval.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    for approval_id in read:
        steps.write(session, "approval", approval_id, "acknowledge", by=by, at=at)
    return len(read)


def fits(absent: User, stand_in: User) -> bool:
    """Whether one person may stand in for another: somebody else with every approving role that the absent one has."""
    roles, others = accounts.actor_of(absent).roles & APPROVING, accounts.actor_of(stand_in).roles
    return stand_in.person_id != absent.person_id and roles <= others


def _dates(command: EnterAbsence, at: datetime) -> list[Problem]:
    problems = []
    if not command.reason.strip():
        problems.append(Problem("required", "reason"))
    if command.from_on < korean_date(at):
        problems.append(Problem("absence_over", "from_on"))
    if command.to_on < command.from_on:
        problems.append(Problem("date_order", "to_on"))
    return problems
