"""Forms of recoveries: what officials enter, what a merchant answers or reports, and the filter of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.fields import DateField, WonField
from portal.domain.periods import Month
from portal.domain.recoveries import (
    MAX_DAYS,
    MAX_REFERENCE,
    MAX_TEXT,
    DraftOrder,
    OpenRecovery,
    Opinion,
    Origin,
    OwnNotice,
    PriorNotice,
    Receipt,
)
from portal.domain.recovery_rates import Cause

_REASON = [InputRequired(), Length(max=MAX_TEXT)]
_WHY = _("소상공인이 받는 문서에 그대로 실립니다. 어느 거래가 왜 문제인지 한 줄에 하나씩 적습니다.")


class RecoveryFilterForm(Form):
    """Narrows the list; sent by GET. `statuses`: (code, name)."""

    class Meta(Form.Meta):
        csrf = False

    view = SelectField(_("보기"), default="living")

    def __init__(self, *arguments: Any, statuses: Iterable[tuple[str, object]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        fixed = [("living", _("진행 중")), ("overdue", _("기한 지남")), ("all", _("전체"))]
        self.view.choices = [(code, str(name)) for code, name in (*fixed, *statuses)]

    @property
    def chosen(self) -> str:
        offered = [str(choice[0]) for choice in self.view.choices or ()]
        return self.view.data if self.view.data in offered else "living"


class OpenRecoveryForm(Form):
    """`causes`, `origins`: what they are called. Programme, merchant and month come with the link."""

    programme = HiddenField(validators=[InputRequired()])
    merchant = HiddenField(validators=[InputRequired()])
    period = HiddenField(validators=[InputRequired()])
    amount = WonField(_("돌려받을 금액"), [InputRequired()], description=_("그 달에 실제로 지급한 금액까지입니다."))
    origin = RadioField(_("어떻게 알았나요?"), [InputRequired()])
    cause = RadioField(
        _("원인"),
        [InputRequired()],
        description=_("원인에 따라 이자와 제재부가금이 더해집니다. 단순 착오와 자료 정정은 원금만 돌려받습니다."),
    )
    reason = TextAreaField(_("환수 사유"), _REASON, description=_WHY)

    def __init__(
        self,
        *arguments: Any,
        causes: Mapping[Cause, object] | None = None,
        origins: Mapping[Origin, object] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.cause.choices = [SelectChoice(each.value, str(name)) for each, name in (causes or {}).items()]
        self.origin.choices = [
            SelectChoice(each.value, str(name)) for each, name in (origins or {}).items() if each != Origin.OWN_NOTICE
        ]

    def to_command(self) -> OpenRecovery:
        merchant = self.merchant.data or ""
        return OpenRecovery(
            programme=self.programme.data or "",
            merchant_id=int(merchant) if merchant.isdecimal() and len(merchant) < 19 else 0,
            period=Month(self.period.data or ""),
            amount=self.amount.data or 0,
            cause=Cause(self.cause.data),
            origin=Origin(self.origin.data),
            reason=self.reason.data or "",
        )


class OwnNoticeForm(Form):
    """`months`: (claim id, what it is called) of the months one may report."""

    claim = CodeField(_("어느 달인가요?"), [InputRequired()])
    amount = WonField(
        _("얼마를 더 받으셨나요?"),
        [InputRequired()],
        description=_("정확하지 않아도 됩니다. 담당자가 다시 계산합니다."),
    )
    reason = TextAreaField(
        _("왜 그렇게 되었나요?"), _REASON, description=_("예: 손님이 취소한 주문 두 건이 지원금에 들어 있었습니다.")
    )

    def __init__(self, *arguments: Any, months: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.claim.choices = listed(months)

    def to_command(self) -> OwnNotice:
        return OwnNotice(int(self.claim.data or 0), self.amount.data or 0, self.reason.data or "")


class PriorNoticeForm(Form):
    days = IntegerField(
        _("의견을 낼 수 있는 날수"),
        [InputRequired(), NumberRange(1, MAX_DAYS)],
        description=_("10일 이상이어야 합니다(행정절차법 제21조). 마지막 날이 쉬는 날이면 그다음 날까지입니다."),
    )
    reason = TextAreaField(_("환수 사유"), _REASON, description=_WHY)

    def to_command(self) -> PriorNotice:
        return PriorNotice(self.days.data or 0, self.reason.data or "")


class OpinionForm(Form):
    agrees = BooleanField(_("할 말이 없습니다. 그대로 결정해도 됩니다."))
    text = TextAreaField(
        _("하실 말씀"),
        [Length(max=MAX_TEXT)],
        description=_("사실과 다른 점이나 사정을 적어 주세요. 증거 자료는 담당자에게 전화로 물어보고 낼 수 있습니다."),
    )

    def to_command(self) -> Opinion:
        return Opinion(self.text.data or "", bool(self.agrees.data))


class NoteForm(Form):
    """A step that wants a reason and nothing else."""

    note = TextAreaField(_("사유"), _REASON)


class HearingForm(Form):
    note = TextAreaField(
        _("의견을 살펴본 결과"),
        _REASON,
        description=_("환수 명령서에 실립니다. 받아들였는지, 아니면 왜 아닌지 적습니다."),
    )


class DraftOrderForm(Form):
    """`causes`: what they are called."""

    amount = WonField(_("돌려받을 원금"), [InputRequired()], description=_("사전통지한 금액까지 정할 수 있습니다."))
    cause = RadioField(_("원인"), [InputRequired()])
    days = IntegerField(
        _("납부할 수 있는 날수"),
        [InputRequired(), NumberRange(1, MAX_DAYS)],
        description=_("결정한 날부터 30일 이상이어야 합니다(공공재정환수법 시행령)."),
    )
    waive_surcharge = BooleanField(
        _("제재부가금을 매기지 않습니다."),
        description=_("10만원 이하이고, 한 번뿐이며, 바로 돌려준 때에만 할 수 있습니다."),
    )
    reason = TextAreaField(_("환수 사유"), _REASON, description=_WHY)

    def __init__(self, *arguments: Any, causes: Mapping[Cause, object] | None = None, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.cause.choices = [SelectChoice(each.value, str(name)) for each, name in (causes or {}).items()]

    def to_command(self) -> DraftOrder:
        return DraftOrder(
            amount=self.amount.data or 0,
            cause=Cause(self.cause.data),
            reason=self.reason.data or "",
            days=self.days.data or 0,
            waive_surcharge=bool(self.waive_surcharge.data),
        )


class ConfirmForm(Form):
    confirmed = BooleanField(
        _("금액과 사유, 내신 의견을 모두 확인했습니다."),
        [InputRequired(_("내용을 읽고 확인란에 표시해 주세요."))],
    )


class ReceiptForm(Form):
    amount = WonField(_("받은 금액"), [InputRequired()])
    received_on = DateField(_("받은 날"), [InputRequired()])
    reference = StringField(
        _("은행 거래번호"),
        [InputRequired(), Length(max=MAX_REFERENCE)],
        description=_("같은 번호는 한 번만 적을 수 있어, 두 번 받은 것으로 되지 않습니다."),
        render_kw={"autocomplete": "off"},
    )

    def to_command(self) -> Receipt:
        return Receipt(self.amount.data or 0, self.reference.data or "", self.received_on.data or date.max)
