"""Worlds by number, and what the portal answers about those that every run of the tests looks at."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.assessment.assessing import Answer, assessed
from tests.assessment.boundaries import tightened
from tests.assessment.worlds import World, dense, world

# Between them they notice every mutant; `python -m tests.assessment.choosing 300 1` finds others when worlds change.
CHOSEN = (256, 268, 195, 281, 264, 65, 263, 128)
ASKED_ONCE = pytest.mark.xdist_group("chosen worlds")  # for tests that want `answer`: on one worker of the tests
FAILED = Path(__file__).with_name("failed_worlds.txt")

# Large inputs are worked through in parts: with few every rule meets a border of parts, and with more than eight the
# prints of orders are counted in parts too.
PARTS = (3, 9)


def seeded(seed: int) -> World:
    """The world of that number."""
    random = Random(seed)
    made = tightened(world(random), random)
    made.name = f"world {seed}"
    return made


def crowded(seed: int) -> World:
    """The dense world of that number."""
    random = Random(seed)
    made = tightened(dense(random), random)
    made.name = f"dense world {seed}"
    return made


def failed_before() -> list[int]:
    """Worlds on which the implementations once differed: they are looked at for ever."""
    return [int(line) for line in FAILED.read_text(encoding="utf-8").splitlines() if line.isdigit()]


def note_failed(seed: int) -> None:
    """Keeps a world for all later runs."""
    if seed not in failed_before():
        with FAILED.open("a", encoding="utf-8") as out:
            out.write(f"{seed}\n")


def in_parts(one: World, parts: int) -> int:
    """How many rows at once make so many parts of the world."""
    return -(-len(one.lines) // parts)


@cache
def answer(seed: int) -> Answer:
    """The portal's answer about that world, asked once."""
    return assessed(seeded(seed))
