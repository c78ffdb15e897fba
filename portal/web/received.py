"""The body of a request: read once, before anything is locked, and hashed on the way."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import zlib
from typing import BinaryIO, cast

from flask import g, request

from portal.domain.errors import FileRefused, Problem
from portal.domain.settlements import FileFault

GZIP = "gzip"
JSON_BYTES = 8 * 1024 * 1024
UNPACKED_BYTES = 512 * 1024 * 1024
_BLOCK = 1 << 20


def digest() -> str:
    """SHA-256 of the body and of the query, which together are what was asked."""
    return hashlib.sha256(body_sha256().encode() + b"?" + request.query_string).hexdigest()


def body_sha256() -> str:
    """SHA-256 of the body alone, read now if it was not yet: JSON into memory, the rest into a temporary file."""
    if "body_sha256" not in g:
        if request.mimetype == "application/json":
            request.max_content_length = JSON_BYTES
            g.body_sha256 = hashlib.sha256(request.get_data(cache=True)).hexdigest()
        else:
            g.body_sha256 = _set_aside()
    return g.body_sha256


def stream() -> BinaryIO:
    """The body as a file, unpacked where it came packed. Raises FileRefused."""
    body: BinaryIO = g.received
    body.seek(0)
    return _unpacked(body) if request.headers.get("Content-Encoding") == GZIP else body


def _set_aside() -> str:
    g.received = tempfile.TemporaryFile()  # noqa: SIM115 (read by the view)
    found = hashlib.sha256()
    while block := request.stream.read(_BLOCK):
        found.update(block)
        g.received.write(block)
    return found.hexdigest()


def _unpacked(packed: BinaryIO) -> BinaryIO:
    out, size = tempfile.TemporaryFile(), 0  # noqa: SIM115
    try:
        with gzip.GzipFile(fileobj=packed) as inside:
            while block := inside.read(_BLOCK):
                size += len(block)
                if size > UNPACKED_BYTES:
                    raise _refused(FileFault.TOO_LARGE, str(UNPACKED_BYTES))
                out.write(block)
    except (EOFError, OSError, zlib.error) as error:
        raise _refused(FileFault.WRONG_TYPE) from error
    out.seek(0)
    return cast("BinaryIO", out)


def _refused(fault: FileFault, value: str = "") -> FileRefused:
    return FileRefused(problems=[Problem(fault.value, field="file", value=value)])
