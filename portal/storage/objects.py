"""Files kept by what they contain: the name of an object is the SHA-256 of its bytes, so the same bytes are kept once.

Written aside, fsynced, renamed; only then may a row that mentions the object be committed (invariant I15).
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import BinaryIO, cast

import fsspec

from portal.domain.errors import Conflict, NotFound, Problem
from portal.storage.durable import fsync, fsync_folder, move_durably

_BLOCK = 1 << 20
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    sha256: str
    size: int


class Store:
    """One kind of files under `root` (a local folder, made when missing)."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._files = fsspec.filesystem("file")
        self._files.makedirs(str(self.root / "incoming"), exist_ok=True)

    def put(self, data: bytes | BinaryIO) -> Stored:
        """Keep the bytes (a stream is read to its end, block by block). Durable when this returns."""
        aside = self.root / "incoming" / uuid.uuid4().hex
        digest, size = hashlib.sha256(), 0
        try:
            with self._files.open(str(aside), "wb") as out:
                for block in _blocks(data):
                    digest.update(block)
                    size += len(block)
                    out.write(block)
                out.flush()
                fsync(out.fileno())
            sha256 = digest.hexdigest()
            # An object that is there but damaged is replaced by the good copy, never trusted for its name.
            if not self._intact(sha256, size):
                move_durably(aside, self.path(sha256))
        finally:
            aside.unlink(missing_ok=True)
        fsync_folder(self.path(sha256).parent)
        return Stored(sha256, size)

    def path(self, sha256: str) -> Path:
        """Where the object is or would be. NotFound for anything that is not a SHA-256 in lower-case hex."""
        if not _HASH.fullmatch(sha256):
            raise NotFound("not the name of a stored file")
        return self.root / sha256[:2] / sha256

    def exists(self, sha256: str) -> bool:
        return self._files.isfile(str(self.path(sha256)))

    def open(self, sha256: str) -> BinaryIO:
        """A stream for reading; NotFound when there is no such object. It does not check; `read` does."""
        path = self.path(sha256)
        if not self._files.isfile(str(path)):
            raise NotFound("no such stored file")
        return cast(BinaryIO, self._files.open(str(path), "rb"))

    def read(self, sha256: str) -> bytes:
        """All bytes, checked against the name: NotFound when missing, Conflict when they are not what was stored."""
        with self.open(sha256) as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _altered(sha256)
        return data

    def verify(self, sha256: str) -> Stored:
        """Read the object through, block by block. NotFound when missing, Conflict when altered."""
        with self.open(sha256) as stream:
            digest, size = hashlib.sha256(), 0
            for block in _blocks(stream):
                digest.update(block)
                size += len(block)
        if digest.hexdigest() != sha256:
            raise _altered(sha256)
        return Stored(sha256, size)

    def _intact(self, sha256: str, size: int) -> bool:
        path = self.path(sha256)
        if not path.is_file() or path.stat().st_size != size:
            return False
        try:
            self.verify(sha256)
        except Conflict:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Stores:
    """One store for each kind of file the portal keeps."""

    evidence: Store
    deliveries: Store
    refusals: Store
    letters: Store
    bank_files: Store
    bank_results: Store
    reports: Store


def stores_under(root: Path) -> Stores:
    """The folders of a deployment: `root/evidence`, `root/deliveries`, ..., `root/bank-files`."""
    return Stores(**{kind.name: Store(Path(root) / kind.name.replace("_", "-")) for kind in fields(Stores)})


def _blocks(data: bytes | BinaryIO) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    while block := data.read(_BLOCK):
        yield block


def _altered(sha256: str) -> Conflict:
    return Conflict("a stored file is not what was stored", (Problem("altered_file", value=sha256),))
