"""Taking over the account that an official opened, with the code of the receipt letter."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from forms.mandates import ActivationForm
from portal.clock import now
from portal.models.base import db
from portal.services import activations
from portal.web import mandate_labels
from portal.web.binding import bind, commit


def take_over() -> ResponseReturnValue:
    bound = bind(ActivationForm, "public/accounts/take_over.html")
    if not bound.accepted:
        return bound.page()
    attempt = activations.take_over(db.session(), bound.form.to_take_over(), at=now())
    commit()
    if attempt.user is None:
        bound.context["message"] = mandate_labels.REFUSALS[attempt.refusal]
        return bound.page(429 if attempt.refusal == "too_many_attempts" else 422)
    flash(_("계정을 넘겨받았습니다. 정한 아이디와 비밀번호로 로그인해 주세요."), "success")
    return redirect(url_for("public.sessions_sign_in"))
