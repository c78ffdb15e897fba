"""The form by which an official or a platform's person delivers one month of settlement data, in any known form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.file_fields import MEBIBYTE, TABLES, FileField
from forms.uploads import safe_name
from portal.domain.settlements import DeliverSettlement, is_period

MAX_UPLOAD = 60 * MEBIBYTE  # below what the portal takes in one request; larger ones come by `flask settlement deliver`

MAX_PASSWORD = 255  # what a workbook's password may have


def password_field() -> Any:
    """Asks for the password of a protected workbook."""
    return PasswordField(
        _l("파일 암호"),
        [Optional(), Length(max=MAX_PASSWORD)],
        description=_l("암호가 걸린 엑셀 파일일 때만 입력합니다. 파일을 여는 데 한 번 쓰고 바로 지웁니다."),
        render_kw={"autocomplete": "off"},
    )


class MonthFileForm(Form):
    """What is asked of who delivers for one platform alone."""

    period = StringField(_l("정산 월"), [InputRequired()], description=_l("예: 2026-03"), render_kw={"type": "month"})
    file = FileField(_l("정산 파일"), [FileRequired(_l("파일을 선택해 주세요."))], kinds=TABLES, max_bytes=MAX_UPLOAD)
    password = password_field()

    def validate_period(self, field: StringField) -> None:
        if not is_period(field.data or ""):
            raise ValidationError(_l("정산 월을 연-월 순서로 입력해 주세요. 예: 2026-03"))

    def command_for(self, platform: str) -> DeliverSettlement:
        upload = self.file.data
        return DeliverSettlement(
            platform=platform,
            period=self.period.data or "",
            filename=safe_name(upload.filename or ""),
            stream=upload.stream,
            password=self.password.data or "",
        )


class SettlementFileForm(MonthFileForm):
    """`platforms`: (code, name) of those the person may deliver for; any other code is refused."""

    platform = CodeField(_l("플랫폼"), [InputRequired()])

    def __init__(self, *arguments: Any, platforms: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.platform.choices = listed(platforms)

    def to_command(self) -> DeliverSettlement:
        return self.command_for(self.platform.data or "")
