"""What is written around the services about objections, for the tests of the checker of invariants."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.objections import Outcome
from tests.factories import AT
from tests.objecting import open_chamber
from tests.settled import Office

_DRAFTED_BY_DECIDER = (
    "INSERT INTO audit_event (noun, record_id, action, user_id, person_id, at, note)"
    " SELECT 'objection', objection.id, 'draft', user_id, person_id, at, '' FROM audit_event, objection"
    " WHERE noun = 'application' AND action = 'reject' AND record_id = objection.application_id"
)

# check, what is written around the services, a word of what must be found
BREACHES = [
    ("objections_kept", [_DRAFTED_BY_DECIDER], "objection 1: draft by a person who took part"),
    ("objections_kept", ["UPDATE objection SET result_letter_id = NULL"], "no result letter"),
    ("objections_kept", ["UPDATE objection SET application_id = 1"], "is granted, but nothing came of it"),
]


def object_to_rejection(office: Office) -> None:
    """One application that was rejected, objected to, and put back."""
    chamber = open_chamber(office.session, office.stores, office.programme)
    chamber.answered(chamber.file(chamber.rejected()), Outcome.GRANT, at=AT + timedelta(days=1))
