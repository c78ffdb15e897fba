"""Forms of evidence: what a merchant hands in, and what officials say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileRequired
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, ValidationError

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.fields import WonField
from forms.file_fields import CSV, EVIDENCE, MEBIBYTE, XLSX, FileField
from forms.messages import sentence
from forms.uploads import check_upload
from portal.domain.errors import FileRefused, Problem
from portal.domain.evidence import MAX_NUMBER, MAX_REASON, EvidenceFile, EvidenceKind, EvidenceStatus, SubmitEvidence
from portal.domain.settlements import is_period

KINDS_OF_FILE = (*EVIDENCE, XLSX, CSV)
MAX_FILE = 20 * MEBIBYTE


class EvidenceForm(Form):
    """`places`: (`merchant-organisation`, name); `platforms`: (code, name); `kinds`: what a document may be."""

    place = CodeField(_("사업장"), [InputRequired()])
    kind = RadioField(_("무슨 문서인가요?"), [InputRequired()])
    platform = CodeField(
        _("누가 준 문서인가요?"),
        [InputRequired()],
        description=_("문서를 준 플랫폼이나 배달대행사를 고릅니다. 배달 대장이면 ‘자체배달’을 고릅니다."),
    )
    period = StringField(
        _("어느 달의 거래인가요?"),
        [InputRequired()],
        description=_("여러 달이 한 문서에 있으면 달마다 한 번씩 같은 파일을 냅니다. 예: 2026-05"),
        render_kw={"type": "month"},
    )
    document_number = StringField(
        _("문서번호"),
        [Length(max=MAX_NUMBER)],
        description=_("전자세금계산서는 승인번호 24자리를 꼭 적습니다. 다른 문서는 번호가 있을 때만 적습니다."),
        render_kw={"autocomplete": "off"},
    )
    total = WonField(
        _("문서의 합계 금액"),
        [InputRequired()],
        description=_("부가세를 뺀 합계(공급가액)입니다. 배달 대장이면 주문금액을 모두 더한 금액입니다."),
    )
    file = FileField(
        _("문서 파일"),
        [FileRequired(_("파일을 선택해 주세요."))],
        kinds=KINDS_OF_FILE,
        max_bytes=MAX_FILE,
        description=_("휴대전화로 찍은 사진도 됩니다. 날짜와 금액이 또렷이 보이게 찍어 주세요."),
    )

    def __init__(
        self,
        *arguments: Any,
        places: Iterable[tuple[str, str]] = (),
        platforms: Iterable[tuple[str, str]] = (),
        kinds: Mapping[EvidenceKind, object] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.place.choices = listed(places)
        self.platform.choices = listed(platforms)
        self.kind.choices = [SelectChoice(kind.value, str(name)) for kind, name in (kinds or {}).items()]

    def validate_period(self, field: StringField) -> None:
        if not is_period(field.data or ""):
            raise ValidationError(sentence(Problem("not_a_month", "period")))

    def to_command(self) -> SubmitEvidence:
        """Raises FileRefused, pointing at the file's box."""
        merchant, _dash, organisation = str(self.place.data).partition("-")
        return SubmitEvidence(
            merchant_id=int(merchant),
            organisation_id=int(organisation),
            kind=EvidenceKind(self.kind.data),
            platform=self.platform.data or "",
            period=self.period.data or "",
            document_number=self.document_number.data or "",
            total=self.total.data or 0,
            file=self._file(),
        )

    def _file(self) -> EvidenceFile:
        sent = self.file.data
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, KINDS_OF_FILE, MAX_FILE)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field="file") for problem in refused.problems]) from None
        return EvidenceFile(checked.name, checked.media_type, checked.content)


class EvidenceFilterForm(Form):
    """Narrows the officials' queue; sent by GET."""

    class Meta(Form.Meta):
        csrf = False

    status = SelectField(_("상태"), default="")

    def __init__(self, *arguments: Any, statuses: Iterable[tuple[str, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.status.choices = [("", str(_("전체"))), *((code, str(name)) for code, name in statuses)]

    @property
    def chosen(self) -> EvidenceStatus | None:
        return EvidenceStatus(self.status.data) if self.status.data in tuple(EvidenceStatus) else None


class EvidenceRefusalForm(Form):
    note = TextAreaField(
        _("반려 사유"),
        [InputRequired(), Length(max=MAX_REASON)],
        description=_("소상공인에게 그대로 보입니다. 무엇을 고쳐 다시 내면 되는지도 적어 주세요."),
    )

    def to_command(self) -> str:
        return self.note.data or ""


class EvidenceReturnForm(Form):
    note = TextAreaField(
        _("무엇을 고쳐야 하나요?"),
        [InputRequired(), Length(max=MAX_REASON)],
        description=_("줄을 적은 담당자에게 보입니다."),
    )

    def to_command(self) -> str:
        return self.note.data or ""
