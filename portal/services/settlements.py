"""Taking in a partner's settlement data: every row accepted or refused, the same bytes answered as before."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import FileRefused, Incomplete, NotPermitted, Problem
from portal.domain.layout_matching import LayoutUnknown
from portal.domain.permissions import Permission
from portal.domain.settlements import DeliverSettlement, FileFault, is_period
from portal.domain.webhooks import Event
from portal.models.base import reading_beside
from portal.models.settlements import Delivery
from portal.queries import links, settlements
from portal.services import order_values, platform_stores, steps, webhooks
from portal.storage import store_names
from portal.storage.lines import LineStore, StoreSeen
from portal.storage.objects import Stores
from portal.storage.readers import ReadResult, Sent, read_delivery
from portal.storage.refusals import RefusedRow, rows
from portal.storage.row_reading import read_rows
from portal.storage.sandbox import Heard, ReaderFailed, unheard

_OF_PASSWORD = (FileFault.PASSWORD_NEEDED, FileFault.PASSWORD_WRONG)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The delivery, and whether these bytes had been delivered before (`again`): then it is the first answer."""

    delivery: Delivery
    again: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read and is not stored: its bytes at `received`, what the reader left in the folder `into`, its
    lines written for delivery `number`.

    `result` None: the same bytes were stored before.
    """

    command: DeliverSettlement
    sha256: str
    received: Path
    into: Path
    number: int
    result: ReadResult | None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The line files that count for an organisation, and the number of its last delivery (0: none yet)."""

    paths: Sequence[Path]
    upto: int


def deliver(
    session: Session, stores: Stores, lines: LineStore, command: DeliverSettlement, *, by: Actor, at: datetime
) -> Delivered:
    """Takes in one file of one platform and month, in the contract's columns or in the platform's own form.

    Raises what `check` and `reading` raise; nothing of a file that cannot be read is kept.
    """
    check(command, by)
    with reading(session, lines, command, by=by) as read:
        return store(session, stores, lines, read, by=by, at=at)


def check(command: DeliverSettlement, by: Actor) -> None:
    """Raises NotPermitted, or Incomplete where platform or month are none."""
    check_may_deliver(by, command.platform)
    problems = []
    if command.platform not in data.platform_catalogue():
        problems.append(Problem("unknown_choice", "platform", command.platform))
    if not is_period(command.period):
        problems.append(Problem("not_a_month", "period", command.period))
    if problems:
        raise Incomplete(problems=problems)


def check_may_deliver(by: Actor, platform: str) -> None:
    """Raises NotPermitted."""
    if by.organisation_id is None or not by.may_deliver(platform):
        raise NotPermitted(Permission.SETTLEMENT_DELIVER)


@contextmanager
def reading(
    session: Session, lines: LineStore, command: DeliverSettlement, *, by: Actor, heard: Heard = unheard
) -> Generator[Read]:
    """The file read and judged, aside: it is gone when the block ends. `session` is not begun by this: however long it
    takes, nobody waits for it. `heard(done, of)` is told how far it is; what it raises ends the reading.

    Raises FileRefused when the file as a whole cannot be read; LayoutUnknown among these holds both lists of columns,
    for a person to compare. ReaderFailed when it is not the file's fault.
    """
    with tempfile.TemporaryDirectory(dir=lines.aside()) as folder:
        received, into = Path(folder) / "received", Path(folder) / "read"
        sha256 = _set_aside(command.stream, received)
        with reading_beside(session) as beside:
            known = settlements.same_bytes(beside, by.organisation_id or 0, command.platform, command.period, sha256)
            number = settlements.next_number(beside)
        if known is not None:
            yield Read(command, sha256, received, into, number, None)
            return
        into.mkdir()
        yield Read(command, sha256, received, into, number, _read(received, command, number, into, heard))


def store(session: Session, stores: Stores, lines: LineStore, read: Read, *, by: Actor, at: datetime) -> Delivered:
    """Keeps what was read, unless the same bytes were kept meanwhile: then the answer is that delivery."""
    organisation_id = by.organisation_id or 0
    # Files first, rows second: a crash in between leaves files nobody reads, and delivering again replaces them.
    warnings: dict[str, Any] = {}
    if read.result is not None:
        with read.received.open("rb") as raw:
            stores.deliveries.put(raw)
        warnings = order_values.told(read.result.parquet, read.command.platform, work=lines.aside())
    settlements.lock_deliveries(session, organisation_id)
    known = settlements.same_bytes(session, organisation_id, read.command.platform, read.command.period, read.sha256)
    if known is not None:
        return Delivered(known, again=True)
    if read.result is None:
        raise ReaderFailed("the delivery of the same bytes is gone")
    delivery = _new(read, by=by, at=at)
    session.add(delivery)
    session.flush()  # the delivery's number orders its lines after all earlier ones
    told = store_names.told(read.into)
    _keep(stores, lines, delivery, read.number, read.result)
    delivery.outcome |= warnings
    platform_stores.learn(session, delivery, told, by=by)
    details = {"received": delivery.received_rows, "accepted": delivery.accepted, "refused": delivery.refused}
    steps.write(session, "delivery", delivery.id, "deliver", by=by, at=at, note=delivery.filename, details=details)
    if delivery.refused:
        about = {"batch_id": delivery.id, "period": delivery.period, "refused": delivery.refused}
        webhooks.announce(session, Event.ROWS_REFUSED, delivery.platform, [delivery.organisation_id], about, at=at)
    return Delivered(delivery, again=False)


def taken_in(session: Session, lines: LineStore, organisation_id: int, *, upto: int | None = None) -> TakenIn:
    """What an assessment reads: the lines of all committed deliveries, or of those up to a number."""
    found = [d for d in settlements.with_lines(session, organisation_id) if upto is None or d.id <= upto]
    paths = [lines.path(delivery.platform, delivery.period, delivery.id) for delivery in found]
    return TakenIn(paths, found[-1].id if found else 0)


def unlinked_stores(session: Session, lines: LineStore, by: Actor) -> list[StoreSeen]:
    """The stores in an organisation's lines that no valid link covers on their newest day, most orders first."""
    until = links.linked_until(session)
    seen = lines.stores(among=taken_in(session, lines, by.organisation_id or 0).paths)
    return sorted(
        (store for store in seen if store.last_seen.date() > until.get((store.platform, store.store_id), date.min)),
        key=lambda store: (-store.lines, store.platform, store.store_id),
    )


def refused_rows(stores: Stores, delivery: Delivery) -> Iterator[RefusedRow]:
    """Every refused row of a delivery with its problems, in the order of the file."""
    return iter(()) if delivery.refused_sha256 is None else rows(stores.refusals.path(delivery.refused_sha256))


def _set_aside(stream: BinaryIO, path: Path) -> str:
    """The bytes under `path`; their SHA-256."""
    with path.open("wb+") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
        out.seek(0)
        return hashlib.file_digest(out, "sha256").hexdigest()


def _new(read: Read, *, by: Actor, at: datetime) -> Delivery:
    return Delivery(
        organisation_id=by.organisation_id,
        platform=read.command.platform,
        period=read.command.period,
        filename=read.command.filename[:200],
        sha256=read.sha256,
        size=read.received.stat().st_size,
        received_rows=0,
        accepted=0,
        refused=0,
        outcome={},
        delivered_by=by.user_id,
        delivered_at=at,
    )


def _read(received: Path, command: DeliverSettlement, number: int, into: Path, heard: Heard) -> ReadResult:
    """Every problem of the file as a whole points at `file`, the column it speaks of becomes its value."""
    if command.rows:
        return read_rows(
            command.rows, platform=command.platform, period=command.period, delivery_number=number, into=into
        )
    sent = Sent(command.filename, command.password, data.platform_catalogue()[command.platform].layouts)
    try:
        return read_delivery(
            received,
            platform=command.platform,
            period=command.period,
            delivery_number=number,
            into=into,
            sent=sent,
            heard=heard,
        )
    except LayoutUnknown as unknown:
        raise LayoutUnknown(unknown.comparison, _pointing(unknown.problems)) from unknown
    except FileRefused as refusal:
        raise FileRefused(problems=_pointing(refusal.problems)) from refusal


def _pointing(problems: Sequence[Problem]) -> list[Problem]:
    """At the field of the form or the option of the command that has to be looked at."""
    return [
        replace(found, field="password" if found.code in _OF_PASSWORD else "file", value=found.field or found.value)
        for found in problems
    ]


def _keep(stores: Stores, lines: LineStore, delivery: Delivery, number: int, result: ReadResult) -> None:
    if result.parquet is not None:
        if number != delivery.id:  # another delivery came first
            lines.renumber(result.parquet, delivery.id)
        delivery.lines_sha256 = lines.publish(result.parquet, delivery.platform, delivery.period, delivery.id)
    if result.refused:
        with result.refusals.open("rb") as refused:
            delivery.refused_sha256 = stores.refusals.put(refused).sha256
    delivery.received_rows, delivery.accepted, delivery.refused = result.rows, result.accepted, result.refused
    delivery.outcome = _plain(asdict(result.outcome)) | {
        "encoding": result.encoding,
        "layout": result.layout,
        "first_problems": [_plain(asdict(problem)) for problem in result.first_problems],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}
