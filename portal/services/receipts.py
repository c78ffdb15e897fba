"""Files that come in to be read: received and kept at once, read by a worker, looked at where they cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import FileRefused, InvalidTransition
from portal.domain.jobs import JobKind
from portal.domain.receipts import LIFECYCLE, ReceiptStatus, to_plain
from portal.domain.settlements import DeliverSettlement
from portal.models.receipts import Receipt
from portal.models.settlements import Delivery
from portal.queries import accounts, receipts, settlements
from portal.services import jobs, steps
from portal.services import settlements as deliveries
from portal.storage.lines import LineStore
from portal.storage.objects import Stored, Stores
from portal.storage.sandbox import Heard

Reading = Callable[[], AbstractContextManager[Session]]
LastAct = Callable[[Session, datetime], None]


@dataclass(frozen=True, slots=True)
class Received:
    """What came of handing in a file: the delivery of the same bytes, or else a receipt and the job that reads it."""

    delivery: Delivery | None
    receipt_id: int = 0
    job_id: int = 0


def receive(
    session: Session,
    stores: Stores,
    command: DeliverSettlement,
    *,
    by: Actor,
    at: datetime,
    instead_of: int | None = None,
) -> Received:
    """Keeps a file to be read by a worker; `instead_of`: the receipt of one that could not be read, which is closed.

    Raises NotPermitted, or Incomplete where platform or month are none.
    """
    deliveries.check(command, by)
    if instead_of is not None and receipts.of_organisation(session, instead_of, by).waits_for_a_person:
        _close(session, _to_close(session, instead_of, by), by=by, at=at, note="another file came instead")
    stored = stores.deliveries.put(command.stream)
    known = settlements.same_bytes(session, by.organisation_id or 0, command.platform, command.period, stored.sha256)
    if known is not None:
        return Received(known)
    receipt = _receipt(command, stored, by, at)
    receipt.password = command.password or None
    steps.begin(session, receipt, LIFECYCLE, "receive", by=by, at=at)
    return _to_be_read(session, receipt, by=by, at=at)


def keep_refused(
    session: Session, stores: Stores, command: DeliverSettlement, refusal: FileRefused, *, by: Actor, at: datetime
) -> Receipt:
    """Keeps a file that was read where it came in and refused, for a person to look at."""
    deliveries.check(command, by)
    command.stream.seek(0)
    receipt = _receipt(command, stores.deliveries.put(command.stream), by, at)
    steps.begin(session, receipt, LIFECYCLE, "receive", by=by, at=at)
    _refuse(session, receipt, refusal, by=by, at=at)
    return receipt


def read(reading: Reading, stores: Stores, lines: LineStore, receipt_id: int, *, heard: Heard) -> LastAct:
    """Reads a received file, outside of any transaction; what is answered writes down what came of it, inside one.

    `reading` opens a transaction to look things up in. Raises what `heard` raises, and ReaderFailed.
    """
    with reading() as session:
        receipt = receipts.by_id(session, receipt_id).receipt
        by, password = accounts.actor_of(receipt.receiver), receipt.password or ""
        about = (receipt.platform, receipt.period, receipt.filename)
        engine, sha256 = session.get_bind(), receipt.sha256
    with ExitStack() as stack:
        stream = stack.enter_context(stores.deliveries.open(sha256))
        command = DeliverSettlement(*about, stream, password)
        try:
            found = stack.enter_context(deliveries.reading(Session(engine), lines, command, by=by, heard=heard))
        except FileRefused as refusal:
            return _refusing(receipt_id, refusal, by)
        files = stack.pop_all()

    def store(session: Session, at: datetime) -> None:
        with files:
            receipt = _locked(session, receipt_id)
            if receipt.status is not ReceiptStatus.RECEIVED:
                return
            delivered = deliveries.store(session, stores, lines, found, by=by, at=at)
            receipt.delivery_id, receipt.password = delivered.delivery.id, None
            steps.take(session, receipt, LIFECYCLE, "store", by=by, at=at)

    return store


def read_again(session: Session, receipt_id: int, password: str, *, by: Actor, at: datetime) -> Received:
    """Has a file read once more: with a password, or because its layout is known by now. The old receipt is closed.

    Raises InvalidTransition while it is being read.
    """
    old = _to_close(session, receipt_id, by)
    receipt = Receipt(
        organisation_id=old.organisation_id,
        platform=old.platform,
        period=old.period,
        filename=old.filename,
        sha256=old.sha256,
        size=old.size,
        password=password or None,
        received_by=by.user_id,
        received_at=at,
    )
    steps.begin(session, receipt, LIFECYCLE, "receive", by=by, at=at)
    _close(session, old, by=by, at=at, note=f"read again: {receipt.id}")
    return _to_be_read(session, receipt, by=by, at=at)


def close(session: Session, receipt_id: int, note: str, *, by: Actor, at: datetime) -> None:
    """Puts a file aside that will not be read, with the reason; one that waits or is being read is not read on."""
    found = receipts.of_organisation(session, receipt_id, by)
    if found.moving and found.job is not None:
        jobs.cancel(session, found.job.id, by=by, at=at)
    _close(session, _to_close(session, receipt_id, by), by=by, at=at, note=note)


def _to_be_read(session: Session, receipt: Receipt, *, by: Actor, at: datetime) -> Received:
    return Received(None, receipt.id, jobs.ask(session, JobKind.READING, receipt.id, by=by, at=at).id)


def _to_close(session: Session, receipt_id: int, by: Actor) -> Receipt:
    """The receipt, locked. Raises InvalidTransition where it is being read."""
    receipts.of_organisation(session, receipt_id, by)
    receipt = _locked(session, receipt_id)
    if receipts.by_id(session, receipt_id).moving:
        raise InvalidTransition(f"receipt {receipt_id} is being read")
    deliveries.check_may_deliver(by, receipt.platform)
    return receipt


def _close(session: Session, receipt: Receipt, *, by: Actor, at: datetime, note: str) -> None:
    receipt.password = None
    steps.take(session, receipt, LIFECYCLE, "close", by=by, at=at, note=note)


def _refusing(receipt_id: int, refusal: FileRefused, by: Actor) -> LastAct:
    def refuse(session: Session, at: datetime) -> None:
        receipt = _locked(session, receipt_id)
        if receipt.status is ReceiptStatus.RECEIVED:
            _refuse(session, receipt, refusal, by=by, at=at)

    return refuse


def _refuse(session: Session, receipt: Receipt, refusal: FileRefused, *, by: Actor, at: datetime) -> None:
    receipt.refusal, receipt.password = to_plain(refusal), None
    steps.take(session, receipt, LIFECYCLE, "refuse", by=by, at=at)


def _locked(session: Session, receipt_id: int) -> Receipt:
    return session.get_one(Receipt, receipt_id, with_for_update={"of": Receipt}, populate_existing=True)


def _receipt(command: DeliverSettlement, stored: Stored, by: Actor, at: datetime) -> Receipt:
    return Receipt(
        organisation_id=by.organisation_id,
        platform=command.platform,
        period=command.period,
        filename=command.filename[:200],
        sha256=stored.sha256,
        size=stored.size,
        received_by=by.user_id,
        received_at=at,
    )
