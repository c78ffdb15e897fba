"""Korean or English."""

from __future__ import annotations

from flask import redirect, request, session
from flask.typing import ResponseReturnValue

from portal.web.addresses import is_ours

LANGUAGES = ("ko", "en")


def choose() -> ResponseReturnValue:
    chosen = request.form.get("language", "ko")
    session["language"] = chosen if chosen in LANGUAGES else "ko"
    back = request.form.get("next", "/")
    return redirect(back if is_ours(back) else "/")


def forget_all_else() -> None:
    """Empties the browser's session, where another person may follow; the language stays."""
    chosen = current()
    session.clear()
    session["language"] = chosen


def current() -> str:
    """The language of this request: chosen, else Korean."""
    return session.get("language", "ko")
