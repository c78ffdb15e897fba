"""Anyone holding a letter can check that it was issued and is unchanged."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.letters import CompareForm
from portal.domain.identifiers import normalise_code
from portal.models.base import db
from portal.queries import letters
from portal.services import issuing
from portal.web.binding import bind
from portal.web.files import stores


def find() -> ResponseReturnValue:
    code = normalise_code(request.args.get("code", ""))
    return (
        redirect(url_for("public.letters_verify", code=code)) if code else render_template("public/letters/find.html")
    )


def verify(code: str) -> ResponseReturnValue:
    """What was issued under the code; a PDF sent here is compared byte by byte and not kept."""
    found = letters.by_code(db.session(), normalise_code(code))
    if found is None:
        return render_template("public/letters/unknown.html"), 404
    bound = bind(CompareForm, "public/letters/show.html", found=found, code=code)
    bound.context["intact"] = issuing.is_intact(stores(), found.letter)
    if not bound.accepted:
        return bound.page()
    bound.context["same"] = issuing.is_same(found.letter, bound.form.file.data.stream)
    return bound.page(200)
