"""Files by content: kept once, durable, and never served when they are not what was stored."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from portal.domain.errors import Conflict, NotFound
from portal.storage.objects import Store, Stored, stores_under
from tests.stored import names

LETTER = "교부결정통지서".encode()
NAME = hashlib.sha256(LETTER).hexdigest()


def test_bytes_come_back_as_they_were_put_whether_from_memory_or_a_stream(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.put(LETTER) == store.put(io.BytesIO(LETTER)) == Stored(NAME, len(LETTER))
    assert store.read(NAME) == LETTER
    with store.open(NAME) as stream:
        assert stream.read() == LETTER


def test_the_same_bytes_are_kept_once_and_nothing_is_left_aside(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(LETTER)
    store.put(LETTER)
    store.put(b"other")
    assert names(store) == sorted([NAME, hashlib.sha256(b"other").hexdigest()])
    assert list((tmp_path / "incoming").iterdir()) == []


def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    class Breaking(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionResetError

    store = Store(tmp_path)
    with pytest.raises(ConnectionResetError):
        store.put(Breaking())  # ty: ignore[invalid-argument-type]
    assert names(store) == []
    assert list((tmp_path / "incoming").iterdir()) == []


@pytest.mark.parametrize("damage", [b"", LETTER[:-1], LETTER + b" ", b"X" + LETTER[1:]])
def test_an_altered_file_is_refused_and_mended_by_putting_it_again(tmp_path: Path, damage: bytes) -> None:
    store = Store(tmp_path)
    store.put(LETTER)
    store.path(NAME).write_bytes(damage)
    with pytest.raises(Conflict):
        store.verify(NAME)
    with pytest.raises(Conflict):
        store.read(NAME)
    store.put(LETTER)
    assert store.verify(NAME) == Stored(NAME, len(LETTER))


@pytest.mark.parametrize("name", ["", "../../etc/passwd", NAME.upper(), NAME[:-1], NAME + "0", "0" * 64])
def test_what_is_not_stored_is_not_found(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path)
    store.put(LETTER)
    with pytest.raises(NotFound):
        store.open(name)


def test_each_kind_of_file_has_a_folder_of_its_own(tmp_path: Path) -> None:
    stores = stores_under(tmp_path)
    stores.bank_files.put(LETTER)
    assert stores.bank_files.exists(NAME)
    assert not stores.letters.exists(NAME)
    assert stores.bank_files.path(NAME).is_relative_to(tmp_path / "bank-files")
