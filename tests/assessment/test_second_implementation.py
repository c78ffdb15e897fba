"""Two implementations, written apart, agree on every line of worlds made to collide; a wrong one would be noticed."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.assessment import reference
from tests.assessment.assessing import Claims, Decisions, assessed
from tests.assessment.worlds import World, world

SEEDS = (1, 10, 27, 71, 103, 122)  # between them every reason and every bent rule shows

BENT = (
    "oldest",  # the first statement counts instead of the last
    "cancel_own",  # a cancellation does not reach the other reports of the order
    "link_end",  # < for <= at the end of a link
    "window_end",  # < for <= at the end of the cost window
    "minimum",  # <= for < at the smallest order
    "priority",  # the largest priority first
    "duplicates",  # every report of an order is paid
    "order_cap",  # +1 won
    "cap",  # +1 won
    "pool",  # +1 won
    "owner",  # an owner's merchants have a cap each
    "half_year",  # half-years as long as years
    "tie_order",  # lines of one moment in the opposite order
    "accepted",  # pools by acceptance spent in the order of orders
    "one_off",  # paid again and again
    "early_rounding",  # whole won for each line
    "payable",  # +1 won
)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[World, tuple[Decisions, Claims]]]:
    """Some worlds with the portal's answers."""
    worlds = [world(Random(seed)) for seed in SEEDS]
    return [(one, assessed(one, tmp_path_factory.mktemp("world"))) for one in worlds]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(seed=1)
@given(seed=st.integers(0, 2**32))
def test_every_decision_and_claim_is_the_same_in_both(seed: int) -> None:
    one = world(Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        assert assessed(one, Path(folder)) == recomputed(one)


def test_the_worlds_reach_every_reason(answers: list[tuple[World, tuple[Decisions, Claims]]]) -> None:
    reasons = Counter(decision[3] for _, (decisions, _) in answers for decision in decisions.values())
    assert len(reasons) == 13
    assert min(reasons.values()) >= 10


@pytest.mark.parametrize("bent", BENT)
def test_a_wrong_implementation_is_noticed(bent: str, answers: list[tuple[World, tuple[Decisions, Claims]]]) -> None:
    assert all(recomputed(one) == answer for one, answer in answers)
    assert any(recomputed(one, bent) != answer for one, answer in answers)


def recomputed(one: World, *bent: str) -> tuple[Decisions, Claims]:
    return reference.recompute(one.terms, one.lines, one.links, one.enrolments, bent)
