"""Addresses that come in with a request: only those of this portal are followed."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_ours(url: str) -> bool:
    """A path of this portal, not another site's address in disguise (browsers drop tabs and line breaks)."""
    parts = urlsplit(url)
    plain = url.isprintable() and not url.startswith(("//", "/\\"))
    return url.startswith("/") and plain and not parts.scheme and not parts.netloc
