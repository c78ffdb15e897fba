"""Tests keep their files in memory where that is large enough, and nowhere else than asked."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.places import roomy

DISK = Path(tempfile.gettempdir())


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)


def test_a_large_memory_holds_the_files(tmp_path: Path) -> None:
    assert roomy(tmp_path, room=0) == tmp_path


def test_a_small_memory_holds_nothing(tmp_path: Path) -> None:
    assert roomy(tmp_path, room=1 << 62) == DISK


def test_without_memory_files_lie_on_the_disk(tmp_path: Path) -> None:
    assert roomy(tmp_path / "none", room=0) == DISK


def test_whoever_chose_a_folder_gets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(DISK))
    assert roomy(tmp_path, room=0) == DISK
