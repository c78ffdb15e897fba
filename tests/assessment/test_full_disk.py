"""A full disk, while storing what lies between and while writing what comes out: no output, a plain sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.assessment.files import toml, write_csv
from tests.assessment.worlds import world

OWN_MOUNTS = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
PLAIN = {"the disk is full: nothing was written", "a file may not become so large here: nothing was written"}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    one = world(Random(7), orders=600)
    for name in ("lines", "links", "enrolments"):
        write_csv(folder / f"{name}.csv", getattr(one, name))
    for number, terms in enumerate(one.terms):
        (folder / f"{number}.toml").write_text(toml(terms), encoding="utf-8")
    return folder


def tried(inputs: Path, folder: Path, way: str) -> list[dict[str, Any]]:
    for file in inputs.iterdir():
        (folder / file.name).symlink_to(file)
    command = [sys.executable, "-m", "tests.assessment.full_disk", str(folder), way]
    command = [*(OWN_MOUNTS if way == "disk" else []), *command]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def may_mount(folder: Path) -> bool:
    """Whether this user may have mounts of their own: root may, and others where the machine lets them."""
    try:
        command = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", str(folder)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("way", ["disk", "limit"])
def test_no_output_is_left_when_there_is_no_room(way: str, inputs: Path, tmp_path: Path) -> None:
    if way == "disk" and not may_mount(tmp_path):
        way = "limit"  # still a real failure of writing, of another kind
    found = tried(inputs, tmp_path, way)
    failed = [one for one in found if one["code"]]
    assert {one["code"] for one in failed} == {1}
    for one in failed:
        assert one["left"] == [], one
        assert one["told"].strip() in PLAIN, one
    for one in found:
        if not one["code"]:
            assert one["left"] == ["claims.csv", "decided.parquet"]
    for aside in (True, False):  # both happened: too little room and enough
        assert {one["code"] for one in found if one["aside"] is aside} == {0, 1}
