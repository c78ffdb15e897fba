"""Korean or English."""

from __future__ import annotations

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

LANGUAGES = ("ko", "en")


def choose() -> ResponseReturnValue:
    chosen = request.form.get("language", "ko")
    session["language"] = chosen if chosen in LANGUAGES else "ko"
    back = request.form.get("next", "/")
    return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


def current() -> str:
    """The language of this request: chosen, else Korean."""
    return session.get("language", "ko")
