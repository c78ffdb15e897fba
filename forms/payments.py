"""Forms of the payer: preparing a run, releasing it, taking it back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from forms.base import Form


class PrepareForm(Form):
    """Names the programme whose approved claims are taken up."""

    programme = HiddenField(_l("사업"), [InputRequired()])


class ReleaseForm(Form):
    confirmed = BooleanField(
        _l("지급 건수와 합계, 확인 표시가 붙은 계좌를 모두 확인했습니다."),
        [InputRequired(_l("내용을 읽고 확인란에 표시해 주세요."))],
    )


class CancelForm(Form):
    note = TextAreaField(
        _l("취소 사유"),
        [DataRequired(), Length(max=500)],
        description=_l("처리 이력에 남습니다. 소상공인에게는 보이지 않습니다."),
    )
