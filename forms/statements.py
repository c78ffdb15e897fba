"""The form by which a platform's person states the totals of a month."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from forms.base import Form
from forms.fields import WonField
from forms.messages import sentence
from portal.domain.errors import Problem
from portal.domain.settlements import is_period
from portal.domain.statements import StateMonth

_IF_KNOWN = _("모르면 비워 두세요. 비운 것은 비교하지 않습니다.")


class MonthTotalsForm(Form):
    period = StringField(_("정산 월"), [InputRequired()], description=_("예: 2026-03"), render_kw={"type": "month"})
    orders = IntegerField(
        _("주문 수"), [InputRequired(), NumberRange(0, 10**12)], description=_("취소된 주문은 빼고 적습니다.")
    )
    order_amount = WonField(_("주문금액 합계"), [InputRequired()], description=_("취소된 주문은 빼고 적습니다."))
    delivery_fee = WonField(_("배달비 합계"), [Optional()], description=_IF_KNOWN)
    promotion_cost = WonField(_("쿠폰·할인·광고비 합계"), [Optional()], description=_IF_KNOWN)

    def validate_period(self, field: StringField) -> None:
        if not is_period(field.data or ""):
            raise ValidationError(sentence(Problem("not_a_month", "period")))

    def to_command(self) -> StateMonth:
        typed = {
            "orders": self.orders.data,
            "order_amount": self.order_amount.data,
            "delivery_fee": self.delivery_fee.data,
            "promotion_cost": self.promotion_cost.data,
        }
        figures = {name: value for name, value in typed.items() if value is not None}
        return StateMonth(self.period.data or "", figures)
