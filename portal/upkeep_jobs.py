"""What a worker does by the clock, asked by nobody: letters that are due, versions that come into force, stores of
large deliveries, the seal of the audit trail, the check of the invariants.
"""

from __future__ import annotations

from flask import Flask

from portal.clock import now
from portal.models.base import reading_apart, transaction_apart
from portal.services import audit_chain, matches, notices, programmes, reconcile, reconciliations, status_notices


def tell(app: Flask) -> int:
    """Writes to everybody who moved up from a waiting list; how many letters."""
    with app.app_context(), transaction_apart() as session:
        return notices.issue_due(session, app.extensions["ieum_stores"], at=now())


def keep_informed(app: Flask) -> int:
    """Tells the applicants of long cases how they stand, each in a transaction of its own; how many letters."""
    told = 0
    with app.app_context():
        with reading_apart() as reading:
            waiting = status_notices.due(reading, at=now())
        for application_id in waiting:
            with transaction_apart() as session:
                told += (
                    status_notices.tell(session, app.extensions["ieum_stores"], application_id, at=now()) is not None
                )
    return told


def put_in_force(app: Flask) -> int:
    """Puts the announced versions of programmes in force whose first day has come; how many."""
    done = 0
    with app.app_context():
        with reading_apart() as reading:
            waiting = programmes.due(reading, at=now())
        for version_id in waiting:
            with transaction_apart() as session:
                done += programmes.take_effect(session, version_id, at=now()) is not None
    return done


def link_stores(app: Flask) -> int:
    """Links the stores that large deliveries told of, some at a time, each in a transaction of its own; how many."""
    done = 0
    with app.app_context():
        with reading_apart() as reading:
            waiting = matches.unfinished(reading, at=now())
        for delivery_id in waiting:
            linked = matches.AT_ONCE
            while linked == matches.AT_ONCE:
                with transaction_apart() as session:
                    linked = matches.go_on(session, delivery_id, at=now())
                done += linked
    return done


def seal(app: Flask) -> int:
    """Seals the audit trail as far as it is settled; how many events are sealed."""
    with app.app_context():
        upto = audit_chain.settled(reading_apart)
        with transaction_apart() as session:
            return audit_chain.seal(session, upto, at=now()).count


def check(app: Flask) -> bool:
    """Runs every check of the invariants if an hour has passed, keeps the result, and stops payments at a violation."""
    with app.app_context():
        started_at = now()
        with reading_apart() as reading:
            if not reconciliations.due(reading, at=started_at):
                return False
            files = reconcile.Files(app.extensions["ieum_stores"], app.extensions["ieum_lines"])
            results = reconcile.check_all(reading, files, apart=transaction_apart)
        with transaction_apart() as session:
            reconciliations.keep(session, results, started_at=started_at, at=now())
    return True
