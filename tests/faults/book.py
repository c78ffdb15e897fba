"""What the outside was told: every answer written down and on the disk before anything is done with it.

The portal is judged by this book, never by its own.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any


class Book:
    """One line of JSON an entry. Threads share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._out = path.open("a", encoding="utf-8")

    def write(self, **entry: Any) -> None:
        """On the disk when this returns."""
        with self._lock:
            self._out.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._out.flush()
            os.fsync(self._out.fileno())

    def entries(self, kind: str) -> list[dict[str, Any]]:
        """Those of one `kind`, in the order in which they were written."""
        with self.path.open(encoding="utf-8") as lines:
            return [entry for entry in map(json.loads, lines) if entry["kind"] == kind]

    def close(self) -> None:
        self._out.close()
