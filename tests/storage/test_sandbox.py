"""A child that misbehaves costs itself and nothing else, and the parent can tell the file's fault from its own."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest

from portal.storage.sandbox import Bounds, Ending, Ran, run

BOUNDS = Bounds(seconds=10, cpu_seconds=5, memory=512 << 20, file=1 << 20)


def let(how: str, into: Path, bounds: Bounds = BOUNDS) -> Ran:
    return run("tests.storage.hostile_child", {"how": how}, into=into, bounds=bounds)


@pytest.mark.parametrize(
    ("how", "bounds", "ending"),
    [
        ("spin", Bounds(seconds=10, cpu_seconds=1, memory=512 << 20, file=1 << 20), Ending.LIMIT),
        ("spin", Bounds(seconds=0.5, cpu_seconds=10, memory=512 << 20, file=1 << 20), Ending.LIMIT),
        ("grow", BOUNDS, Ending.LIMIT),
        ("crash", BOUNDS, Ending.LIMIT),
        ("killed", BOUNDS, Ending.FAILED),
        ("fault", BOUNDS, Ending.FAILED),
        ("say nothing", BOUNDS, Ending.FAILED),
        ("look around", BOUNDS, Ending.ANSWERED),
    ],
)
def test_every_way_to_end_has_a_name(tmp_path: Path, how: str, bounds: Bounds, ending: Ending) -> None:
    assert let(how, tmp_path, bounds).ending is ending


def test_a_file_larger_than_allowed_cannot_be_written(tmp_path: Path) -> None:
    assert let("write", tmp_path).ending is not Ending.ANSWERED
    assert (tmp_path / "large").stat().st_size <= BOUNDS.file


def test_what_the_child_said_is_kept_for_the_log(tmp_path: Path) -> None:
    assert "a fault of ours" in let("fault", tmp_path).said


def test_the_child_inherits_no_settings_and_works_in_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTAL_DATA_KEY", "a secret")
    answer = let("look around", tmp_path).answer
    assert "PORTAL_DATA_KEY" not in answer["environment"]
    assert answer["cwd"] == str(tmp_path)


def test_the_child_gives_way_to_pages(tmp_path: Path) -> None:
    answer = let("look around", tmp_path).answer
    assert answer["nice"] == min(os.nice(0) + 10, 19)
    assert not answer["group"] or answer["group"].endswith("nice 10\n")


def test_no_process_outlives_the_reading(tmp_path: Path) -> None:
    left = let("leave a child", tmp_path).answer["pid"]
    for _ in range(100):
        if not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.05)
    pytest.fail("a grandchild is still running")
