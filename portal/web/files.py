"""Stored files on their way to a browser: always as an attachment, never guessed at (nosniff)."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any, Protocol

from flask import Response, current_app, send_file

from portal.domain.errors import NotFound

if TYPE_CHECKING:
    from portal.storage.lines import LineStore
    from portal.storage.objects import Stores


def stores() -> Stores:
    """The stores of this deployment, opened by create_app."""
    return current_app.extensions["ieum_stores"]


def lines() -> LineStore:
    """The settlement lines of this deployment, likewise."""
    return current_app.extensions["ieum_lines"]


def attachment(data: bytes, filename: str, media_type: str) -> Response:
    """The bytes as a download; no cache keeps them, and no browser runs them as anything else than their type."""
    response = send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=filename, max_age=0)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


class _HasPaper(Protocol):
    document_sha256: Any
    document_name: Any
    document_type: Any


def paper_of(record: _HasPaper) -> Response:
    """The one document kept with a record, as it was handed in. Raises NotFound where there is none."""
    if record.document_sha256 is None:
        raise NotFound("no document")
    content = stores().evidence.read(record.document_sha256)
    return attachment(content, record.document_name or "", record.document_type or "")


def table(pieces: Iterable[bytes], filename: str) -> Response:
    """A CSV as a download, sent piece by piece as it is made."""
    response = Response(pieces, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
