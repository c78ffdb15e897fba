"""The form of the stop button: a reason where one is asked for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import Length

from forms.base import Form


class StopForm(Form):
    note = TextAreaField(
        _("사유"),
        [Length(max=500)],
        description=_("무엇을 보았는지, 또는 무엇을 고쳤는지 적어 주세요. 모든 담당자에게 보이고 기록에 남습니다."),
    )
