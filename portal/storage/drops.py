"""A folder into which platforms drop files (by SFTP): FOLDER/<platform>/<YYYY-MM>/<file>.

What was taken in moves to `taken` beside it, what was refused to `refused` with the reasons. A crash before the move
does no harm: the same bytes delivered again are the same delivery.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

TAKEN, REFUSED = "taken", "refused"
_UNFINISHED = (".part", ".filepart", ".tmp")


@dataclass(frozen=True, slots=True)
class Drop:
    """A file that waits, and what its folders say about it."""

    path: Path
    platform: str
    period: str


def waiting(folder: Path, *, at: datetime, settle: int) -> list[Drop]:
    """Files that nobody has written to for `settle` seconds, oldest first; no links, which may lead anywhere."""
    inside = (path for path in folder.glob("*/*/*") if path.parent.resolve().is_relative_to(folder.resolve()))
    found = [(path.lstat(), path) for path in inside if not path.name.startswith(".")]
    ready = [
        (status.st_mtime_ns, path)
        for status, path in found
        if stat.S_ISREG(status.st_mode)
        and path.suffix not in _UNFINISHED
        and at.timestamp() - status.st_mtime >= settle
    ]
    return [Drop(path, path.parts[-3], path.parts[-2]) for _, path in sorted(ready)]


def take(drop: Drop, number: int) -> None:
    """Moves it aside under the number of its delivery."""
    _move(drop, TAKEN, f"{number}-{drop.path.name}")


def refuse(drop: Drop, reasons: Sequence[str]) -> None:
    """Moves it aside with a text that says why; a file of the same name that was refused before is replaced."""
    name = drop.path.name
    _move(drop, REFUSED, name)
    (drop.path.parent / REFUSED / f"{name}.txt").write_text("\n".join([*reasons, ""]), encoding="utf-8")


def opened(drop: Drop) -> int:
    """A descriptor of the file itself, even if it was made a link in the meantime (then OSError)."""
    return os.open(drop.path, os.O_RDONLY | os.O_NOFOLLOW)


def _move(drop: Drop, where: str, name: str) -> None:
    target = drop.path.parent / where
    target.mkdir(exist_ok=True)
    drop.path.replace(target / name)
