"""The form by which an official says which version of an order counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from portal.domain.conflicts import DecideConflict


class ConflictDecisionForm(Form):
    """`versions`: (receipt, what it is called), the one that counts now first."""

    counts = RadioField(_("어느 내용이 맞나요?"), [InputRequired()])
    reason = TextAreaField(
        _("그렇게 정한 사유"),
        [InputRequired(), Length(max=500)],
        description=_("예: 플랫폼에 전화로 확인함. 나중에 묻는 사람이 볼 수 있게 남습니다."),
    )

    def __init__(self, *arguments: Any, versions: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.counts.choices = [SelectChoice(value=str(number), label=label) for number, label in versions]

    def to_command(self) -> DecideConflict:
        return DecideConflict(counts=int(self.counts.data or 0), reason=self.reason.data or "")
