"""Anyone holding a letter can check that it was issued and is unchanged."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue


def find() -> ResponseReturnValue:
    code = request.args.get("code", "").strip()
    return (
        redirect(url_for("public.letters_verify", code=code)) if code else render_template("public/letters/find.html")
    )


def verify(code: str) -> ResponseReturnValue:
    return render_template("public/letters/show.html", code=code)
