"""The portal with one protection taken away, in a forked child alone: the controls of the kills.

By name: what bends it, the step it is tried on, and what it must be caught by, a pattern in the harness's sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, object_session

from portal import bank_jobs
from portal.gateways import bank
from portal.gateways import webhooks as gateway
from portal.models.base import db
from portal.models.bulk import BulkCase
from portal.models.recoveries import Recovery, RecoveryReceipt
from portal.models.webhooks import WebhookMessage
from portal.services import bulk, ledger, recovery_receipts, service_passes, webhooks
from portal.storage.objects import Store, Stored
from tests.faults.broken import _bend as bend


def commits_in_the_middle() -> None:
    """The budget is committed before the decision and its letter are there."""
    whole = ledger.post

    def hasty(session: Session, *arguments: Any, **more: Any) -> Any:
        entry = whole(session, *arguments, **more)
        session.commit()
        return entry

    bend(ledger, "post", hasty)


def sent_before_commit() -> None:
    """The platform is told at once, not by the outbox."""
    whole = webhooks.announce

    def hasty(session: Session, *arguments: Any, at: Any, **more: Any) -> None:
        whole(session, *arguments, at=at, **more)
        session.flush()
        for message in session.scalars(select(WebhookMessage).where(WebhookMessage.delivered_at.is_(None))):
            gateway.send(webhooks._sending(message), loopback=True, at=at)

    bend(webhooks, "announce", hasty)


def acknowledged_before_commit() -> None:
    """The answer goes out when everything is done but the commit (see trials.act)."""


def row_before_file() -> None:
    """The row that names a file is committed first, the file is written a moment later."""
    whole, waiting = Store.put, []

    def lazy(self: Store, data: bytes) -> Stored:
        waiting.append((self, data))
        return Stored(hashlib.sha256(data).hexdigest(), len(data))

    bend(Store, "put", lazy)
    event.listen(Session, "after_commit", lambda _session: [whole(*each) for each in waiting])


def money_known_by_its_number() -> None:
    """Money that came in is told from other money by when it was written down, not by the bank's reference."""
    whole = recovery_receipts._check

    def forgetful(recovery: Recovery, *arguments: Any) -> str:
        reference = whole(recovery, *arguments)
        session = object_session(recovery)
        return f"{reference}-{session.scalar(select(func.count()).select_from(RecoveryReceipt)) if session else 0}"

    bend(recovery_receipts, "_check", forgetful)


def order_sent_before_it_is_recorded() -> None:
    """That an order is being sent is committed together with the bank's answer."""
    open_: list[Session] = []

    @contextmanager
    def lazy() -> Generator[Session]:
        if not open_:
            open_.append(Session(db.engine))
            yield open_[0]
            return
        session = open_.pop()
        yield session
        session.commit()
        session.close()

    bend(bank_jobs, "transaction_apart", lazy)


def unknown_sent_again() -> None:
    """What may have left is sent again instead of being asked about."""
    bend(bank.Connection, "ask", bank.Connection.send)


def forgets_which_case() -> None:
    """What became of the cases of a run is written down when the last of them is done."""
    one, finish, became = bulk._one, bulk._finish, {}

    def forgetful(session: Session, stores: Any, case_id: int, *, at: Any) -> None:
        one(session, stores, case_id, at=at)
        case = session.get_one(BulkCase, case_id)
        became[case_id] = {"result": case.result, "problem": case.problem, "value": case.value, "done_at": at}
        _write(case, {"result": None, "problem": "", "value": "", "done_at": None})

    def late(session: Session, run_id: int, *, at: Any) -> None:
        for case_id, said in became.items():
            _write(session.get_one(BulkCase, case_id), said)
        finish(session, run_id, at=at)

    bend(bulk, "_one", forgetful)
    bend(bulk, "_finish", late)


def _write(case: BulkCase, said: dict[str, Any]) -> None:
    for name, value in said.items():
        setattr(case, name, value)


def grant_not_looked_at() -> None:
    """Whatever is chosen fits into the grant."""
    bend(service_passes, "choice_problems", lambda *_arguments, **_more: [])


VARIANTS: dict[str, tuple[Callable[[], None], str, str]] = {
    "commits_in_the_middle": (commits_in_the_middle, "approve", "neither done nor undone"),
    "sent_before_commit": (sent_before_commit, "confirm_link", "was told of what never happened"),
    "acknowledged_before_commit": (acknowledged_before_commit, "release", "was acknowledged and is lost"),
    "row_before_file": (row_before_file, "approve", "no such stored file"),
    "order_sent_before_it_is_recorded": (order_sent_before_it_is_recorded, "pay", "the bank was told 2 times"),
    "unknown_sent_again": (unknown_sent_again, "pay", "the bank was told [2-9] times"),
    "money_known_by_its_number": (money_known_by_its_number, "receive", "done a second time"),
    "grant_not_looked_at": (grant_not_looked_at, "choose_service", "done a second time"),
    "forgets_which_case": (forgets_which_case, "distribute", "taken up, ends otherwise"),
}
