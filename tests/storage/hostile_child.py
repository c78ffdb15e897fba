"""Stands in for a reader that has met a hostile file; run by tests/storage/test_sandbox.py."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path


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
    if how == "look around":
        group = Path("/proc/self/autogroup")
        seen = {"nice": os.nice(0), "group": group.read_text() if group.exists() else ""}
        Path("answer.json").write_text(json.dumps({"environment": dict(os.environ), "cwd": os.getcwd(), **seen}))


if __name__ == "__main__":
    behave(json.loads(sys.argv[1])["how"])
