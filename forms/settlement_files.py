"""The form by which an official or a platform's person delivers one month of settlement lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from forms.base import Form
from forms.file_fields import CSV, MEBIBYTE, FileField
from forms.uploads import safe_name
from portal.domain.settlements import DeliverSettlement, is_period

MAX_UPLOAD = 60 * MEBIBYTE  # below what the portal takes in one request; larger ones come by `flask settlement deliver`


class SettlementFileForm(Form):
    """`platforms`: (code, name) of those the person may deliver for; any other code is refused."""

    platform = SelectField(_l("플랫폼"), [InputRequired()])
    period = StringField(_l("정산 월"), [InputRequired()], description=_l("예: 2026-03"), render_kw={"type": "month"})
    file = FileField(_l("정산 파일"), [FileRequired(_l("파일을 선택해 주세요."))], kinds=(CSV,), max_bytes=MAX_UPLOAD)

    def __init__(self, *arguments: Any, platforms: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.platform.choices = list(platforms)

    def validate_period(self, field: StringField) -> None:
        if not is_period(field.data or ""):
            raise ValidationError(_l("정산 월을 연-월 순서로 입력해 주세요. 예: 2026-03"))

    def to_command(self) -> DeliverSettlement:
        upload = self.file.data
        return DeliverSettlement(
            platform=self.platform.data or "",
            period=self.period.data or "",
            filename=safe_name(upload.filename or ""),
            stream=upload.stream,
        )
