"""Forms of the approver: approving, rejecting with reasons, sending back to the reviewer."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import Form
from portal.domain.reviews import MIN_REASONS


class ApproveForm(Form):
    note = TextAreaField(_("결재 의견(선택)"), [Length(max=1000)], render_kw={"rows": 3})


class RejectForm(Form):
    reasons = TextAreaField(
        _("불선정 사유"),
        [InputRequired(), Length(min=MIN_REASONS, max=2000)],
        description=_("통지서에 그대로 들어갑니다. 이의신청 방법과 기한은 통지서에 함께 적힙니다."),
    )


class SendBackForm(Form):
    reasons = TextAreaField(
        _("다시 검토할 사항"),
        [InputRequired(), Length(max=1000)],
        description=_("검토 담당자에게 보입니다. 신청인에게는 보이지 않습니다."),
    )
