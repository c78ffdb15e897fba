"""The body of a request is whole or refused: what ends before its announced length was cut on the way.

Servers may say that they mark the end of a body themselves; some then show one that was cut as if it had ended there,
and half a file would be taken for all of it. Only the length that was announced tells the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from werkzeug.exceptions import LengthRequired

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def install(app: Flask) -> None:
    """Before everything that reads a body."""
    app.wsgi_app = _measured(app.wsgi_app)  # ty: ignore[invalid-assignment]
    app.before_request(_length_announced)


def _measured(inner: Wsgi) -> Wsgi:
    """Werkzeug measures a body, and refuses one that is too short (400), where no server vouches for its end."""

    def asked(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ.pop("wsgi.input_terminated", None)
        return inner(environ, start_response)

    return asked


def _length_announced() -> None:
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        raise LengthRequired
