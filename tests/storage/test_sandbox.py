"""A child that misbehaves costs itself and nothing else, and the parent can tell the file's fault from its own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
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


def test_the_job_and_a_log_are_all_the_handles_a_child_has_and_its_limits_hold(tmp_path: Path) -> None:
    with (tmp_path / "of ours").open("w"):
        answer = let("look around", tmp_path).answer
    assert answer["handles"] == [0, 1, 2, 3]  # the last is the list's own
    assert answer["limits"] == [BOUNDS.memory, BOUNDS.file]


def test_a_nursery_has_many_children_but_none_after_one_that_crashed(tmp_path: Path) -> None:
    first, second = (let("look around", tmp_path).answer["nursery"] for _ in range(2))
    let("fault", tmp_path)
    assert let("look around", tmp_path).answer["nursery"] == first == second
    let("crash", tmp_path)
    assert let("look around", tmp_path).answer["nursery"] != first


@pytest.mark.parametrize("told", ["to an earlier child", "to this child"])
def test_no_child_finds_in_its_memory_what_an_earlier_one_was_told(tmp_path: Path, told: str) -> None:
    secret = "kept for one child alone" + "?"
    job = {"how": "look around", "password": f"{secret}!"}
    run("tests.storage.hostile_child", job, into=tmp_path, bounds=BOUNDS)
    search = {"how": f"remember {secret[::-1]}", "password": f"{secret}!" if told == "to this child" else ""}
    found = run("tests.storage.hostile_child", search, into=tmp_path, bounds=BOUNDS).answer["found"]
    assert found is (told == "to this child")


def test_no_child_outlives_who_asked_for_it(tmp_path: Path) -> None:
    asking = os.fork()
    if asking == 0:
        let("spin", tmp_path, Bounds(seconds=60, cpu_seconds=60, memory=512 << 20, file=1 << 20))
        os._exit(0)
    started = _until(lambda: psutil.Process(asking).children(recursive=True), lambda found: len(found) == 2)
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    assert _until(lambda: [one for one in started if one.is_running()], lambda left: left == []) == []


def test_who_was_forked_while_a_nursery_was_there_has_one_of_its_own(tmp_path: Path) -> None:
    ours = let("look around", tmp_path).answer["nursery"]
    told, tells = os.pipe()
    if os.fork() == 0:
        os.write(tells, str(let("look around", tmp_path).answer["nursery"]).encode())
        os._exit(0)
    assert int(os.read(told, 20)) != ours
    os.wait()
    assert let("look around", tmp_path).answer["nursery"] == ours


def _until(
    look: Callable[[], list[psutil.Process]], wanted: Callable[[list[psutil.Process]], bool]
) -> list[psutil.Process]:
    for _ in range(200):
        if wanted(found := look()):
            return found
        time.sleep(0.05)
    return look()
