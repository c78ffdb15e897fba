"""Forms of the payer: preparing a run, releasing it, taking it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from forms.base import Form
from portal.domain.payments import Channel, PaymentStatus


class PrepareForm(Form):
    """Names the programme whose approved claims are taken up."""

    programme = HiddenField(_l("사업"), [InputRequired()])


class ReleaseForm(Form):
    channel = RadioField(_l("은행에 알리는 방법"), default=Channel.CSV.value)
    confirmed = BooleanField(
        _l("지급 건수와 합계, 확인 표시가 붙은 계좌를 모두 확인했습니다."),
        [InputRequired(_l("내용을 읽고 확인란에 표시해 주세요."))],
    )


def release_form(channels: Sequence[tuple[str, str]]) -> type[ReleaseForm]:
    """With the ways that this deployment has."""

    class Offering(ReleaseForm):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            self.channel.choices = list(channels)

    return Offering


class RunFilterForm(Form):
    """Narrows the list of a run's payments; sent by GET."""

    FLAGGED = "flagged"  # beside the statuses: the account is new to us

    class Meta(Form.Meta):
        csrf = False

    named = StringField(_l("상호"), [Length(max=100)], default="")
    status = SelectField(_l("상태"), default="")

    def __init__(self, *arguments: Any, statuses: Iterable[tuple[PaymentStatus, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        found = [(status.value, str(name)) for status, name in statuses]
        self.status.choices = [("", str(_l("전체"))), (self.FLAGGED, str(_l("확인할 계좌"))), *found]

    @property
    def flagged(self) -> bool:
        return self.status.data == self.FLAGGED

    @property
    def chosen_status(self) -> PaymentStatus | None:
        return PaymentStatus(self.status.data) if self.status.data in tuple(PaymentStatus) else None


class HoldForm(Form):
    reason = TextAreaField(
        _l("보류 사유"),
        [DataRequired(), Length(max=500)],
        description=_l("지급 목록과 처리 이력에 남습니다. 소상공인에게는 보이지 않습니다."),
    )


class RefuseAccountForm(Form):
    reason = TextAreaField(
        _l("반려 사유"),
        [DataRequired(), Length(min=10, max=200)],
        description=_l("안내문에 그대로 들어갑니다. 계좌번호 전체는 적지 마세요."),
    )


class VoidForm(Form):
    note = TextAreaField(
        _l("확인한 내용"),
        [DataRequired(), Length(max=500)],
        description=_l("은행에 누가 언제 무엇을 확인했는지 적습니다. 처리 이력에 남습니다."),
    )


class CancelForm(Form):
    note = TextAreaField(
        _l("취소 사유"),
        [DataRequired(), Length(max=500)],
        description=_l("처리 이력에 남습니다. 소상공인에게는 보이지 않습니다."),
    )
