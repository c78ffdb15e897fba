"""One short call to an outside register: JSON in, bytes out; never anything of its address in a log."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import httpx

# It writes addresses into the log, and one register takes our key in its address.
logging.getLogger("httpx").setLevel(logging.WARNING)

_MOST = 1024 * 1024


def posted(url: str, body: Any, *, query: Mapping[str, str], headers: Mapping[str, str], seconds: float) -> bytes:
    """The body of a 200. Raises httpx.HTTPError for everything else. Follows no redirect and no proxy."""
    ends, read = time.monotonic() + seconds, b""
    with (
        httpx.Client(timeout=seconds, follow_redirects=False, trust_env=False) as client,
        client.stream("POST", url, json=body, params=dict(query), headers=dict(headers)) as response,
    ):
        if response.status_code != 200:
            raise httpx.RemoteProtocolError(f"the register answered {response.status_code}")
        for part in response.iter_bytes():
            read += part
            if len(read) > _MOST or time.monotonic() > ends:
                raise httpx.ReadTimeout("an answer too long or too slow")
    return read
