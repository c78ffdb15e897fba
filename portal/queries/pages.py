"""Pages of lists that go on after a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def next_key(rows: Sequence[Any], size: int) -> int | None:
    """The key after which the next page begins; None where this one is not full and so the last."""
    return rows[-1].id if len(rows) == size else None
