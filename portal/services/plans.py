"""Plans: versions loaded by one manager and put in force by another, and files of what plans have come to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Conflict, Incomplete, NotFound, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.plan_sums import Printed
from portal.domain.plan_texts import known_plan, lost, read_plan, refuse
from portal.domain.plans import VERSION_LIFECYCLE
from portal.models.accounts import Organisation
from portal.models.plans import Plan, PlanVersion, PlanVersionCheck
from portal.queries import plans
from portal.queries.plans import Standing
from portal.services import steps
from reports import plans as files


@dataclass(frozen=True, slots=True)
class Kind:
    """A file one may take away: its media type, and what makes its bytes."""

    media_type: str
    render: Callable[[Printed, bool], bytes]


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, Kind] = {
    "xlsx": Kind(_XLSX, lambda printed, demo: files.workbook(printed, demo=demo)),
    "csv": Kind("text/csv; charset=utf-8", lambda printed, _demo: files.table(printed)),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """The version that the file made, or that is there already (then not `new`): in force, or waiting to be."""

    version: PlanVersion
    new: bool


def load(session: Session, text: str, *, by: Actor, at: datetime, file: str = "") -> Loaded:
    """Takes in a plan's text as its next version, which waits for another manager; the text in force, or waiting
    already, changes nothing.

    Raises FileRefused with all problems of the text, and where it takes away what reports are about; NotFound for
    another organisation's plan; AlreadyDone where another text waits.
    """
    if not by.may(Permission.PLAN_REPORT) or by.organisation_id is None:
        raise NotPermitted("plan:report")
    tree = read_plan(text, file=file)
    office = session.get_one(Organisation, by.organisation_id)
    if tree.organisation != office.code:
        refuse([Problem("plan_of_another", "organisation", tree.organisation)], file)
    plan = _plan(session, tree.root.code, tree.root.name, by)
    last, in_force = plans.last_version(session, plan.id), plans.version_in_force(session, plan.id)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    waits = next((check.version for check in plans.waiting(session, by) if check.version.plan_id == plan.id), None)
    there = waits or in_force
    if there is not None and there.content_hash == content_hash:
        return Loaded(there, new=False)
    if waits is not None:
        raise AlreadyDone(problems=[Problem("plan_version_waits", value=str(waits.number))])
    if in_force is not None:
        refuse(lost(known_plan(in_force.text), tree, plans.reported(session, plan.id)), file)
    version = PlanVersion(
        plan=plan,
        number=last.number + 1 if last else 1,
        text=text,
        content_hash=content_hash,
        loaded_by=by.user_id,
        loaded_at=at,
    )
    session.add(version)
    session.flush()
    steps.begin(session, PlanVersionCheck(id=version.id, version=version), VERSION_LIFECYCLE, "load", by=by, at=at)
    return Loaded(version, new=True)


def confirm(session: Session, version_id: int, *, by: Actor, at: datetime) -> PlanVersionCheck:
    """Another manager has compared the version with its paper: it is in force. Raises SamePerson, NotFound, and
    FileRefused where it takes away what has been reported on meanwhile.
    """
    check = _held(session, version_id, by)
    version, plan = check.version, check.version.plan
    in_force = plans.version_in_force(session, plan.id)
    tree = known_plan(version.text)
    if in_force is not None:
        refuse(lost(known_plan(in_force.text), tree, plans.reported(session, plan.id)), plan.code)
    plan.name = tree.root.name
    check.decided_by, check.decided_at = by.user_id, at
    steps.take(session, check, VERSION_LIFECYCLE, "confirm", by=by, at=at, details={"version": version.number})
    return check


def refuse_version(session: Session, version_id: int, note: str, *, by: Actor, at: datetime) -> PlanVersionCheck:
    """It comes not into force, for a reason that whoever loaded it is told. Raises Incomplete without one."""
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    check = _held(session, version_id, by)
    check.decided_by, check.decided_at, check.note = by.user_id, at, note.strip()
    steps.take(session, check, VERSION_LIFECYCLE, "refuse", by=by, at=at, note=note.strip())
    return check


def _held(session: Session, version_id: int, by: Actor) -> PlanVersionCheck:
    plan_id = plans.check_of(session, version_id, by).version.plan_id
    session.execute(select(Plan.id).where(Plan.id == plan_id).with_for_update(key_share=True))
    found = session.get_one(PlanVersionCheck, version_id, populate_existing=True)
    VERSION_LIFECYCLE.step(found.status, "confirm")  # of what is decided already nothing is touched
    return found


def file(found: Standing, kind: str, *, at: datetime, demo: bool) -> tuple[bytes, str, str]:
    """Bytes, file name and media type of one kind of KINDS. Raises NotFound for another."""
    if kind not in KINDS:
        raise NotFound(f"plan as {kind}")
    plan, made = found.known.plan, KINDS[kind]
    printed = Printed(found.tree, found.figures, plan.organisation.name, found.known.version.number, at)
    name = f"plan_{plan.code}_{korean_date(at).isoformat()}.{kind}"
    return made.render(printed, demo), name, made.media_type


def _plan(session: Session, code: str, name: str, by: Actor) -> Plan:
    """The plan of this code, made where there is none, and held until the transaction ends."""
    query = select(Plan).where(Plan.code == code).with_for_update(of=Plan, key_share=True)
    found = session.scalar(query)
    if found is None:
        found = Plan(organisation_id=by.organisation_id, code=code, name=name)
        session.add(found)
        try:
            session.flush()
        except IntegrityError as lost_the_race:
            raise Conflict(f"plan {code} was loaded at this moment") from lost_the_race
    if found.organisation_id != by.organisation_id:
        raise NotFound(f"plan {code}")
    return found
