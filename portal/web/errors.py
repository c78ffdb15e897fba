"""The only table of HTTP statuses: refusals become pages here, or problem+json for programs, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from portal.domain import errors
from portal.models.base import Unavailable, begin_for_reading, db, too_busy
from portal.web import labels, navigation, problems
from portal.web.access import SAFE, actor, actor_or_none
from portal.web.addresses import is_ours, page_before, sent_by_our_page
from portal.web.binding import AUTOSAVE, PAGE_BEFORE, RESUME, NotConfirmed


class Busy(errors.Refusal):
    """Others are at work on the same; a moment later it may go through."""

    code = "busy"


STATUS: dict[type[errors.Refusal], int] = {
    errors.NotSignedIn: 401,
    errors.NotPermitted: 403,
    errors.SamePerson: 403,
    errors.NotFound: 404,
    errors.InvalidTransition: 409,
    errors.BudgetExhausted: 409,
    errors.YearClosed: 409,
    errors.PaymentsStopped: 409,
    errors.AlreadyDone: 409,
    errors.Conflict: 409,
    errors.Incomplete: 422,
    errors.NotEligible: 422,
    errors.FileRefused: 422,
    errors.KeyMissing: 400,
    errors.KeyReused: 422,
    errors.InFlight: 409,
    errors.TooManyAttempts: 429,
    Busy: 503,
    errors.Refusal: 400,
}

# Never carried over: secrets, the old form's token, and our own marks.
_NOT_RESUMED = frozenset({"csrf_token", "password", "new", "current", "repeat", AUTOSAVE, RESUME, PAGE_BEFORE})
_MEGABYTE = 1024 * 1024


def install(app: Flask) -> None:
    app.register_error_handler(errors.Refusal, _refused)
    app.register_error_handler(NotConfirmed, _press_again)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(CSRFError, _token_missing)
    app.register_error_handler(HTTPException, _plain)
    app.register_error_handler(500, _broken)


def _refused(refusal: errors.Refusal) -> ResponseReturnValue:
    db.session.rollback()
    status = status_of(type(refusal))
    if problems.wanted():
        return problems.answer(refusal.code, status, refusal.problems)
    begin_for_reading()  # what follows only shows: it must not wait for whoever writes
    if isinstance(refusal, errors.NotSignedIn):
        return _sign_in_again(status)
    if request.method == "POST" and "bound" in g:
        return g.bound.refuse(refusal, status)
    if isinstance(refusal, Busy) and request.method == "POST" and sent_by_our_page():
        return _brought_back(refusal.code, status)
    return _page(refusal.code, status, refusal)


def status_of(refusal: type[errors.Refusal]) -> int:
    """The HTTP status of this kind of refusal."""
    return next(status for kind, status in STATUS.items() if issubclass(refusal, kind))


def _unavailable(error: Unavailable) -> ResponseReturnValue:
    """Locks and time limits of the database, wherever they were met; anything else is a mishap (500)."""
    if not too_busy(error):
        raise error
    return _refused(Busy(problems=[errors.Problem("busy")]))


def _sign_in_again(status: int) -> ResponseReturnValue:
    """A page asks to sign in first; a filled form is kept in the page itself and comes back after signing in.

    Only a form of ours: another site could fill one with values of its own choosing.
    """
    if request.method in SAFE:
        return redirect(url_for("public.sessions_sign_in", next=request.full_path.rstrip("?")))
    return _brought_back("not_signed_in", status) if sent_by_our_page() else _page("not_signed_in", status)


def _token_missing(_error: CSRFError) -> ResponseReturnValue:
    """The form is of a session before this one (signed in again in another tab): it comes back with a new token."""
    signing_in = request.path == url_for("public.sessions_sign_in") and not _carried_along()
    if signing_in or not sent_by_our_page():
        return _page("form_expired", 400)
    return _brought_back("form_expired", 400)


def _brought_back(code: str, status: int) -> ResponseReturnValue:
    """A page that holds the posted form, to be gone on with: after signing in, where that is what it takes."""
    try:
        url, fields = _kept()
    except HTTPException as unreadable:  # such as too large: there is nothing to bring back
        return _plain(unreadable)
    signs_in = code == "not_signed_in" or (actor_or_none() is None and _carried_along())
    page = "errors/resume.html" if signs_in else "public/sessions/resumed.html"
    had_files = any(upload.filename for upload in request.files.values())
    title = labels.REFUSALS[code][0]
    return render_template(page, title=title, resume_fields=fields, resume_url=url, had_files=had_files), status


def _carried_along() -> bool:
    """Whether the sign-in page was sent with a form that waits for it."""
    return is_ours(request.form.get("resume_url", ""))


def _kept() -> tuple[str, list[tuple[str, str]]]:
    """Where the posted form was going, and what it held; from the sign-in page, the form that waits for it."""
    posted = list(request.form.items(multi=True))
    if _carried_along():
        waiting = [(name.removeprefix("resume-"), value) for name, value in posted if name.startswith("resume-")]
        return request.form["resume_url"], waiting
    fields = [(name, value) for name, value in posted if name not in _NOT_RESUMED]
    return request.full_path.rstrip("?"), [*fields, (PAGE_BEFORE, request.form.get(PAGE_BEFORE) or page_before())]


def _press_again(_error: NotConfirmed) -> ResponseReturnValue:
    """Back to the page with the button, and nothing done: who signed in again must mean it."""
    db.session.rollback()
    begin_for_reading()
    flash(_("다시 로그인했습니다. 한 번 더 눌러 주세요."), "info")
    before = request.form.get(PAGE_BEFORE, "")
    return redirect(before if is_ours(before) and _is_page(before) else navigation.home_of(actor()), 303)


def _is_page(url: str) -> bool:
    """Whether there is something to be looked at: not every address of a form is one."""
    try:
        return bool(current_app.url_map.bind_to_environ(request.environ).match(urlsplit(url).path, method="GET"))
    except HTTPException:
        return False


def _plain(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if 300 <= status < 400:
        return error.get_response()
    if problems.wanted():
        db.session.rollback()
        return problems.of_http(status, dict(error.get_headers()), getattr(error, "data", {}).get("messages"))
    return _page({404: "not_found", 405: "not_found", 413: "too_large"}.get(status, "refused"), status)


def _broken(_error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    return problems.answer("broken", 500) if problems.wanted() else _page("broken", 500)


def _page(code: str, status: int, refusal: errors.Refusal | None = None) -> ResponseReturnValue:
    title, advice = labels.REFUSALS.get(code, labels.REFUSALS["refused"])
    if code == "too_large":
        advice = str(advice) % {
            "files": current_app.config["MAX_CONTENT_LENGTH"] // _MEGABYTE,
            "text": current_app.config["MAX_FORM_MEMORY_SIZE"] // _MEGABYTE,
        }
    said = [labels.problem(problem) for problem in refusal.problems] if refusal else []
    page = render_template("errors/page.html", title=title, advice=advice, problems=said, status=status)
    if request.method not in SAFE and not sent_by_our_page():
        session.modified = False  # sent by another site, without the visitor's cookie: theirs is not replaced
    return page, status
