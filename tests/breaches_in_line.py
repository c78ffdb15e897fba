"""Three in line for a small budget, and rows written around the portal that put them out of order (test_reconcile)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from portal.services import applications
from portal.storage.objects import Stores
from tests import cases, first_come
from tests.factories import AT, actor

_ENTRY = (
    "INSERT INTO ledger_entry (source_key, kind, posted_on, posted_at, posted_by, application_id, note)"
    " SELECT 'by hand', 'commit', posted_on, posted_at, posted_by, {application}, '' FROM ledger_entry WHERE id = 1"
)
_POSTING = (
    "INSERT INTO posting (entry_id, budget_line_id, debit, credit, amount)"
    " SELECT max(id), 1, 'committed', 'available', 5 FROM ledger_entry"
)
_TAKE_ONE = "UPDATE reservation SET reserved = reserved - 1 WHERE application_id = 4"

# check, what is written around the services, a word of what must be found
BREACHES: list[tuple[str, list[str], str]] = [
    ("reservations_kept", [_TAKE_ONE], "499999 reserved"),
    ("reservations_kept", [_ENTRY.format(application=5), _POSTING], "5: 0 reserved (waiting), 5 committed"),
    ("reservations_kept", [_ENTRY.format(application=6), _POSTING], "6: 0 reserved (released), 5 committed"),
    ("reservations_kept", ["UPDATE reservation SET status = 'used' WHERE application_id = 4"], "None decided"),
    (
        "waiting_list_in_order",
        ["UPDATE application SET queue_number = 0 WHERE id = 5"],
        "application 4 (number 1) was served before application 5",
    ),
    (
        "waiting_list_in_order",
        ["UPDATE reservation SET amount = 100000 WHERE application_id = 5"],
        "application 5 waits for 100000 won, of which 100000 are there",
    ),
]


def stand_in_line(session: Session, stores: Stores) -> None:
    """Applications 4 to 6 of a programme with money for one of them and 100,000 won: kept, waiting, taken back."""
    call = first_come.programme(session, won=600_000)
    *_, last = (cases.apply(session, stores, call) for _ in range(3))
    applications.withdraw(session, last.id, by=actor(last.owner), at=AT)
