"""Signing in and out."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from forms.accounts import SignInForm
from portal.clock import now
from portal.domain.actors import Actor
from portal.models.base import db
from portal.services import sessions
from portal.web import labels, navigation
from portal.web.access import SignedIn
from portal.web.addresses import is_ours
from portal.web.binding import bind, commit
from portal.web.public import language


def sign_in() -> ResponseReturnValue:
    """Signs in; a form that was being filled when the session ended comes back filled."""
    bound = bind(SignInForm, "public/sessions/sign_in.html", resume_fields=_resume_fields())
    if not bound.accepted:
        return bound.page()
    attempt = sessions.sign_in(db.session(), bound.form.to_command(), at=now())
    commit()
    if attempt.token is None or attempt.actor is None:
        bound.context["message"] = labels.SIGN_IN[attempt.refusal]
        return bound.page(429 if attempt.refusal == "too_many_attempts" else 422)
    language.forget_all_else()  # a new session and a new form token
    g.pop("csrf_token", None)  # else Flask-WTF signs this answer's forms for the session that is gone
    login_user(SignedIn(attempt.token, attempt.actor))
    return _onward(attempt.actor)


def sign_out() -> ResponseReturnValue:
    sessions.sign_out(db.session(), current_user.token, at=now())
    commit()
    logout_user()
    language.forget_all_else()
    return redirect(url_for("public.home_show"))


def _resume_fields() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name.startswith("resume-")]


def _onward(actor: Actor) -> ResponseReturnValue:
    resume_url = request.form.get("resume_url", "")
    if is_ours(resume_url):
        fields = [(name.removeprefix("resume-"), value) for name, value in _resume_fields()]
        return render_template("public/sessions/resumed.html", resume_url=resume_url, resume_fields=fields)
    onward = request.args.get("next", "")
    return redirect(onward if is_ours(onward) else navigation.home_of(actor))
