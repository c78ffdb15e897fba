"""Forms of the monthly reconciliation: which month, and what a platform states about one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from forms.base import Form
from forms.code_fields import CodeField, listed
from forms.fields import WonField
from forms.messages import sentence
from portal.domain.errors import Problem
from portal.domain.periods import Month
from portal.domain.platform_months import StateMonth
from portal.domain.settlements import is_period
from portal.domain.statements import FEES


class MonthFilterForm(Form):
    """Sent by GET. `months`: those on offer, newest first, with what they are called."""

    class Meta(Form.Meta):
        csrf = False

    period = SelectField(_("정산 월"))

    def __init__(self, *arguments: Any, months: Iterable[tuple[Month, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.period.choices = list(months)

    @property
    def chosen(self) -> Month:
        """The month asked for if there is something of it, else the newest; empty where there is none."""
        offered = [str(choice[0]) for choice in self.period.choices or ()]
        return self.period.data if self.period.data in offered else next(iter(offered), "")


class StatementForm(Form):
    """`platforms`: (code, name)."""

    platform = CodeField(_("플랫폼"), [InputRequired()])
    period = StringField(_("정산 월"), [InputRequired()], description=_("예: 2026-03"), render_kw={"type": "month"})
    orders = IntegerField(
        _("주문 수"), [InputRequired(), NumberRange(0, 10**12)], description=_("취소된 주문은 빼고 적습니다.")
    )
    order_amount = WonField(_("주문금액 합계"), [InputRequired()], description=_("취소된 주문은 빼고 적습니다."))
    delivery_fee = WonField(_("배달비"), [Optional()], description=_("플랫폼이나 정부가 낸 몫도 넣습니다."))
    promotion_cost = WonField(_("쿠폰·할인·광고비"), [Optional()], description=_("플랫폼이나 정부가 낸 몫도 넣습니다."))
    brokerage_fee = WonField(_("중개이용료"), [Optional()])
    payment_fee = WonField(_("결제수수료"), [Optional()])
    source = StringField(
        _("정산서 파일 이름"),
        [InputRequired(), Length(max=200)],
        description=_("플랫폼이 보낸 정산서의 파일 이름을 적습니다. 숫자의 근거로 남습니다."),
    )

    def __init__(self, *arguments: Any, platforms: Iterable[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.platform.choices = listed(platforms)

    def validate_period(self, field: StringField) -> None:
        if not is_period(field.data or ""):
            raise ValidationError(sentence(Problem("not_a_month", "period")))

    def to_command(self) -> StateMonth:
        return StateMonth(
            platform=self.platform.data or "",
            period=self.period.data or "",
            orders=self.orders.data or 0,
            order_amount=self.order_amount.data or 0,
            source=self.source.data or "",
            fees={name: self[name].data for name in FEES if self[name].data is not None},
        )
