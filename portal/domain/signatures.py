"""Signatures between a platform's program and the portal: HMAC-SHA256 over the moment and what is said then.

The header reads `t=1790000000123,v1=hex`: the moment is in milliseconds, so that equal requests within a second differ.
A request signs `t.METHOD.target.sha256 of its body`, a webhook `t.its body`.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

HEADER = "Ieum-Signature"
WINDOW = timedelta(minutes=5)  # so far may the two clocks be apart, and so long is a signature good

_HEADER = re.compile(r"t=([0-9]{1,15}),v1=([0-9a-f]{64})")


def of_request(method: str, target: str, body_sha256: str) -> str:
    """What a request says: `target` is its path with its query, as sent."""
    return f"{method}.{target}.{body_sha256}"


def sign(key: str, said: str, *, at: datetime) -> str:
    """The header for what is said at this moment."""
    moment = int(at.timestamp() * 1000)
    return f"t={moment},v1={_digest(key, moment, said)}"


def fault(header: str, key: str, said: str, *, at: datetime) -> str:
    """The code of what is wrong with the header, "" for a good one."""
    if not header:
        return "signature_missing"
    found = _HEADER.fullmatch(header)
    if found is None or not hmac.compare_digest(found[2], _digest(key, int(found[1]), said)):
        return "signature_wrong"
    apart = abs(at.astimezone(UTC).timestamp() - int(found[1]) / 1000)
    return "signature_old" if apart > WINDOW.total_seconds() else ""


def _digest(key: str, moment: int, said: str) -> str:
    return hmac.new(key.encode(), f"{moment}.{said}".encode(), hashlib.sha256).hexdigest()
