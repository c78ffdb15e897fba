"""The portal with one of its protections taken away, to see that the harness notices: IEUM_FAULTS_BREAK names which.

Served and run like wsgi.py. Nothing of this is in the portal: it is bent from outside, in this process alone.
"""

from __future__ import annotations

import inspect
import os
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal.app import create_app
from portal.domain.errors import FileRefused
from portal.domain.payments import PaymentStatus
from portal.models.bank_orders import BankOrder
from portal.models.base import db
from portal.queries import settlements as look_up
from portal.services import api_requests, bank_orders, settlements
from portal.services.api_requests import Claim
from portal.storage import delivery_reading, line_months, sandbox
from portal.storage.sandbox import Ending, Ran
from portal.web import bodies, once

SLOWLY = 1.5  # seconds between an answer and the commit of what it tells


def _bend(owner: object, name: str, by: object) -> None:
    """In the place of what has this name; where nothing has it any more, the variant would break nothing."""
    assert hasattr(owner, name), f"{owner} has no {name}"
    setattr(owner, name, by)


def no_unique_key() -> None:
    """Nobody looks whether these bytes were delivered before. (The harness drops the constraint of the table.)"""
    _bend(look_up, "same_bytes", lambda *_arguments, **_more: None)


def keys_forgotten() -> None:
    """Every request is a new one, whatever its Idempotency-Key; answers are kept nowhere."""
    _bend(api_requests, "claim", lambda *_arguments, **_more: Claim("forgotten"))
    _bend(api_requests, "settle", lambda *_arguments, **_more: None)


def cut_bodies_taken() -> None:
    """A body ends where the connection ended, as the server shows it."""
    _bend(bodies, "install", lambda _app: None)


def answered_before_commit() -> None:
    """The answer goes out first, what it tells is committed a moment later: then a kill loses what was acknowledged."""
    whole = once._done

    def hasty(claimed: Claim, view: Callable[[], Response]) -> Response:
        session = db.session()
        real = session.commit
        _bend(session, "commit", lambda: _later(session, real))
        return whole(claimed, view)

    _bend(once, "_done", hasty)


def _later(session: Session, commit: Callable[[], None]) -> None:
    db.session.registry.clear()

    def end() -> None:
        time.sleep(SLOWLY)
        with suppress(SQLAlchemyError):
            commit()
        session.close()

    threading.Thread(target=end).start()


def every_line_counted() -> None:
    """A month counts every stored line, not every order."""
    written = inspect.getsource(line_months.months)
    bent = re.sub(r"\n *QUALIFY row_number[^\n]*= 1\)", ")", written)
    assert bent != written, "months are counted in another way by now"
    exec(bent, vars(line_months))


def refusals_swallowed() -> None:
    """Rows that are refused are not told of: there is a third outcome."""
    whole = settlements.read_delivery

    def silent(*arguments: Any, **more: Any) -> Any:
        result = whole(*arguments, **more)
        outcome = replace(result.outcome, rows=result.accepted, refused=0, problems_by_code={})
        return replace(result, outcome=outcome)

    _bend(settlements, "read_delivery", silent)


def reads_in_the_web_process() -> None:
    """Foreign files are read where requests are answered, without a child and its limits."""

    def here(_module: str, job: dict[str, Any], *, into: Path, **_more: Any) -> Ran:
        try:
            return Ran(Ending.ANSWERED, delivery_reading.read(job, into), "")
        except FileRefused as refusal:
            problems = [[told.code, told.field, told.value, told.row] for told in refusal.problems]
            return Ran(Ending.ANSWERED, {"problems": problems}, "")

    _bend(sandbox, "run", here)


def unknown_sent_again() -> None:
    """A payment of which nobody knows is sent again instead of being asked about."""
    whole = bank_orders.take_up

    def again(session: Session, **more: Any) -> Any:
        order = whole(session, **more)
        if order is None or not order.enquiry:
            return order
        payment = session.get_one(BankOrder, order.order_id).payment
        return replace(order, enquiry=payment.status is not PaymentStatus.UNKNOWN)

    _bend(bank_orders, "take_up", again)


# By name: the variant, and what it is caught by, a pattern in the harness's own sentences.
VARIANTS: dict[str, tuple[Callable[[], None], str]] = {
    "no_unique_key": (no_unique_key, "was stored more than once"),
    "keys_forgotten": (keys_forgotten, "its key took another body"),
    "cut_bodies_taken": (cut_bodies_taken, "was never acknowledged to anybody|idempotency_key_reused"),
    "answered_before_commit": (answered_before_commit, "which is lost|: told"),  # its number may be another's by then
    "every_line_counted": (every_line_counted, "does not count every order once"),
    "refusals_swallowed": (refusals_swallowed, "accepted . refused is not what was sent"),
}
# Noticed by the harnesses of hostile files and of payouts.
_OTHERS = {"reads_in_the_web_process": reads_in_the_web_process, "unknown_sent_again": unknown_sent_again}

if os.environ.get("IEUM_FAULTS_BREAK"):
    ({name: variant for name, (variant, _) in VARIANTS.items()} | _OTHERS)[os.environ["IEUM_FAULTS_BREAK"]]()
    app = create_app()
