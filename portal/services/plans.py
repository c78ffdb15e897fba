"""Plans: loaded from their file as versions that are kept, and taken away as files with what they have come to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Conflict, NotFound, NotPermitted, Problem
from portal.domain.periods import korean_date
from portal.domain.permissions import Permission
from portal.domain.plan_sums import Printed
from portal.domain.plan_texts import known_plan, lost, read_plan, refuse
from portal.models.accounts import Organisation
from portal.models.plans import Plan, PlanVersion
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
    """The version in force after loading; `new`: whether the file made it, rather than being there already."""

    version: PlanVersion
    new: bool


def load(session: Session, text: str, *, by: Actor, at: datetime, file: str = "") -> Loaded:
    """Takes in a plan's text as its next version; the text in force already changes nothing.

    Raises FileRefused with all problems of the text, and where it takes away what reports are about; NotFound for
    another organisation's plan.
    """
    if not by.may(Permission.PLAN_REPORT) or by.organisation_id is None:
        raise NotPermitted("plan:report")
    tree = read_plan(text, file=file)
    office = session.get_one(Organisation, by.organisation_id)
    if tree.organisation != office.code:
        refuse([Problem("plan_of_another", "organisation", tree.organisation)], file)
    plan = _plan(session, tree.root.code, tree.root.name, by)
    last = plans.last_version(session, plan.id)
    content_hash = hashlib.sha256(text.encode()).hexdigest()
    if last is not None and last.content_hash == content_hash:
        return Loaded(last, new=False)
    if last is not None:
        refuse(lost(known_plan(last.text), tree, plans.reported(session, plan.id)), file)
    version = PlanVersion(
        plan=plan,
        number=last.number + 1 if last else 1,
        text=text,
        content_hash=content_hash,
        loaded_by=by.user_id,
        loaded_at=at,
    )
    plan.name = tree.root.name
    session.add(version)
    session.flush()
    steps.write(session, "plan", plan.id, "load", by=by, at=at, details={"version": version.number})
    return Loaded(version, new=True)


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
