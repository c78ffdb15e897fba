"""The only table of HTTP statuses: refusals become pages here, and nowhere else."""

from __future__ import annotations

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.domain import errors
from portal.models.base import db
from portal.web import labels
from portal.web.access import SAFE, actor_or_none

STATUS: dict[type[errors.Refusal], int] = {
    errors.NotSignedIn: 401,
    errors.NotPermitted: 403,
    errors.SamePerson: 403,
    errors.NotFound: 404,
    errors.InvalidTransition: 409,
    errors.BudgetExhausted: 409,
    errors.AlreadyDone: 409,
    errors.Conflict: 409,
    errors.Incomplete: 422,
    errors.NotEligible: 422,
    errors.FileRefused: 422,
    errors.TooManyAttempts: 429,
    errors.Refusal: 400,
}

# Never carried over a new sign-in: secrets, the old form's token, and our own marks.
_NOT_RESUMED = frozenset({"csrf_token", "password", "new", "current", "repeat", "_autosave", "_resume"})


def install(app: Flask) -> None:
    app.register_error_handler(errors.Refusal, _refused)
    app.register_error_handler(CSRFError, _token_missing)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(500, _broken)


def _refused(refusal: errors.Refusal) -> ResponseReturnValue:
    db.session.rollback()
    if isinstance(refusal, errors.NotSignedIn):
        return _sign_in_again()
    status = next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
    if request.method == "POST" and "bound" in g:
        return g.bound.refuse(refusal, status)
    return _page(refusal.code, status, refusal)


def _sign_in_again() -> ResponseReturnValue:
    """A page asks to sign in first; a filled form is kept in the page itself and comes back after signing in."""
    if request.method in SAFE:
        return redirect(url_for("public.sessions_sign_in", next=request.full_path.rstrip("?")))
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_RESUMED]
    had_files = any(upload.filename for upload in request.files.values())
    page = render_template("errors/resume.html", resume_fields=fields, resume_url=request.path, had_files=had_files)
    return page, STATUS[errors.NotSignedIn]


def _token_missing(_error: CSRFError) -> ResponseReturnValue:
    if actor_or_none() is None and not request.path.startswith(url_for("public.sessions_sign_in")):
        return _sign_in_again()
    return _page("form_expired", 400)


def _plain(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    return _page({404: "not_found", 405: "not_found", 413: "too_large"}.get(status, "refused"), status)


def _broken(_error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return _page("broken", 500)


def _page(code: str, status: int, refusal: errors.Refusal | None = None) -> ResponseReturnValue:
    title, advice = labels.REFUSALS.get(code, labels.REFUSALS["refused"])
    problems = [labels.problem(problem) for problem in refusal.problems] if refusal else []
    return render_template("errors/page.html", title=title, advice=advice, problems=problems, status=status), status
