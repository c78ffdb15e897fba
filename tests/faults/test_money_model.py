"""The money moved in every way and order, against a model in dictionaries; and bugs that are found by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import Database, copy_sqlite
from tests.faults import seeds
from tests.faults.bugs.bending import BUGS, bent
from tests.faults.bugs.hunting import hunt, play
from tests.faults.money.model import parts, parts_within
from tests.faults.money.scene import SHARES, Scene, made

SEED, SEQUENCES, STEPS = 4, 2, 12
SHOWN = (
    "the guard lets one won more through",
    "a posting moves the other way",
    "shares are rounded half up, each for itself",
)


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("money")])
def test_the_portal_holds_what_the_model_holds_after_every_step(database: Database, tmp_path: Path, seed: int) -> None:
    scene = made(database.url, tmp_path)
    try:
        play(scene, seed, SEQUENCES, steps=STEPS)
    finally:
        scene.engine.dispose()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("bugs")
    return made(copy_sqlite(folder / "ieum.sqlite"), folder)


@pytest.mark.parametrize("name", SHOWN)
def test_a_bug_is_found(scene: Scene, name: str) -> None:
    """All of them are hunted by `make faults`."""
    assert hunt(scene, BUGS[name], SEED, 40)


@pytest.mark.parametrize("name", BUGS)
def test_every_bug_can_be_put_into_the_code_as_it_is(name: str) -> None:
    assert bent(BUGS[name])


def test_there_are_many_bugs_and_none_twice() -> None:
    assert len({(bug.file, bug.old, bug.new) for bug in BUGS.values()}) == len(BUGS) >= 30


def test_the_model_shares_every_won() -> None:
    assert parts(100, SHARES) == {"national": 33, "province": 17, "county": 50}
    assert parts(1, SHARES) == {"national": 0, "province": 0, "county": 1}
    assert parts_within(10, SHARES, {"national": 1, "province": 9, "county": 0}) == {
        "national": 1, "province": 9, "county": 0,
    }  # fmt: skip
