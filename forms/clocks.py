"""Forms about time: extending the office's and the applicant's, answering whether one agrees, changing holidays."""

from __future__ import annotations

from typing import cast

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from forms.base import Form
from forms.fields import DateField
from portal.domain import extensions, holidays, supplements
from portal.domain.extensions import ExtendProcessing
from portal.domain.holidays import ChangeKind, ProposeHoliday
from portal.domain.reviews import MAX_SUPPLEMENT_DAYS, MIN_REASONS
from portal.domain.supplements import ExtendSupplement


def _choice(code: str, label: object) -> SelectChoice:
    """The label stays lazy, so that it is said in the reader's language."""
    return SelectChoice(value=code, label=cast(str, label))


_DIGITS = {"inputmode": "numeric"}
_KINDS = (_choice(ChangeKind.ADD, _("쉬는 날로 합니다")), _choice(ChangeKind.REMOVE, _("쉬는 날에서 뺍니다")))
_ANSWERS = (_choice("yes", _("동의합니다")), _choice("no", _("동의하지 않습니다")))


class ExtendForm(Form):
    days = IntegerField(
        _("늘릴 기간(일)"),
        [InputRequired(), NumberRange(1, 365)],
        description=_("처음 처리기간만큼까지 늘릴 수 있습니다."),
        render_kw=_DIGITS,
    )
    reason = TextAreaField(
        _("연장 사유"),
        [InputRequired(), Length(min=extensions.MIN_REASON, max=extensions.MAX_REASON)],
        description=_("신청인이 받는 문서에 그대로 들어갑니다."),
    )

    def to_command(self) -> ExtendProcessing:
        return ExtendProcessing(self.days.data or 0, self.reason.data or "")


class ConsentForm(Form):
    answer = RadioField(_("처리기간을 더 늘리는 데"), [InputRequired()], choices=_ANSWERS)

    @property
    def agrees(self) -> bool:
        return self.answer.data == "yes"


class MoreTimeForm(Form):
    days = IntegerField(
        _("더 필요한 날수"),
        [InputRequired(), NumberRange(1, MAX_SUPPLEMENT_DAYS)],
        description=_("지금 기한의 다음 날부터 셉니다. 마지막 날이 쉬는 날이면 다음 근무일까지입니다."),
        render_kw=_DIGITS,
    )
    reason = TextAreaField(
        _("이유"),
        [InputRequired(), Length(min=supplements.MIN_REASON, max=supplements.MAX_REASON)],
        description=_("예: 세무서에서 서류가 다음 주에 나옵니다."),
    )

    def to_command(self) -> ExtendSupplement:
        return ExtendSupplement(self.days.data or 0, self.reason.data or "")


class ReturnForm(Form):
    reasons = TextAreaField(
        _("반려 사유"),
        [InputRequired(), Length(min=MIN_REASONS, max=2000)],
        description=_("통지서에 그대로 들어갑니다. 무엇이 보완되지 않았는지 적어 주세요."),
    )


class HolidayForm(Form):
    kind = RadioField(_("무엇을 하나요"), [InputRequired()], choices=_KINDS, default=ChangeKind.ADD.value)
    on = DateField(_("날짜"), [InputRequired()])
    name = StringField(
        _("이름"),
        [Optional(), Length(max=holidays.LONGEST_NAME)],
        description=_("예: 임시공휴일. 뺄 때는 비워 두세요."),
    )
    reason = TextAreaField(
        _("사유"),
        [InputRequired(), Length(max=holidays.MAX_REASON)],
        description=_("어디에서 알렸는지 적어 주세요. 예: 인사혁신처 공고 제2026-00호"),
    )

    def to_command(self) -> ProposeHoliday:
        assert self.on.data is not None  # required
        return ProposeHoliday(ChangeKind(self.kind.data), self.on.data, self.name.data or "", self.reason.data or "")
