"""Taking in a partner's settlement data: every row accepted or refused, the same bytes answered as before."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.errors import Incomplete, NotPermitted, Problem
from portal.domain.settlements import DeliverSettlement, is_period
from portal.models.settlements import Delivery
from portal.queries import settlements
from portal.services import steps
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from portal.storage.readers import ReadResult, read_delivery


@dataclass(frozen=True, slots=True)
class Delivered:
    """The delivery, and whether these bytes had been delivered before (`again`): then it is the first answer."""

    delivery: Delivery
    again: bool


def deliver(
    session: Session, stores: Stores, lines: LineStore, command: DeliverSettlement, *, by: Actor, at: datetime
) -> Delivered:
    """Takes in one file of one platform and month. Raises FileRefused when the file as a whole cannot be read."""
    if by.organisation_id is None:
        raise NotPermitted("settlement data is delivered to an organisation")
    _check(command)
    stored = stores.deliveries.put(command.stream)
    known = settlements.same_bytes(session, by.organisation_id, command.platform, command.period, stored.sha256)
    if known is not None:
        return Delivered(known, again=True)
    delivery = Delivery(
        organisation_id=by.organisation_id,
        platform=command.platform,
        period=command.period,
        filename=command.filename[:200],
        sha256=stored.sha256,
        size=stored.size,
        received_rows=0,
        accepted=0,
        refused=0,
        outcome={},
        delivered_by=by.user_id,
        delivered_at=at,
    )
    session.add(delivery)
    session.flush()  # the delivery's number orders its lines after all earlier ones
    with tempfile.TemporaryDirectory(dir=lines.aside()) as aside:
        result = read_delivery(
            stores.deliveries.path(stored.sha256),
            platform=command.platform,
            period=command.period,
            delivery_number=delivery.id,
            into=Path(aside),
        )
        _keep(stores, lines, delivery, result)
    steps.write(session, "delivery", delivery.id, "deliver", by=by, at=at, note=command.filename[:200])
    return Delivered(delivery, again=False)


def stored_lines(session: Session, lines: LineStore, organisation_id: int, *, until: str = "9999-12") -> Sequence[Path]:
    """The line files of all committed deliveries up to a month: what an assessment reads."""
    return [
        lines.path(delivery.platform, delivery.period, delivery.id)
        for delivery in settlements.with_lines(session, organisation_id)
        if delivery.period <= until
    ]


def last_taken_in(session: Session, organisation_id: int, *, until: str) -> int:
    """The number of the last delivery that an assessment up to this month reads; 0 when there is none."""
    found = (d.id for d in settlements.with_lines(session, organisation_id) if d.period <= until)
    return max(found, default=0)


def _check(command: DeliverSettlement) -> None:
    problems = []
    if command.platform not in data.platform_catalogue():
        problems.append(Problem("unknown_platform", "platform", command.platform))
    if not is_period(command.period):
        problems.append(Problem("not_a_month", "period", command.period))
    if problems:
        raise Incomplete(problems=problems)


def _keep(stores: Stores, lines: LineStore, delivery: Delivery, result: ReadResult) -> None:
    """Lines first, row second: a crash in between leaves a file nobody reads, and delivering again replaces it."""
    if result.parquet is not None:
        delivery.lines_sha256 = lines.publish(result.parquet, delivery.platform, delivery.period, delivery.id)
    if result.refused:
        with result.refusals.open("rb") as rows:
            delivery.refused_sha256 = stores.refusals.put(rows).sha256
    delivery.received_rows, delivery.accepted, delivery.refused = result.rows, result.accepted, result.refused
    delivery.outcome = _plain(asdict(result.outcome)) | {
        "encoding": result.encoding,
        "first_problems": [_plain(asdict(problem)) for problem in result.first_problems],
    }


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in values.items()}
