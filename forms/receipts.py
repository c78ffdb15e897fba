"""The forms about files that could not be read: once more, perhaps with a password, or put aside with a reason."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.settlement_files import password_field


class ReadAgainForm(Form):
    password = password_field()


class CloseForm(Form):
    note = TextAreaField(_("닫는 사유"), [InputRequired(), Length(max=500)])
