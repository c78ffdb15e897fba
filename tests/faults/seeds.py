"""Seeds that once failed are tried again, each time, before new ones: failed_seeds.txt, one `harness seed` a line."""

from __future__ import annotations

from pathlib import Path

FAILED = Path(__file__).with_name("failed_seeds.txt")


def failed_before(harness: str) -> list[int]:
    words = [line.split() for line in FAILED.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [int(seed) for name, seed in words if name == harness]


def remember(harness: str, seed: int) -> None:
    if seed not in failed_before(harness):
        with FAILED.open("a", encoding="utf-8") as out:
            out.write(f"{harness} {seed}\n")
