"""Forms of a changed grant: proposing one, and deciding on it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.fields import WonField
from portal.domain.grant_changes import MAX_REASON, MIN_REASON, ChangeGrant


class GrantChangeForm(Form):
    amount = WonField(
        _("변경할 교부결정액(전체)"),
        [InputRequired()],
        description=_(
            "늘거나 줄어드는 금액이 아니라 바뀐 뒤의 전체 금액입니다. 금액은 그대로 두고 다시 결재받을 수도 있습니다."
        ),
    )
    reason = TextAreaField(
        _("변경 사유"),
        [InputRequired(), Length(min=MIN_REASON, max=MAX_REASON)],
        description=_("변경교부결정통지서에 그대로 들어갑니다."),
    )

    def to_command(self) -> ChangeGrant:
        return ChangeGrant(self.amount.data or 0, self.reason.data or "")


class GrantChangeDecisionForm(Form):
    outcome = RadioField(_("결정"), [InputRequired()])
    note = TextAreaField(
        _("결재 의견"), [Length(max=MAX_REASON)], description=_("변경하지 않을 때는 사유를 10자 이상 적습니다.")
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        names = {"approve": _("변경 승인"), "refuse": _("변경하지 않음")}
        self.outcome.choices = [SelectChoice(value=code, label=str(name)) for code, name in names.items()]
