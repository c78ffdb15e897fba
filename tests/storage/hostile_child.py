"""Stands in for a reader that has met a hostile file; run by tests/storage/test_sandbox.py."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

_AT_ONCE = 1 << 20


def behave(how: str) -> None:
    if how == "spin":
        while True:
            pass
    if how == "grow":
        held = [bytes(1 << 20) for _ in range(10_000)]
        print(len(held))
    if how == "write":
        Path("large").write_bytes(bytes(2 << 20))
    if how == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "fault":
        raise RuntimeError("a fault of ours")
    if how == "leave a child":
        left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path("answer.json").write_text(json.dumps({"pid": left.pid}))
    if how.startswith("remember"):
        needle = how.removeprefix("remember ")[::-1].encode()
        Path("answer.json").write_text(json.dumps({"found": _in_memory(needle)}))
    if how == "look around":
        group = Path("/proc/self/autogroup")
        seen: dict[str, object] = {"nice": os.nice(0), "group": group.read_text() if group.exists() else ""}
        seen |= {"nursery": os.getppid(), "handles": sorted(map(int, os.listdir("/proc/self/fd")))}
        seen |= {"limits": [resource.getrlimit(each)[0] for each in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]}
        Path("answer.json").write_text(json.dumps({"environment": dict(os.environ), "cwd": os.getcwd(), **seen}))


def _in_memory(needle: bytes) -> bool:
    """Whether these bytes are anywhere this process can write; the copy asked for itself is not counted."""
    found = 0
    with open("/proc/self/maps", encoding="utf-8") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in list(maps):
            bounds, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            first, last = (int(bound, 16) for bound in bounds.split("-"))
            for start in range(first, last, _AT_ONCE):
                memory.seek(start)
                try:
                    part = memory.read(min(_AT_ONCE, last - start))
                except OSError:
                    break
                found += len(re.findall(re.escape(needle) + b"!", part))
    return found > 0


def main() -> None:
    behave(json.loads(sys.argv[1])["how"])
