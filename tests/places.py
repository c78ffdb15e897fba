"""Where a run of the tests keeps its files: in memory where there is room, for nothing there has to outlive a machine.

Every commit and stored file waits for the disk otherwise. Whoever sets TMPDIR, or pytest's --basetemp, has chosen.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3  # bytes; the write-ahead log of PostgreSQL alone may come to one GiB


def roomy(memory: Path = MEMORY, *, room: int = _ROOM) -> Path:
    """The folder for temporary files: `memory` if one may write and start programs there and `room` bytes are free."""
    disk = Path(tempfile.gettempdir())
    if "TMPDIR" in os.environ or not os.access(memory, os.W_OK):
        return disk
    found = os.statvfs(memory)
    small = found.f_bavail * found.f_frsize < room
    return disk if small or found.f_flag & os.ST_NOEXEC else memory


def use(folder: Path) -> None:
    """Temporary files of this process and of all that it starts, browsers among them, lie in `folder` from now on."""
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # asked for anew
