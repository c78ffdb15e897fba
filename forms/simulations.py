"""What every simulation asks, whether its draft comes as numbers (simulation_numbers.py) or, here, as TOML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from forms.base import Form
from forms.fields import WonField
from forms.file_fields import MEBIBYTE, FileField
from forms.messages import sentence
from forms.programmes import LONGEST, TOML, text_given
from portal.domain.errors import Problem
from portal.domain.periods import Month
from portal.domain.simulations import Draft, Participants, Window

_PARTICIPANTS = {
    Participants.ACCEPTED: _l("지금까지 선정된 가맹점"),
    Participants.LINKED: _l("선정과 상관없이, 매장 연결이 확인된 모든 가맹점"),
}
_COUNTED = {
    Window.TERMS: _l("고른 달의 주문 가운데 사업 기간에 든 것"),
    Window.PERIOD: _l("고른 달의 모든 주문 (사업 기간을 따지지 않음)"),
}


class PlanForm(Form):
    """Everything but the draft. `months`: (month, name) of those of which there are lines, oldest first."""

    since = SelectField(_l("시작하는 달"))
    until = SelectField(_l("끝나는 달"))
    participants = RadioField(_l("참여하는 가맹점"), default=Participants.ACCEPTED.value)
    counted = RadioField(_l("계산에 넣는 주문"), default=Window.TERMS.value)
    budget = WonField(_l("예산"), [Optional()], description=_l("비워 두면 이 사업에 배정된 예산과 비교합니다."))

    def __init__(self, *arguments: Any, months: Sequence[tuple[Month, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.participants.choices = _choices(_PARTICIPANTS)
        self.counted.choices = _choices(_COUNTED)
        self.since.choices = self.until.choices = [SelectChoice(month, name) for month, name in months]

    def validate_until(self, field: Field) -> None:
        if (field.data or "") < (self.since.data or ""):
            raise ValidationError(sentence(Problem("months_reversed", "until")))

    def draft(self, text: str, file: str) -> Draft:
        return Draft(
            text=text,
            file=file,
            since=self.since.data or "",
            until=self.until.data or "",
            participants=Participants(self.participants.data),
            counted=Window(self.counted.data),
            budget=self.budget.data,
        )


class TextForm(PlanForm):
    """The draft as TOML, pasted or as a file."""

    file = FileField(_l("TOML 파일"), kinds=(TOML,), max_bytes=MEBIBYTE)
    text = TextAreaField(
        _l("초안의 내용"),
        [Length(max=LONGEST)],
        description=_l("파일을 선택하면 파일의 내용을 쓰고, 선택하지 않으면 여기에 적은 내용을 씁니다."),
        render_kw={"rows": 24, "spellcheck": "false"},
    )

    def to_command(self) -> Draft:
        """Raises Incomplete where nothing was given, FileRefused where the bytes are no text."""
        given = text_given(self.file.data, self.text.data)
        return self.draft(given.text, given.file)


def _choices(names: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value.value, str(name)) for value, name in names.items()]
