"""Opening an account as a merchant, and one's own password."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.accounts import PasswordForm, SignUpForm
from portal.clock import now
from portal.models.base import db
from portal.services import accounts
from portal.web.access import actor
from portal.web.binding import bind, commit


def sign_up() -> ResponseReturnValue:
    bound = bind(SignUpForm, "public/accounts/sign_up.html")
    if not bound.accepted:
        return bound.page()
    accounts.sign_up(db.session(), bound.form.to_command(), at=now())
    commit()
    flash(_("계정을 만들었습니다. 로그인해 주세요."))
    return redirect(url_for("public.sessions_sign_in"))


def change_password() -> ResponseReturnValue:
    bound = bind(PasswordForm, "public/accounts/password.html")
    if not bound.accepted:
        return bound.page()
    accounts.change_password(db.session(), bound.form.to_command(), by=actor(), at=now())
    commit()
    flash(_("비밀번호를 바꾸었습니다. 새 비밀번호로 로그인해 주세요."))
    return redirect(url_for("public.sessions_sign_in"))
