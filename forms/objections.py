"""Forms of objections: what a merchant writes, what officials answer, and the filter of the register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.fields import PhoneField, WonField
from forms.file_fields import EVIDENCE, MEBIBYTE, FileField
from forms.uploads import check_upload
from portal.domain.errors import FileRefused
from portal.domain.objections import MAX_TEXT, MIN_TEXT, DraftAnswer, FileObjection, Outcome

_TEXT = [InputRequired(), Length(min=MIN_TEXT, max=MAX_TEXT)]
_MAX_FILE = 20 * MEBIBYTE
_VIEWS = (
    ("open", _("진행 중")),
    ("mine", _("내가 맡은 것")),
    ("due_soon", _("3일 안에 기한")),
    ("overdue", _("기한 지남")),
    ("all", _("전체 (처리대장)")),
)


class ObjectionFilterForm(Form):
    """Narrows the register; sent by GET. `statuses`: (code, name)."""

    class Meta(Form.Meta):
        csrf = False

    view = SelectField(_("보기"), default="open")

    def __init__(self, *arguments: Any, statuses: Iterable[tuple[str, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.view.choices = [(code, str(name)) for code, name in (*_VIEWS, *statuses)]

    @property
    def chosen(self) -> str:
        offered = [str(choice[0]) for choice in self.view.choices or ()]
        return self.view.data if self.view.data in offered else "open"


class FileObjectionForm(Form):
    """이의신청서; who objects and to what is known already."""

    purport = TextAreaField(
        _("무엇을 바라시나요? (취지)"),
        _TEXT,
        description=_("예: 불선정 결정을 취소하고 선정해 주십시오."),
        render_kw={"rows": 2},
    )
    reasons = TextAreaField(
        _("왜 그렇게 생각하시나요? (이유)"),
        _TEXT,
        description=_("사실과 다른 점을 날짜와 금액까지 적어 주시면 빨리 살펴볼 수 있습니다. 10자 이상 적습니다."),
        render_kw={"rows": 8},
    )
    file = FileField(
        _("증거 자료(선택)"),
        kinds=EVIDENCE,
        max_bytes=_MAX_FILE,
        description=_("사진이나 PDF 하나를 붙일 수 있습니다. 여러 장이면 담당자에게 전화로 물어보고 낼 수 있습니다."),
    )
    phone = PhoneField(_("연락처"), [InputRequired()], description=_("담당자가 물어볼 것이 있을 때 전화합니다."))

    def to_command(self, letter_id: int) -> FileObjection:
        """Raises FileRefused, pointing at the file's box."""
        written = FileObjection(letter_id, self.purport.data or "", self.reasons.data or "", self.phone.data or "")
        sent = self.file.data
        if not sent:
            return written
        try:
            checked = check_upload(sent.filename or "", sent.stream, sent.mimetype, EVIDENCE, _MAX_FILE)
        except FileRefused as refused:
            raise FileRefused(problems=[replace(problem, field="file") for problem in refused.problems]) from None
        return replace(written, filename=checked.name, media_type=checked.media_type, content=checked.content)


class WithdrawObjectionForm(Form):
    confirmed = BooleanField(_("이의신청을 취하합니다."), [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))])


class ExtendForm(Form):
    reason = TextAreaField(
        _("연장 사유"), _TEXT, description=_("연장 통지서에 그대로 들어갑니다. 한 번만 연장할 수 있습니다.")
    )


class DraftAnswerForm(Form):
    """`outcomes`: those this objection can have, and what they are called."""

    outcome = RadioField(_("심사 결과"), [InputRequired()])
    amount = WonField(
        _("일부 인용할 금액"),
        description=_("일부 인용일 때만 적습니다. 교부 결정은 바뀐 뒤의 전체 금액, 환수는 그래도 돌려받을 금액입니다."),
    )
    answer = TextAreaField(
        _("그렇게 정한 사유"),
        _TEXT,
        description=_("결과 통지서에 그대로 들어갑니다. 이의신청의 사유마다 한 줄씩 답합니다."),
        render_kw={"rows": 8},
    )

    def __init__(self, *arguments: Any, outcomes: Mapping[Outcome, object] | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.outcome.choices = [SelectChoice(each.value, str(name)) for each, name in (outcomes or {}).items()]

    def to_command(self) -> DraftAnswer:
        return DraftAnswer(Outcome(self.outcome.data), self.answer.data or "", self.amount.data)


class DecideForm(Form):
    note = TextAreaField(_("결재 의견(선택)"), [Length(max=1000)], render_kw={"rows": 3})
    confirmed = BooleanField(
        _("이의신청서와 심사 결과를 모두 읽었습니다."),
        [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))],
    )


class SendBackForm(Form):
    note = TextAreaField(
        _("다시 심사할 사항"),
        [InputRequired(), Length(max=1000)],
        description=_("심사 담당자에게 보입니다. 신청인에게는 보이지 않습니다."),
    )
