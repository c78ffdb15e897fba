"""The form on which an owner states what the portal has to know about a business place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from forms.base import Form
from forms.code_fields import CodeField, IndustryField, RegionField
from forms.fields import BusinessNumberField, DateField, PhoneField, TypedField, WonField
from portal.domain.identifiers import is_account_number, normalise_account_number
from portal.domain.merchants import MerchantRegistration

HALVES = Decimal("0.5")
MOST_WORKERS = 9_999


class WorkersField(TypedField):
    """Regular workers in halves: part-timers of 60 hours a month count 0.5 (소상공인기본법 시행령 제3조)."""

    attributes: Mapping[str, str] = {"inputmode": "decimal", "autocomplete": "off"}
    suffix = _("명")

    def parse(self, text: str) -> Decimal:
        plain = text.removesuffix("명").strip()
        if not plain.replace(".", "", 1).isdecimal() or not plain.isascii():
            raise ValueError("workers_not_halves")
        workers = Decimal(plain)
        if workers % HALVES or workers > MOST_WORKERS:
            raise ValueError("workers_not_halves")
        return workers

    def show(self, value: Decimal) -> str:
        return f"{value.normalize():f}"


class AccountNumberField(TypedField):
    """A bank account number in any spelling; holds its digits. What is on record is never put into the box."""

    def parse(self, text: str) -> str:
        digits = normalise_account_number(text)
        if not is_account_number(digits):
            raise ValueError("account_number_invalid")
        return digits


class MerchantForm(Form):
    """Without the sales, which depend on the years asked for: see `merchant_form`."""

    industry_edition: int
    years: tuple[int, ...] = ()
    offered: ClassVar[Mapping[str, Sequence[SelectChoice]]] = {}

    business_number = BusinessNumberField(
        _("사업자등록번호"),
        [InputRequired()],
        description=_("사업자등록증에 있는 숫자 10자리입니다. 줄표(-)는 없어도 됩니다."),
    )
    trade_name = StringField(_("상호"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "organization"})
    representative = StringField(
        _("대표자 이름"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "name"}
    )
    phone = PhoneField(_("연락받을 전화번호"), [InputRequired()], description=_("예: 010-1234-5678"))
    region_code = RegionField(
        _("사업장이 있는 읍·면"), [InputRequired()], description=_("읍·면이 없는 지역은 시·군·구를 선택해 주세요.")
    )
    address = StringField(
        _("사업장 주소"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "street-address"}
    )
    industry_code = IndustryField(
        _("업종"), [InputRequired()], description=_("매출이 가장 큰 업종 하나를 선택해 주세요.")
    )
    opened_on = DateField(_("개업일"), [InputRequired()], description=_("사업자등록증의 개업 연월일입니다."))
    bank_code = CodeField(_("은행"), [InputRequired()])
    account_number = AccountNumberField(
        _("계좌번호"), description=_("지원금을 받을 통장입니다. 줄표(-)는 없어도 됩니다.")
    )
    account_holder = StringField(
        _("예금주"), [InputRequired(), Length(max=200)], description=_("통장에 적힌 이름 그대로")
    )
    regular_workers = WorkersField(
        _("상시 근로자 수"),
        [InputRequired()],
        description=_("대표자와 일용직은 빼고 셉니다. 한 달 60시간 이상 일하는 시간제 직원은 0.5명입니다. 없으면 0."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in self.offered.items():
            field: Any = self[name]
            field.choices = list(choices)

    def to_command(self) -> MerchantRegistration:
        sales = {year: self[f"sales_{year}"].data for year in self.years}
        return MerchantRegistration(
            business_number=self.business_number.data or "",
            trade_name=self.trade_name.data or "",
            representative=self.representative.data or "",
            phone=self.phone.data or "",
            region_code=self.region_code.data or "",
            address=self.address.data or "",
            industry_edition=self.industry_edition,
            industry_code=self.industry_code.data or "",
            opened_on=self.opened_on.data or date.max,
            regular_workers=self.regular_workers.data if self.regular_workers.data is not None else Decimal(-1),
            sales={year: amount for year, amount in sales.items() if amount is not None},
            bank_code=self.bank_code.data or "",
            account_number=self.account_number.data or "",
            account_holder=self.account_holder.data or "",
        )


class NewMerchantForm(MerchantForm):
    """The first time the account number has to be typed; later it may be left as it is."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        box: Any = self.account_number
        box.validators = [InputRequired()]
        box.flags.required = True


F = TypeVar("F", bound=MerchantForm)


def merchant_form(
    kind: type[F],
    *,
    regions: Sequence[SelectChoice],
    industries: Sequence[SelectChoice],
    industry_edition: int,
    banks: Sequence[SelectChoice],
    years: Sequence[int],
) -> type[F]:
    """The form for one day: codes in force, and a box for the sales of each year asked for (`sales_2025`)."""
    fields: dict[str, Any] = {f"sales_{year}": WonField(gettext("%(year)s년 매출액", year=year)) for year in years}
    offered = {"region_code": regions, "industry_code": industries, "bank_code": banks}
    more = {"years": tuple(years), "industry_edition": industry_edition, "offered": offered}
    made: Any = type(kind.__name__, (kind,), {**fields, **more})
    return made
