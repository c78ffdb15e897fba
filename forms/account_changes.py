"""The form on which an owner gives another account after a payment failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CodeField
from forms.merchants import AccountNumberField
from portal.domain.account_changes import CorrectAccount


class AccountForm(Form):
    bank_code = CodeField(_("은행"), [InputRequired()])
    account_number = AccountNumberField(
        _("계좌번호"), [InputRequired()], description=_("통장에 적힌 번호입니다. 줄표(-)는 없어도 됩니다.")
    )
    account_holder = StringField(
        _("예금주"), [InputRequired(), Length(max=200)], description=_("통장에 적힌 이름 그대로")
    )
    confirmed = BooleanField(
        _("내 사업장의 통장이 맞습니다."), [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))]
    )

    def to_command(self) -> CorrectAccount:
        return CorrectAccount(
            bank_code=self.bank_code.data or "",
            account_number=self.account_number.data or "",
            account_holder=self.account_holder.data or "",
        )


def account_form(banks: Sequence[SelectChoice]) -> type[AccountForm]:
    """The form with the banks of today."""

    class Offering(AccountForm):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self.bank_code.choices = list(banks)

    return Offering
