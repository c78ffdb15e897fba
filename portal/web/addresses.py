"""Addresses that come in with a request: only those of this portal are followed, only its own forms brought back."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def is_ours(url: str) -> bool:
    """A path of this portal, not another site's address in disguise (browsers drop tabs and line breaks)."""
    parts = urlsplit(url)
    plain = url.isprintable() and not url.startswith(("//", "/\\"))
    return url.startswith("/") and plain and not parts.scheme and not parts.netloc


def sent_by_our_page() -> bool:
    """Whether this request comes from a page of ours: the browser says so (Fetch Metadata), or names where it was."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return f"{origin}/" == request.host_url if origin is not None else page_before() != ""


def page_before() -> str:
    """The page of ours that this request was sent from, as a path; "" where the browser names none of ours."""
    referrer = request.headers.get("Referer", "")
    path = referrer.removeprefix(request.host_url.rstrip("/"))
    return path if path != referrer and is_ours(path) else ""
