"""Asks the tax office (국세청 사업자등록 상태조회) whether businesses trade: at most 100 numbers a call."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx

from portal.domain.snapshots import Heard, RegisterAccess, SnapshotAnswer, TaxAnswer
from portal.gateways import registers

MOST = 100
_CODES = {"01": SnapshotAnswer.ACTIVE, "02": SnapshotAnswer.SUSPENDED, "03": SnapshotAnswer.CLOSED}
_UNREGISTERED = "등록되지 않은"  # "국세청에 등록되지 않은 사업자등록번호입니다": the status code is empty then


def status(access: RegisterAccess, numbers: Sequence[str]) -> Heard:
    """What is said of these numbers. Where nothing is said in the agreed form, there is no answer for that number."""
    if len(numbers) > MOST:
        raise ValueError(f"at most {MOST} numbers a call, not {len(numbers)}")
    try:
        raw = registers.posted(
            f"{access.url}/status",
            {"b_no": list(numbers)},
            query={"serviceKey": access.key},
            headers={"Accept": "application/json"},
            seconds=access.wait.total_seconds(),
        )
        rows = json.loads(raw)["data"]
        found = {row["b_no"]: said for row in rows if row["b_no"] in numbers and (said := _said(row)) is not None}
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Heard({}, None)
    return Heard(found, hashlib.sha256(raw).hexdigest())


def _said(row: Any) -> TaxAnswer | None:
    code = row.get("b_stt_cd") or ""
    if code in _CODES:
        ended = row.get("end_dt") or ""
        closed = _CODES[code] is SnapshotAnswer.CLOSED and ended
        return TaxAnswer(_CODES[code], datetime.strptime(ended, "%Y%m%d").date() if closed else None)  # noqa: DTZ007
    if not code and _UNREGISTERED in (row.get("tax_type") or ""):
        return TaxAnswer(SnapshotAnswer.UNREGISTERED)
    return None
