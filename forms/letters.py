"""The form by which anyone compares a PDF they hold with the letter that was issued."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired

from forms.base import Form
from forms.file_fields import MEBIBYTE, PDF, FileField
from forms.messages import MESSAGES


class CompareForm(Form):
    file = FileField(
        _("가지고 있는 PDF 파일"),
        [FileRequired(MESSAGES["file_required"])],
        kinds=(PDF,),
        max_bytes=5 * MEBIBYTE,
        description=_("파일은 저장하지 않고 비교만 합니다."),
    )
