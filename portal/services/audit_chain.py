"""Seals the audit trail: computes its hash chain on, as far as no event can come in between any more (I13).

Writers of events take no part in it and wait for nothing (docs/decisions/2026-11-30-audit-chain.md).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.audit_chain import Head, follow
from portal.models.audit_seals import AuditSeal
from portal.queries import audit_chain

_LOOKS, _PAUSE_MS = 100, 50  # five seconds at most; longer transactions are left for the next time


def settled(reading: Callable[[], AbstractContextManager[Session]]) -> int:
    """The last event before which no further one can appear; 0 where writers do not end in time.

    Ids are given when an event is written, not when it is committed: whoever holds a smaller id than the last
    committed one had written by the time we look at who writes, so once those have ended nothing is missing.
    """
    with reading() as session:
        last = audit_chain.last_event(session)
    with reading() as session:
        waiting = audit_chain.writers(session)
    for _look in range(_LOOKS):
        if not waiting:
            return last
        time.sleep(_PAUSE_MS / 1000)
        with reading() as session:
            waiting &= audit_chain.writers(session)
    return 0


def seal(session: Session, upto: int, *, at: datetime) -> Head:
    """Carries the chain on to the last settled event and writes down where it stands; the head."""
    head = audit_chain.sealed(session)
    if upto <= head.upto:
        return head
    events = audit_chain.events(session, after=head.upto if head.count else None, upto=upto)
    (head,) = deque(follow(head, events), maxlen=1) or (head,)
    session.add(AuditSeal(upto=head.upto, count=head.count, hash=head.hash, sealed_at=at))
    session.flush()
    return head
