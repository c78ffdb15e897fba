"""The form of an amount band: which matter, whose, up to how much, from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import InputRequired

from forms.base import Form
from forms.fields import DateField, WonField
from portal.domain.approvals import Matter, ProposeBand

TITLE, ACCOUNT = "title:", "account:"


class BandForm(Form):
    """`whose` is `title:<title>` or `account:<id>`."""

    matter = SelectField(_("업무"), [InputRequired()])
    whose = SelectField(
        _("결재할 사람"), [InputRequired()], description=_("직위를 고르면 그 직위의 결재자 모두를 뜻합니다.")
    )
    up_to = WonField(
        _("한도"), description=_("이 금액까지 결재합니다. 한도가 없으면 비워 두세요. 가장 좁은 한도가 먼저입니다.")
    )
    valid_from = DateField(_("시작하는 날"), [InputRequired()])
    valid_to = DateField(_("끝나는 날"), description=_("정하지 않으면 비워 두세요."))

    def __init__(
        self, *, matters: Iterable[tuple[str, object]], people: Iterable[tuple[str, str]], **more: Any
    ) -> None:
        super().__init__(**more)
        self.matter.choices = [(code, str(label)) for code, label in matters]
        self.whose.choices = list(people)

    def to_command(self) -> ProposeBand:
        assert self.valid_from.data is not None  # required
        whose = self.whose.data or ""
        return ProposeBand(
            matter=Matter(self.matter.data),
            up_to=self.up_to.data,
            title=whose.removeprefix(TITLE) if whose.startswith(TITLE) else "",
            account_id=int(whose.removeprefix(ACCOUNT)) if whose.startswith(ACCOUNT) else None,
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
        )
