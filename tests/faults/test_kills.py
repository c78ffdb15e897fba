"""A step of a workflow is killed at its moments: done or not done, and once; without its protections it is caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.faults import seeds
from tests.faults.kills.states import Place
from tests.faults.kills.trials import BEFORE, Trials
from tests.faults.kills.variants import VARIANTS
from tests.listening import listening

SEED = 11


@pytest.fixture
def scene(database: Database, tmp_path: Path, worker_name: str) -> Iterator[Place]:
    made = Place(database.kind, tmp_path, f"{worker_name}_kills")
    yield made
    made.forget([BEFORE])


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("kills")])
def test_a_decision_killed_at_any_moment_was_made_or_not_and_is_made_once(scene: Place, seed: int) -> None:
    with listening() as listener:
        (found,) = Trials(scene, listener, seed).run(["approve"], most=4, at_random=1)
    assert found.breaches == [], f"seed {seed}"
    assert found.done >= 2  # killed after the commit
    assert sum(found.kills.values()) >= 5


def test_without_one_transaction_the_same_kills_are_noticed(scene: Place) -> None:
    """The other variants are tried by `make faults`, all of them on both databases."""
    _, step, pattern = VARIANTS["commits_in_the_middle"]
    with listening() as listener:
        (found,) = Trials(scene, listener, SEED, "commits_in_the_middle").run([step], most=2)
    assert any(re.search(pattern, breach) for breach in found.breaches), found.breaches
