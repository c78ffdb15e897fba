"""A small client of the partner API, as an example to start from. Needs Python 3.11 and httpx, nothing of the portal.

with IeumClient("https://o2o.example.kr", client_id, client_secret) as ieum:
    for link in ieum.links(status="proposed"):
        ieum.confirm_link(link["id"])
    batch = ieum.deliver("2026-05", rows)
    print(batch["accepted"], "accepted", batch["refused"], "refused")
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict

import httpx

API = "/api/v1"
ROWS_AT_ONCE = 5_000
PATIENCE = (1, 2, 4, 8)  # seconds between tries of a request that may be sent again


class Link(TypedDict):
    id: int
    store_id: str
    status: str
    trade_name: str
    business_number: str
    valid_from: str
    valid_to: str | None


class Batch(TypedDict):
    id: int
    period: str
    received_rows: int
    accepted: int
    refused: int
    again: bool
    refused_rows: dict[str, Any]


class Refused(Exception):
    """The portal's answer to what it does not take; `code` is stable, `problems` names fields and rows."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status, self.code = status, str(body.get("code") or body.get("error") or status)
        self.problems: Sequence[Mapping[str, Any]] = body.get("problems", ())
        super().__init__(f"{status} {self.code}: {body.get('detail', '')}")


class IeumClient:
    """Gets tokens by itself. What changes something carries an Idempotency-Key, so it may be sent again after a cut."""

    def __init__(
        self, url: str, client_id: str, client_secret: str, *, signing_key: str = "", timeout: float = 120
    ) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout)
        self._credentials = (client_id, client_secret)
        self._signing_key = signing_key
        self._token, self._token_ends = "", 0.0

    def __enter__(self) -> IeumClient:
        return self

    def __exit__(self, *_error: object) -> None:
        self._http.close()

    def links(self, *, status: str = "") -> Iterator[Link]:
        """Every link to one of the platform's stores, page after page."""
        yield from self._pages("/links", {"status": status} if status else {})

    def confirm_link(self, link_id: int) -> Link:
        return self._send("POST", f"/links/{link_id}/confirmation", {})

    def refuse_link(self, link_id: int, reason: str) -> Link:
        return self._send("POST", f"/links/{link_id}/refusal", {"reason": reason})

    def deliver(self, period: str, rows: Sequence[Mapping[str, Any]], *, key: str = "") -> Batch:
        """Up to 5,000 rows of a month (`YYYY-MM`). Use the same `key` to send the same batch again."""
        return self._send("POST", "/batches", {"period": period, "rows": list(rows)}, key=key)

    def deliver_stream(self, period: str, rows: Iterable[Mapping[str, Any]], *, key: str = "") -> Batch:
        """Any number of rows, as packed NDJSON."""
        packed = gzip.compress("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode(), mtime=0)
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        return self._request("POST", f"/batches/stream?period={period}", packed, headers, key=key or _new_key())

    def batches(self) -> Iterator[Batch]:
        yield from self._pages("/batches", {})

    def refused_rows(self, batch_id: int) -> Iterator[Mapping[str, Any]]:
        yield from self._pages(f"/batches/{batch_id}/refused", {})

    def state_month(self, period: str, figures: Mapping[str, int]) -> Mapping[str, Any]:
        """The platform's own totals of a month; the answer says where they differ from what is stored."""
        return self._send("PUT", f"/statements/{period}", {"figures": dict(figures)})

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        cursor: str | None = ""
        while cursor is not None:
            asked = {**query, **({"cursor": cursor} if cursor else {})}
            page = self._request("GET", str(httpx.URL(path, params=asked)) if asked else path)
            yield from page["items"]
            cursor = page["next_cursor"]

    def _send(self, method: str, path: str, body: object, *, key: str = "") -> Any:
        content = json.dumps(body, ensure_ascii=False).encode()
        return self._request(method, path, content, {"Content-Type": "application/json"}, key=key or _new_key())

    def _request(
        self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None, *, key: str = ""
    ) -> Any:
        """The answer's JSON. Sent again where the way was cut, the portal busy or too often asked. Raises Refused."""
        for pause in (*PATIENCE, None):
            try:
                answer = self._http.request(
                    method, API + path, content=content, headers=self._headers(method, path, content, headers, key)
                )
            except httpx.TransportError:
                if pause is None:
                    raise
                time.sleep(pause)
                continue
            if answer.is_success:
                return answer.json()
            if answer.status_code not in (429, 503) or pause is None:
                raise Refused(answer.status_code, answer.json())
            time.sleep(int(answer.headers.get("Retry-After", pause)))
        raise AssertionError("unreachable")

    def _headers(
        self, method: str, path: str, content: bytes, more: Mapping[str, str] | None, key: str
    ) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self._living_token()}", **(more or {})}
        if key:
            headers["Idempotency-Key"] = key
        if self._signing_key:
            said = f"{method}.{API}{path}.{hashlib.sha256(content).hexdigest()}"
            headers["Ieum-Signature"] = sign(self._signing_key, said)
        return headers

    def _living_token(self) -> str:
        if time.monotonic() >= self._token_ends:
            form = {"grant_type": "client_credentials"}
            answer = self._http.post(f"{API}/token", data=form, auth=self._credentials)
            if not answer.is_success:
                raise Refused(answer.status_code, answer.json())
            self._token = answer.json()["access_token"]
            self._token_ends = time.monotonic() + answer.json()["expires_in"] - 30
        return self._token


def practise(ieum: IeumClient, period: str) -> Iterator[str]:
    """Tries everything once and says what came of it, for a client that practises; `period`: `YYYY-MM`."""
    linked = next(ieum.links(status="confirmed"))
    for link in list(ieum.links(status="proposed")):
        try:
            yield f"{ieum.confirm_link(link['id'])['store_id']} {link['trade_name']}: confirmed"
        except Refused as taken:  # the store is another merchant's already
            ieum.refuse_link(link["id"], "다른 가맹점의 매장입니다.")
            yield f"{link['store_id']} {link['trade_name']}: {taken.code}, so refused"

    run = uuid.uuid4().hex[:8]
    good = [_row(linked["store_id"], f"{run}-{number}", period) for number in range(3)]
    twice = [_row(linked["store_id"], f"{run}-twice", period, more) for more in (0, 1)]
    bad = [{**good[0], "order_no": f"{run}-bad", "delivery_fee": "3,000원"}]
    batch = ieum.deliver(period, [*good, *twice, *bad])
    yield f"batch {batch['id']}: {batch['accepted']} accepted, {batch['refused']} refused"
    for refused in ieum.refused_rows(batch["id"]):
        yield f"row {refused['row']}: {refused['problems'][0]['code']}"
    cancelled = ieum.deliver_stream(period, [{**good[0], "status": "cancelled", "order_amount": 0}])
    yield f"batch {cancelled['id']}: a later statement of an order"
    yield f"the month's differences: {ieum.state_month(period, {'orders': 2, 'cancelled': 2})['differences']}"


def _row(store_id: str, order_no: str, period: str, more: int = 0) -> dict[str, object]:
    return {
        "store_id": store_id, "order_no": order_no, "channel": "delivery", "ordered_at": f"{period}-03 12:30:00",
        "status": "completed", "payment_method": "card", "order_amount": 20_000, "delivery_fee": 3_000 + more,
        "delivery_support": 0, "promotion_cost": 0, "promotion_support": 0, "brokerage_fee": 1_500, "payment_fee": 500,
    }  # fmt: skip


def sign(key: str, said: str) -> str:
    """The header Ieum-Signature for what is said now."""
    moment = time.time_ns() // 1_000_000
    digest = hmac.new(key.encode(), f"{moment}.{said}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def is_from_ieum(signing_key: str, header: str, body: bytes, *, seconds: int = 300) -> bool:
    """Whether a webhook was signed by the portal a moment ago. `body`: the bytes as they came."""
    moment, _, digest = header.removeprefix("t=").partition(",v1=")
    if not moment.isdecimal() or abs(time.time() - int(moment) / 1000) > seconds:
        return False
    wanted = hmac.new(signing_key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, digest)


def _new_key() -> str:
    return uuid.uuid4().hex
