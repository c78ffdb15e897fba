"""The form in which an official declares an interest in a case, or none."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from portal.domain.declarations import Declaration


class InterestForm(Form):
    interest = RadioField(_("이 사건과 이해관계가 있습니까?"), [InputRequired()])
    reason = TextAreaField(
        _("이해관계의 내용"),
        [Length(max=1000)],
        description=_("있을 때만 적습니다. 예: 신청인이 4촌 이내 친족, 거래 관계, 이 사건의 대리인"),
        render_kw={"rows": 3},
    )

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        self.interest.choices = [
            SelectChoice(value="none", label=str(_("이해관계 없음"))),
            SelectChoice(value="some", label=str(_("이해관계 있음"))),
        ]

    def to_command(self) -> Declaration:
        return Declaration(self.interest.data == "some", self.reason.data or "")
