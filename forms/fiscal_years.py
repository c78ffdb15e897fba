"""Forms of a fiscal year's closing: how it is to be closed, and the confirmation of another person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from forms.base import Form
from portal.domain.fiscal_years import Closing, Unpaid


class ClosingForm(Form):
    """`choices`: (what becomes of unpaid grants, its name); none where every grant is paid."""

    unpaid = RadioField(_("아직 지급하지 않은 교부결정액을 어떻게 할까요?"), [Optional()])
    lapse = BooleanField(_("집행하지 않고 남은 예산을 불용으로 감액합니다."))

    def __init__(self, *arguments: Any, choices: Iterable[tuple[str, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.unpaid.choices = [SelectChoice(value=code, label=str(name)) for code, name in choices]

    def to_command(self) -> Closing:
        return Closing(Unpaid(self.unpaid.data) if self.unpaid.data else None, bool(self.lapse.data))


class CloseForm(Form):
    """`seen_upto`: the last ledger entry that the page showed."""

    seen_upto = HiddenField()
    confirmed = BooleanField(
        _("재원별 금액을 확인했습니다. 마감하면 되돌릴 수 없습니다."),
        [DataRequired(_("내용을 읽고 확인란에 표시해 주세요."))],
    )

    @property
    def seen(self) -> int:
        return int(self.seen_upto.data) if str(self.seen_upto.data or "").isdecimal() else 0


class KeepOpenForm(Form):
    note = TextAreaField(_("마감하지 않는 사유"), [DataRequired(), Length(max=500)])
