"""Settlement batches: rows in, what became of each row out. Rows are judged by what judges every delivery's."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import islice
from typing import Any, BinaryIO

from flask import request

from forms.api_payloads import LARGEST_PAGE, cursor_of
from forms.settlement_payloads import cells_of, ndjson_as_csv
from portal.clock import now
from portal.domain.settlements import DeliverSettlement
from portal.models.base import db
from portal.queries import settlements
from portal.queries.pages import next_key
from portal.services import settlements as services
from portal.services.settlements import RefusedRow
from portal.web import line_labels, received
from portal.web.bearer import partner
from portal.web.files import lines, stores
from portal.web.partner.answers import page

NDJSON = "application/x-ndjson"
CSV = "text/csv"


def deliver(body: dict[str, Any]) -> dict[str, Any]:
    """The bytes that came are kept as they came; what is judged are the rows that were read out of them."""
    return _delivered(body["period"], "json", BytesIO(request.get_data()), cells_of(body["rows"]))


def stream(asked: dict[str, Any]) -> dict[str, Any]:
    body = received.stream()
    return _delivered(asked["period"], "csv", ndjson_as_csv(body) if request.mimetype == NDJSON else body)


def index(asked: dict[str, Any]) -> dict[str, Any]:
    by = partner()
    rows = settlements.page(db.session(), by.actor, platform=by.platform, before=asked["cursor"])
    return page([_batch(row) for row in rows], cursor_of(next_key(rows, settlements.PAGE)))


def show(id: int) -> dict[str, Any]:
    by = partner()
    return _batch(settlements.of_platform(db.session(), id, by.actor, by.platform))


def refused(asked: dict[str, Any], id: int) -> dict[str, Any]:
    by = partner()
    delivery = settlements.of_platform(db.session(), id, by.actor, by.platform)
    return _refused(delivery, after=asked["cursor"] or 0)


def _delivered(period: str, kind: str, body: BinaryIO, rows: Sequence[Sequence[str]] = ()) -> dict[str, Any]:
    by = partner()
    command = DeliverSettlement(by.platform, period, f"api-{by.platform}-{period}.{kind}", body, rows=rows)
    done = services.deliver(db.session(), stores(), lines(), command, by=by.actor, at=now())
    return _batch(done.delivery) | {"again": done.again, "refused_rows": _refused(done.delivery)}


def _batch(delivery: Any) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "period": delivery.period,
        "status": "stored",
        "received_rows": delivery.received_rows,
        "accepted": delivery.accepted,
        "refused": delivery.refused,
        "problems_by_code": delivery.outcome["problems_by_code"],
        "totals": delivery.outcome["totals"],
        "warnings": delivery.outcome.get("warnings", []),
        "warned_stores": delivery.outcome.get("warned_stores", 0),
        "delivered_at": delivery.delivered_at,
    }


def _refused(delivery: Any, *, after: int = 0) -> dict[str, Any]:
    later = (row for row in services.refused_rows(stores(), delivery) if row.row > after)
    found = [_row(row) for row in islice(later, LARGEST_PAGE)]
    return page(found, cursor_of(found[-1]["row"] if len(found) == LARGEST_PAGE else None))


def _row(found: RefusedRow) -> dict[str, Any]:
    problems = [
        {"code": p.code, "field": p.field, "value": p.value, "message": line_labels.line_fault_in_one(p.code)}
        for p in found.problems
    ]
    return {"row": found.row, "problems": problems, "raw": found.raw}
