"""A full or broken disk at a moment with files: nothing is half there; whoever does not look at the disk is caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Database
from tests.faults import seeds
from tests.faults.kills.disks import DISK_VARIANTS, Disks
from tests.faults.kills.states import Place
from tests.faults.kills.trials import BEFORE
from tests.listening import listening

SEED = 5


@pytest.fixture
def scene(database: Database, tmp_path: Path, worker_name: str) -> Iterator[Place]:
    made = Place(database.kind, tmp_path, f"{worker_name}_disks")
    yield made
    made.forget([BEFORE])


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("disks")])
def test_what_a_disk_did_not_take_is_named_nowhere(scene: Place, seed: int) -> None:
    with listening() as listener:
        (found,) = Disks(scene, listener, seed).run(["attach"], most=8)
    assert found.breaches == [], f"seed {seed}"
    assert sum(found.kills.values()) >= 4


@pytest.mark.parametrize("variant", DISK_VARIANTS)
def test_whoever_does_not_look_what_the_disk_took_is_noticed(tmp_path: Path, variant: str) -> None:
    with listening() as listener:
        (found,) = Disks(Place("sqlite", tmp_path, ""), listener, SEED, variant).run(["attach"])
    assert any(re.search(DISK_VARIANTS[variant][1], breach) for breach in found.breaches), found.breaches
