"""Forms of how an order ends that is not simply paid: a schedule of instalments, and giving it up."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from forms.base import Form
from forms.file_fields import EVIDENCE, MEBIBYTE, FileField
from forms.messages import sentence
from forms.uploads import check_upload
from portal.domain.errors import FileRefused, Problem
from portal.domain.money import Won
from portal.domain.recoveries import MAX_TEXT, Instalment, ProposeWriteOff

_LINE = re.compile(r"(\d{4})[-. ]+(\d{1,2})[-. ]+(\d{1,2})\.?\s+([\d,]+)\s*원?")
_MOST = 60
_MAX_FILE = 20 * MEBIBYTE


class InstalmentsForm(Form):
    """A line for each instalment: its day and its amount."""

    lines = TextAreaField(
        _("납부 일정"),
        [InputRequired(), Length(max=MAX_TEXT)],
        description=_(
            "한 줄에 하나씩 날짜와 금액을 적습니다. 모두 더하면 남은 금액과 같아야 합니다. 예: 2026-07-31 50,000"
        ),
    )

    def validate_lines(self, field: TextAreaField) -> None:
        rows = _rows(field.data)
        for number, row in enumerate(rows, start=1):
            if _read(row) is None:
                raise ValidationError(sentence(Problem("instalment_unreadable", "lines", f"{number}: {row[:40]}")))
        if len(rows) > _MOST:
            raise ValidationError(sentence(Problem("too_long", "lines")))

    def to_command(self) -> list[Instalment]:
        found = (_read(row) for row in _rows(self.lines.data))
        return [each for each in found if each is not None]


class WriteOffForm(Form):
    reason = TextAreaField(
        _("받을 수 없는 사유"),
        [InputRequired(), Length(max=MAX_TEXT)],
        description=_("소상공인이 받는 문서에 실립니다. 예: 폐업하여 재산이 없음을 확인하였습니다."),
    )
    file = FileField(
        _("증명 서류"), [FileRequired(_("파일을 선택해 주세요."))], kinds=EVIDENCE, max_bytes=_MAX_FILE,
        description=_("재산 조회 결과, 폐업 사실 증명처럼 받을 수 없음을 보이는 서류입니다."),
    )  # fmt: skip

    def to_command(self) -> ProposeWriteOff:
        """Raises FileRefused, pointing at the file's box."""
        sent = self.file.data
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, EVIDENCE, _MAX_FILE)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field="file") for problem in refused.problems]) from None
        return ProposeWriteOff(self.reason.data or "", checked.name, checked.media_type, checked.content)


def even(owed: Won, days: list[date]) -> str:
    """A schedule of equal tens of won over these days, the first takes the rest; as the form shows it."""
    each = owed // len(days) // 10 * 10
    amounts = [owed - each * (len(days) - 1), *[each] * (len(days) - 1)]
    return "\n".join(f"{day.isoformat()} {won:,}" for day, won in zip(days, amounts, strict=True))


def _rows(text: str | None) -> list[str]:
    return [row.strip() for row in (text or "").splitlines() if row.strip()]


def _read(row: str) -> Instalment | None:
    found = _LINE.fullmatch(row)
    if found is None or len(found[4]) > 18:
        return None
    try:
        return Instalment(date(*map(int, found.groups()[:3])), int(found[4].replace(",", "")))
    except ValueError:
        return None
