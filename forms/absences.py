"""The form of an absence: who, from when to when, why, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.fields import DateField
from portal.domain.absences import EnterAbsence


class AbsenceForm(Form):
    account_id = SelectField(_("부재자"), [InputRequired()], coerce=int)
    stand_in_id = SelectField(
        _("대결할 사람"),
        [InputRequired()],
        coerce=int,
        description=_("부재자와 같은 결재·지출 권한이 있는 사람이어야 합니다."),
    )
    from_on = DateField(_("시작하는 날"), [InputRequired()])
    to_on = DateField(_("끝나는 날"), [InputRequired()])
    reason = StringField(_("부재 사유"), [InputRequired(), Length(max=200)], description=_("예: 연가, 출장, 교육"))

    def __init__(self, *, absent: Iterable[tuple[int, str]], stand_ins: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(**more)
        self.account_id.choices, self.stand_in_id.choices = list(absent), list(stand_ins)

    def to_command(self) -> EnterAbsence:
        assert self.from_on.data is not None  # required
        assert self.to_on.data is not None
        return EnterAbsence(
            account_id=int(self.account_id.data or 0),
            stand_in_id=int(self.stand_in_id.data or 0),
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            reason=self.reason.data or "",
        )
