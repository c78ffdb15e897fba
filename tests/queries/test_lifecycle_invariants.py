"""The checker of procedure leaves no lifecycle out, and accuses nothing that an upgrade put in."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.domain import lifecycles
from portal.domain.proxy_entries import EntryStatus
from portal.queries import lifecycle_invariants, proxy_entries
from portal.storage.objects import Stores
from tests import standing_in

TRIGGER = {
    "sqlite": "DROP TRIGGER audit_event_no_delete",
    "postgresql": "DROP TRIGGER audit_event_append_only ON audit_event",
}


def test_every_lifecycle_is_compared_with_its_audit_trail() -> None:
    checked = {lifecycle.noun for lifecycle, _ in lifecycle_invariants.LIFECYCLES}
    assert checked == {lifecycle.noun for lifecycle in lifecycles.ALL}
    assert len(checked) == len(lifecycle_invariants.LIFECYCLES)


def test_an_entry_that_an_upgrade_made_of_an_older_consent_breaks_nothing(session: Session, stores: Stores) -> None:
    """Payments stop at a breach: what migrations put in (0055, 0060) has no first line in the trail."""
    mandate = standing_in.enter(session, stores, standing_in.make_clerk(session))
    entry = proxy_entries.of_mandate(session, mandate.id)
    assert entry is not None
    session.execute(text(TRIGGER[session.get_bind().dialect.name]))
    session.execute(text("DELETE FROM audit_event WHERE noun = 'proxy_entry'"))
    assert list(lifecycle_invariants.statuses_follow_audit(session)) == []
    standing_in.confirm(session, mandate)
    assert list(lifecycle_invariants.statuses_follow_audit(session)) == []
    entry.status = EntryStatus.LAPSED
    session.flush()
    (said,) = lifecycle_invariants.statuses_follow_audit(session)
    assert said == f"proxy_entry {entry.id} is lapsed, its audit trail says confirmed"
