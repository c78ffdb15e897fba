"""Sends one signed message to one registered address. Never follows it elsewhere, never reads more than its status."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from portal.domain.signatures import HEADER, sign
from portal.domain.webhooks import Answer, Sending

SECONDS = 10.0
_AT_ONCE = 2  # tries in a row where no connection came about; the outbox waits longer between its own


def send(sending: Sending, *, loopback: bool, at: datetime) -> Answer:
    """Posts the message and says how it ended. `loopback`: addresses of this machine are allowed (a demo, tests)."""
    body = json.dumps(sending.body, ensure_ascii=False, separators=(",", ":"))
    headers = {"Content-Type": "application/json", HEADER: sign(sending.signing_key, body, at=at)}
    try:
        if not loopback and not _is_public(httpx.URL(sending.url).host):
            return Answer(problem="private_address")
        for attempt in Retrying(
            stop=stop_after_attempt(_AT_ONCE),
            wait=wait_fixed(0.2),
            retry=retry_if_exception_type(httpx.ConnectError),
            reraise=True,
        ):
            with attempt:
                return _apart(_posted(sending.url, body.encode(), headers))
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Answer(problem=type(error).__name__)
    return Answer(problem="not_sent")


def _apart(posting: Coroutine[None, None, Answer]) -> Answer:
    """What comes of it, in a thread of its own: whoever asks may have a loop of events running already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(posting)).result()


async def _posted(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """The status alone, and a deadline over all of it: a listener that answers drop by drop keeps no worker."""
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        return Answer(status=response.status_code)


def _is_public(host: str) -> bool:
    """Whether every address behind the name is one of the open internet."""
    found = {entry[4][0] for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    return bool(found) and all(ipaddress.ip_address(address).is_global for address in found)
