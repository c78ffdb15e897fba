"""Two implementations, written apart, agree on every line of worlds made to collide.

`IEUM_WORLDS=20000` looks at so many worlds more (`IEUM_FIRST_WORLD` is the number of the first); a world on which they
differ is noted in failed_worlds.txt and looked at in every later run.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.assessment import suspicion
from portal.domain.kinds import CapPer, PoolPer
from tests.assessment.answers import (
    ASKED_ONCE,
    CHOSEN,
    PARTS,
    answer,
    crowded,
    failed_before,
    in_parts,
    note_failed,
    seeded,
)
from tests.assessment.assessing import assessed, recomputed
from tests.assessment.boundaries import tightened
from tests.assessment.worlds import world

WORLDS = int(os.environ.get("IEUM_WORLDS", "4"))
FIRST = int(os.environ.get("IEUM_FIRST_WORLD", "0"))
STEP = 50


@ASKED_ONCE
@pytest.mark.parametrize("seed", CHOSEN)
def test_chosen_worlds_are_assessed_alike(seed: int) -> None:
    assert answer(seed) == recomputed(seeded(seed))


def test_worlds_that_failed_once_are_assessed_alike() -> None:
    for seed in failed_before():
        assert assessed(seeded(seed)) == recomputed(seeded(seed)), seed


@pytest.mark.parametrize("offset", range(0, WORLDS, STEP))
def test_random_worlds_are_assessed_alike(offset: int) -> None:
    first = FIRST + offset if "IEUM_FIRST_WORLD" in os.environ else secrets.randbelow(10**9)
    for seed in range(first, first + min(STEP, WORLDS - offset)):
        print("world", seed)
        one = seeded(seed)
        if assessed(one) != recomputed(one):
            note_failed(seed)
            pytest.fail(f"the implementations differ on world {seed}")


@settings(
    max_examples=max(3, WORLDS // 100),
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    print_blob=True,
)
@given(random=st.randoms(use_true_random=False), orders=st.integers(1, 12))
def test_the_smallest_world_that_tells_them_apart_is_looked_for(random: Random, orders: int) -> None:
    one = tightened(world(random, orders=orders), random)
    assert assessed(one) == recomputed(one)


@pytest.mark.parametrize("seed", range(1, 2 + WORLDS // 200))
def test_dense_worlds_are_assessed_alike(seed: int) -> None:
    one = crowded(seed)
    assert assessed(one) == recomputed(one)


@pytest.mark.parametrize("parts", PARTS)
def test_the_number_of_parts_changes_no_decision(parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspicion, "MANY", 100)  # with the prints of large inputs
    for one in (crowded(3), seeded(CHOSEN[0])):
        assert assessed(one, rows_at_once=in_parts(one, parts)) == recomputed(one), one.name


@ASKED_ONCE
def test_the_chosen_worlds_reach_every_reason_and_every_kind() -> None:
    reasons = Counter(decision[3] for seed in CHOSEN for decision in answer(seed).decisions.values())
    assert len(reasons) == 13
    assert min(reasons.values()) >= 10
    told = [cuts for seed in CHOSEN for _, _, cuts in answer(seed).cuts.values()]
    taken = {(what, per) for cuts in told for what, per, *_ in cuts}
    assert taken == {("cap", per) for per in CapPer} | {("pool", per) for per in PoolPer}
