"""Forms of vouchers: drafting one with its document, and turning one down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.fields import WonField
from forms.file_fields import EVIDENCE, MEBIBYTE, XLSX, FileField
from forms.uploads import check_upload
from portal.domain.errors import FileRefused
from portal.domain.vouchers import MAX_REASON, DraftVoucher, VoucherFile, VoucherKind

KINDS_OF_FILE = (*EVIDENCE, XLSX)
MAX_FILE = 20 * MEBIBYTE


class VoucherForm(Form):
    """`kinds`: (kind, its name); `lines`: (id of a budget line, its name)."""

    kind = RadioField(_("무엇을 기록하나요?"), [InputRequired()])
    line = CodeField(_("재원"), [InputRequired()], description=_("이체일 때는 보내는 재원입니다."))
    to_line = CodeField(_("받는 재원"), [Optional()], description=_("이체일 때만 고릅니다."))
    corrects = IntegerField(
        _("정정하는 기록의 번호"),
        [Optional(), NumberRange(min=1)],
        description=_("정정일 때만 적습니다. 예산 장부의 기록 번호입니다."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    amount = WonField(_("금액"), [InputRequired()])
    reason = TextAreaField(
        _("사유"), [InputRequired(), Length(max=MAX_REASON)], description=_("장부의 기록에 그대로 남습니다.")
    )
    file = FileField(
        _("근거 문서"),
        [FileRequired(_("근거 문서를 선택해 주세요. 다시 보낼 때는 파일만 다시 고르면 됩니다."))],
        kinds=KINDS_OF_FILE,
        max_bytes=MAX_FILE,
        description=_("예산서, 결재 문서 등 이 기록의 근거입니다."),
    )

    def __init__(
        self,
        *arguments: Any,
        kinds: Mapping[VoucherKind, object] | None = None,
        lines: Iterable[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.kind.choices = [SelectChoice(value=kind.value, label=str(name)) for kind, name in (kinds or {}).items()]
        self.line.choices = self.to_line.choices = listed(lines)

    def to_command(self) -> DraftVoucher:
        """Raises FileRefused, pointing at the file's box."""
        kind = VoucherKind(self.kind.data)
        return DraftVoucher(
            kind=kind,
            line_id=int(self.line.data or 0),
            to_line_id=int(self.to_line.data) if kind is VoucherKind.TRANSFER and self.to_line.data else None,
            corrects=self.corrects.data,
            amount=self.amount.data or 0,
            reason=self.reason.data or "",
            file=self._file(),
        )

    def _file(self) -> VoucherFile:
        sent = self.file.data
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, KINDS_OF_FILE, MAX_FILE)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field="file") for problem in refused.problems]) from None
        return VoucherFile(checked.name, checked.media_type, checked.content)


class VoucherRefusalForm(Form):
    note = TextAreaField(_("반려 사유"), [InputRequired(), Length(max=MAX_REASON)])
