"""The one door for status: what it lets through is recorded, what it refuses changes nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import InvalidTransition, NotPermitted, Refusal, SamePerson
from portal.domain.programmes import LIFECYCLE, VersionStatus
from portal.models.audit import AuditEvent
from portal.models.programmes import ProgrammeVersion
from portal.queries import audit
from portal.services import programmes, steps
from tests.factories import GURYE, actor, make_official


@pytest.fixture
def version(session: Session, at: datetime) -> ProgrammeVersion:
    manager = make_official(session, Role.MANAGER, name="김기안")
    return programmes.propose(session, GURYE, by=actor(manager), at=at)


def events(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_a_step_sets_the_status_and_says_who_did_it_when_and_why(
    session: Session, at: datetime, version: ProgrammeVersion
) -> None:
    manager = actor(make_official(session, Role.MANAGER, name="박공고"))
    steps.take(session, version, LIFECYCLE, "publish", by=manager, at=at, note="고시", details={"쪽": 3})
    assert version.status is VersionStatus.PUBLISHED
    begun, taken = audit.timeline(session, "programme_version", version.id)
    assert (begun.action, begun.source, begun.target, begun.person) == ("propose", None, "proposed", "김기안")
    assert (taken.action, taken.source, taken.target) == ("publish", "proposed", "published")
    assert (taken.person, taken.at, taken.note) == ("박공고", at, "고시")
    assert session.scalars(select(AuditEvent.details).where(AuditEvent.action == "publish")).one() == {"쪽": 3}


@pytest.mark.parametrize(
    ("role", "same_person", "action", "refusal"),
    [
        (Role.MANAGER, False, "replace", InvalidTransition),
        (Role.MANAGER, False, "no_such_action", InvalidTransition),
        (Role.REVIEWER, False, "publish", NotPermitted),
        (Role.MANAGER, True, "publish", SamePerson),
    ],
)
def test_a_refused_step_leaves_status_and_trail_as_they_were(
    session: Session,
    at: datetime,
    version: ProgrammeVersion,
    role: Role,
    same_person: bool,
    action: str,
    refusal: type[Refusal],
) -> None:
    [drafter] = audit.done_by(session, "programme_version", version.id)["propose"]
    by = actor(make_official(session, role))
    if same_person:
        by = type(by)(by.user_id, drafter, by.name, by.roles, by.organisation_id)
    before = events(session)
    with pytest.raises(refusal):
        steps.take(session, version, LIFECYCLE, action, by=by, at=at)
    assert (version.status, events(session)) == (VersionStatus.PROPOSED, before)


def test_what_is_done_on_one_record_does_not_count_for_another(
    session: Session, at: datetime, version: ProgrammeVersion
) -> None:
    assert audit.done_by(session, "programme_version", version.id + 1) == {}
    assert audit.done_by(session, "application", version.id) == {}


def test_a_remark_is_recorded_without_moving_anything(
    session: Session, at: datetime, version: ProgrammeVersion
) -> None:
    by = actor(make_official(session, Role.MANAGER))
    steps.write(session, "programme_version", version.id, "read", by=by, at=at, note="확인")
    last = audit.timeline(session, "programme_version", version.id)[-1]
    assert (last.action, last.source, last.target, last.note) == ("read", None, None, "확인")
    assert version.status is VersionStatus.PROPOSED
