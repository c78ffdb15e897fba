"""The invariant of objections: answered by others than decided, told by letter, and carried out where upheld."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.domain.lifecycle import REOPEN
from portal.domain.objections import LIFECYCLE, OPEN, TOOK_PART, UPHELD, Against, ObjectionStatus
from portal.domain.recoveries import RecoveryStatus
from portal.models.audit import AuditEvent
from portal.models.grant_changes import GrantChange
from portal.models.objections import Objection
from portal.models.recoveries import Recovery

_HANDLING = LIFECYCLE.actions_known - {"withdraw"}


def objections_kept(session: Session) -> Iterator[str]:
    """I10: nobody answers an objection to what they took part in; every answer has its letter and its consequence."""
    yield from _handled_by_who_took_part(session)
    ended = (*OPEN, ObjectionStatus.WITHDRAWN)
    for objection in session.scalars(select(Objection).where(Objection.status.not_in(ended)).order_by(Objection.id)):
        if objection.result_letter_id is None:
            yield f"objection {objection.id} is {objection.status}, but has no result letter"
        if objection.status in UPHELD and not _carried_out(session, objection):
            yield f"objection {objection.id} is {objection.status}, but nothing came of it"


def _handled_by_who_took_part(session: Session) -> Iterator[str]:
    """Steps by a person of the decision, which was taken before the objection was filed."""
    act, part = AuditEvent.__table__.alias("act"), AuditEvent.__table__.alias("part")
    filed = (
        select(AuditEvent.record_id, func.min(AuditEvent.id).label("since"))
        .where(AuditEvent.noun == LIFECYCLE.noun)
        .group_by(AuditEvent.record_id)
        .subquery()
    )
    on_case = (part.c.noun == "application") & (part.c.record_id == Objection.application_id)
    on_order = (part.c.noun == "recovery") & (part.c.record_id == Objection.recovery_id)
    rows = session.execute(
        select(Objection.id, act.c.action)
        .join(filed, filed.c.record_id == Objection.id)
        .join(act, (act.c.noun == LIFECYCLE.noun) & (act.c.record_id == Objection.id))
        .join(part, (part.c.person_id == act.c.person_id) & (part.c.id < filed.c.since))
        .where(
            act.c.action.in_(_HANDLING),
            or_(
                on_case & Objection.recovery_id.is_(None) & part.c.action.in_(TOOK_PART["application"]),
                on_order & part.c.action.in_(TOOK_PART["recovery"]),
            ),
        )
        .distinct()
        .order_by(Objection.id)
    )
    for objection_id, action in rows:
        yield f"objection {objection_id}: {action} by a person who took part in the decision objected to"


def _carried_out(session: Session, objection: Objection) -> bool:
    """Whether what must follow is there: the order withdrawn, a change of the grant put up, the case reopened."""
    if objection.against is Against.RECOVERY:
        return session.get_one(Recovery, objection.recovery_id).status is RecoveryStatus.WITHDRAWN
    if objection.against is Against.PARTIAL:
        mine = GrantChange.application_id == objection.application_id, GrantChange.proposed_at == objection.decided_at
        return session.scalar(select(GrantChange.id).where(*mine)) is not None
    reopened = AuditEvent.noun == "application", AuditEvent.action == REOPEN, AuditEvent.at == objection.decided_at
    mine = select(AuditEvent.id).where(*reopened, AuditEvent.record_id == objection.application_id)
    return session.scalar(mine) is not None
