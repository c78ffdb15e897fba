"""When the machine fails and not the input: a full disk or too little memory, in plain words, whoever noticed it."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import duckdb

_PLAIN = {
    "No space left on device": "the disk is full",
    "max_temp_directory_size": "the disk is full",
    "File too large": "a file may not become so large here",
    "Out of Memory": "the memory is too small for this",
}


@contextmanager
def told_plainly() -> Generator[None]:
    """Raises OSError with one line where the disk, a file or the memory fails."""
    try:
        yield
    except (OSError, MemoryError, duckdb.IOException, duckdb.OutOfMemoryException) as wrong:
        text = str(wrong)
        plain = next((said for found, said in _PLAIN.items() if found in text), "")
        raise OSError(plain or next(iter(text.splitlines()), type(wrong).__name__)) from wrong
