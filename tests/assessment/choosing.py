"""Choosing the worlds for answers.CHOSEN: as few as notice every mutant.

Run as `python -m tests.assessment.choosing 300 1`: of so many worlds, every mutant noticed by so many."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict

from tests.assessment.answers import seeded
from tests.assessment.assessing import recomputed
from tests.assessment.mutants import MUTANTS, mutant


def noticing(seeds: range) -> dict[str, set[int]]:
    """{mutant: the worlds that notice it}"""
    found: dict[str, set[int]] = defaultdict(set)
    for seed in seeds:
        world = seeded(seed)
        right = recomputed(world)
        for name in MUTANTS:
            if recomputed(world, mutant(name)) != right:
                found[name].add(seed)
    return found


def fewest(found: dict[str, set[int]], times: int) -> list[int]:
    """Worlds, the one that notices the rarest first, until every mutant was noticed so many times."""
    chosen: list[int] = []
    while unseen := [seeds for seeds in found.values() if len(seeds.intersection(chosen)) < min(times, len(seeds))]:
        worth: Counter[int] = Counter()
        for seeds in unseen:
            worth.update({seed: 10_000 // len(seeds) for seed in seeds.difference(chosen)})
        chosen.append(worth.most_common(1)[0][0])
    return chosen


if __name__ == "__main__":
    worlds, times = int(sys.argv[1]), int(sys.argv[2])
    noticed = noticing(range(worlds))
    print(*sorted((len(noticed[name]), name) for name in MUTANTS)[:20], fewest(noticed, times), sep="\n")
