"""Forms for drawing up and approving the claims of a month, and for narrowing their list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.messages import sentence
from portal.domain.claims import ClaimStatus, ShownClaims
from portal.domain.errors import Problem
from portal.domain.periods import is_month


class DrawUpForm(Form):
    """`programmes`: (code, name) of the organisation's programmes in force."""

    programme = CodeField(_("사업"), [InputRequired()])
    period = StringField(_("산정할 달"), [InputRequired()], description=_("예: 2026-05"), render_kw={"type": "month"})

    def __init__(self, *arguments: Any, programmes: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.programme.choices = listed(programmes)

    def validate_period(self, field: StringField) -> None:
        if not is_month(field.data or ""):
            raise ValidationError(sentence(Problem("not_a_month", "period")))


class ApproveMonthForm(Form):
    """Says what the approver saw, so that nothing else is approved."""

    claims = HiddenField(validators=[InputRequired()])
    won = HiddenField(validators=[InputRequired()])

    def to_command(self) -> ShownClaims:
        numbers = [int(text) if (text or "").isdecimal() else -1 for text in (self.claims.data, self.won.data)]
        return ShownClaims(*numbers)


class ClaimFilterForm(Form):
    """Narrows the list of a month's claims; sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    status = SelectField(_("상태"), default="")

    def __init__(self, *arguments: Any, statuses: Iterable[tuple[str, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.status.choices = [("", str(_("전체"))), *((code, str(name)) for code, name in statuses)]

    @property
    def chosen_status(self) -> ClaimStatus | None:
        return ClaimStatus(self.status.data) if self.status.data in tuple(ClaimStatus) else None
