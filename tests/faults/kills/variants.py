"""The portal with one protection taken away, in a forked child alone: the controls of the kills.

By name: what bends it, the step it is tried on, and what it must be caught by, a pattern in the harness's sentences.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from portal.gateways import webhooks as gateway
from portal.models.ledger import LedgerEntry
from portal.models.webhooks import WebhookMessage
from portal.services import ledger, webhooks
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


def new_key_every_time() -> None:
    """A posting's key says when it was posted, not what caused it."""
    whole = ledger.post

    def forgetful(session: Session, *arguments: Any, source_key: str, **more: Any) -> Any:
        number = session.scalar(select(func.count()).select_from(LedgerEntry))
        return whole(session, *arguments, source_key=f"{source_key}:{number}", **more)

    bend(ledger, "post", forgetful)


VARIANTS: dict[str, tuple[Callable[[], None], str, str]] = {
    "commits_in_the_middle": (commits_in_the_middle, "approve", "neither done nor undone"),
    "sent_before_commit": (sent_before_commit, "confirm_link", "was told of what never happened"),
    "acknowledged_before_commit": (acknowledged_before_commit, "release", "was acknowledged and is lost"),
    "row_before_file": (row_before_file, "approve", "no such stored file"),
    "new_key_every_time": (new_key_every_time, "recover", "done a second time"),
}
