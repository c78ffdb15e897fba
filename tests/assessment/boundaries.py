"""Moving caps and pools to where they just bind: at, one won above or one won below what a group of lines asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from portal.domain.terms import LARGEST_WON
from tests.assessment import reference
from tests.assessment.worlds import World

Limit = dict[str, Any]


def tightened(world: World, random: Random, *, most: int = 4) -> World:
    """The world with some of its caps and pools (in the order in which they apply) moved to such an amount."""
    limits = list(_limits(world))
    chosen = sorted(random.sample(range(len(limits)), min(most, len(limits))))
    for place in chosen:
        limit, group_of = limits[place]
        asked = _asked(world, limit, group_of)
        if asked:
            won = int(random.choice(asked)) + random.choice((-1, 0, 0, 1))
            limit["amount"] = max(won, 0)
    for limit, _ in limits:  # what lines ask for, and what a large world was given, may be more than terms can say
        limit["amount"] = min(limit["amount"], LARGEST_WON)
    return world


def _limits(world: World) -> Iterator[tuple[Limit, Callable[[Any], object]]]:
    for terms in world.terms:
        for item in terms["item"]:
            for cap in item["caps"]:
                yield cap, lambda row, per=cap["per"]: reference.cap_group(row, per)
        for pool in terms["pool"]:
            yield pool, lambda row, per=pool["per"]: reference.period(row.line["ordered_at"], per)


def _asked(world: World, limit: Limit, group_of: Callable[[Any], object]) -> list[Any]:
    """Running totals of what lines bring to the limit, won: of each group after each line."""
    answer = reference.recompute(world.terms, world.lines, world.links, world.enrolments, world.until)
    running: dict[object, Any] = defaultdict(int)
    found = []
    for row in sorted(answer.rows, key=lambda row: reference.turn(row.line)):
        for _, one, before, _ in row.steps:
            if one is limit and before:
                running[group_of(row)] += before
                found.append(running[group_of(row)])
    return found
