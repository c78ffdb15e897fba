"""The merchant's answer to a request for supplement."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form


class AnswerForm(Form):
    answer = TextAreaField(
        _("무엇을 고치거나 더 냈는지 적어 주세요"),
        [InputRequired(), Length(max=2000)],
        description=_("예: 통장 사본을 다시 찍어 올렸습니다."),
    )
