"""Making a file survive a power cut: its bytes, its name and the folder that holds the name."""

from __future__ import annotations

import os
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_one_by_one = True


def fsync(descriptor: int) -> None:
    """Waits until what was written there is on the disk."""
    if _one_by_one:
        os.fsync(descriptor)


@contextmanager
def all_at_once() -> Generator[None]:
    """One wait at the end instead of thousands: for filling an empty portal, where nobody is told of a part."""
    global _one_by_one  # noqa: PLW0603 (one process fills one portal)
    _one_by_one = False
    try:
        yield
    finally:
        _one_by_one = True
        os.sync()


def fsync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def move_durably(source: Path, target: Path) -> None:
    """Rename inside one file system, atomically; new folders on the way and the name itself are durable afterwards.

    The caller has fsynced the bytes of `source`.
    """
    made = [folder for folder in target.parents if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    # The folder above too: another process may have made this one a moment ago and not have got so far.
    for folder in {target.parent, target.parent.parent, *(folder.parent for folder in made)}:
        fsync_folder(folder)


def write_durably(target: Path, data: bytes) -> None:
    """Write a small file whole: aside, fsynced, renamed; a reader sees the old one, the new one or none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{uuid.uuid4().hex}")
    aside.write_bytes(data)
    fsync_file(aside)
    move_durably(aside, target)
