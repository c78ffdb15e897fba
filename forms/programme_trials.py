"""The page on which a programme is tried: a made-up merchant, and the orders of a made-up month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from forms import answers
from forms.base import Form
from forms.code_fields import CheckboxesField, IndustryField, RegionField
from forms.fields import DateField, WonField
from forms.merchants import WorkersField
from forms.programme_fields import RowForm, WholeField, choices
from forms.programme_words import PAYMENT_METHODS
from portal.domain.announcements import Announcement
from portal.domain.eligibility import Applicant
from portal.domain.errors import Incomplete, Problem
from portal.domain.former_support import TAXES
from portal.domain.programme_trials import MAX_ORDERS, MadeUpOrders, Trial
from portal.domain.questions import Question
from portal.domain.trial_choices import Contest

BLANK = 2
POINTS = "points-"
_UNKNOWN = _l("모름")
_STATUSES = {"01": _l("영업 중"), "02": _l("휴업"), "03": _l("폐업")}
_NONE = {"no": _l("없음")}
_SHOWN = {"yes": _l("있음"), "no": _l("없음")}


class OrderRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("number",)

    number = WholeField(_l("주문 수"))
    platform = SelectField(_l("플랫폼"), validate_choice=False)
    channel = SelectField(_l("거래의 종류"), validate_choice=False)
    payment_method = SelectField(_l("결제수단"), choices=choices(PAYMENT_METHODS))
    order_amount = WonField(_l("주문금액(한 건)"))
    delivery_fee = WonField(_l("배달비(한 건)"))
    delivery_support = WonField(_l("그 가운데 플랫폼·정부 부담"))
    promotion_cost = WonField(_l("홍보비(한 건)"))
    promotion_support = WonField(_l("홍보비 중 플랫폼·정부 부담"))


class TrialForm(Form):
    """`trial_form` adds what the draft asks: sales by year, the way of applying, its questions, the points it gives."""

    years: ClassVar[tuple[int, ...]] = ()
    questions: ClassVar[Sequence[Question]] = ()
    tracked: ClassVar[bool] = False
    criteria: ClassVar[tuple[str, ...]] = ()
    edition: ClassVar[int] = 0

    on = DateField(_l("신청하는 날"), [InputRequired()])
    region_code = RegionField(_l("사업장이 있는 곳"))
    industry_code = IndustryField(_l("업종"))
    opened_on = DateField(_l("개업일"))
    regular_workers = WorkersField(_l("상시 근로자 수"))
    owner_business_count = WholeField(_l("이 사업에 신청한 같은 대표자의 사업장 수"))
    tax_status = SelectField(_l("사업자 상태"), choices=choices(_STATUSES, empty=_UNKNOWN))
    certificate = SelectField(_l("소상공인확인서"), choices=choices(_SHOWN, empty=_UNKNOWN))
    platforms = CheckboxesField(_l("가입한 플랫폼"))
    arrears = SelectField(_l("세금 체납"), choices=choices(_SHOWN, empty=_UNKNOWN))
    others = SelectField(_l("다른 사업에 참여했거나 앞서 받은 지원"), choices=choices(_NONE, empty=_UNKNOWN))
    requested_amount = WonField(_l("신청하는 지원금"), description=_l("비우면 한도까지 신청한 것으로 봅니다."))
    rivals = WholeField(_l("다른 신청의 수"))
    month = SelectField(_l("시험할 달"), [InputRequired()])
    orders = FieldList(FormField(OrderRow))

    def __init__(
        self,
        *arguments: Any,
        regions: Sequence[SelectChoice],
        industries: Sequence[SelectChoice],
        platform_names: Mapping[str, str],
        channels: Mapping[str, object],
        months: Mapping[str, object],
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.region_code.choices = list(regions)
        self.industry_code.choices = list(industries)
        self.platforms.choices = choices(platform_names)
        self.month.choices = choices(months)
        if not self.is_submitted():
            for _ in range(BLANK):
                self.orders.append_entry()
        for row in self.rows:
            row["platform"].choices = choices(platform_names)
            row["channel"].choices = choices(channels)

    @property
    def rows(self) -> list[OrderRow]:
        entries: list[Any] = self.orders.entries
        return [entry.form for entry in entries]

    def to_command(self) -> Trial:
        """Raises Incomplete where there are no orders, or too many."""
        orders = [_orders(row) for row in self.rows if row.filled and row.number.data]
        if not orders:
            raise Incomplete(problems=[Problem("trial_needs_orders", "orders-0-number")])
        if sum(each.number for each in orders) > MAX_ORDERS:
            raise Incomplete(problems=[Problem("trial_too_many", "orders-0-number", f"{MAX_ORDERS:,}")])
        return Trial(
            self._applicant(),
            self.on.data or date.min,
            str(self.month.data),
            orders,
            track=str(self["track"].data or "") if self.tracked else "",
            answers=answers.given(self, self.questions),
            contest=self._contest(),
        )

    def _contest(self) -> Contest:
        points: dict[str, int | None] = {code: self[f"{POINTS}{code}"].data for code in self.criteria}
        return Contest(self.rivals.data or 0, points, self.requested_amount.data)

    def _applicant(self) -> Applicant:
        sales: dict[int, int | None] = {year: self[f"sales_{year}"].data for year in self.years}
        shown = self.certificate.data
        return Applicant(
            region_code=self.region_code.data or "",
            industry_edition=self.edition if self.industry_code.data else None,
            industry_code=self.industry_code.data or "",
            opened_on=self.opened_on.data,
            sales=sales,
            regular_workers=self.regular_workers.data,
            platforms=frozenset(self.platforms.data or ()),
            owner_business_count=self.owner_business_count.data,
            tax_status=self.tax_status.data or None,
            certificate=(shown == "yes") if shown else None,
            supported={} if self.others.data else None,
            taking_part={} if self.others.data else None,
            arrears=dict.fromkeys(TAXES, self.arrears.data == "yes") if self.arrears.data else {},
        )


def trial_form(years: Sequence[int], edition: int, announcement: Announcement) -> type[TrialForm]:
    """The form with a box for each year, and what the draft asks; `edition`: of the codes of trades on offer."""
    boxes: dict[str, Any] = {f"sales_{year}": WonField(gettext("%(year)s년 매출액", year=year)) for year in years}
    rules = announcement.selection
    scored = {each.code: each for each in rules.criteria} if rules is not None else {}
    boxes |= answers.track_box(announcement.tracks) | answers.boxes(announcement.questions)
    boxes |= {f"{POINTS}{code}": WholeField(f"{each.name} (0 ~ {each.points})") for code, each in scored.items()}
    told = {"years": tuple(years), "edition": edition, "criteria": tuple(scored), "tracked": bool(announcement.tracks)}
    written = tuple(each for each in announcement.questions if each.kind != "file")
    return type("TrialForm", (TrialForm,), {**boxes, **told, "questions": written})


def _orders(row: OrderRow) -> MadeUpOrders:
    won = ("order_amount", "delivery_fee", "delivery_support", "promotion_cost", "promotion_support")
    return MadeUpOrders(
        number=row.number.data or 0,
        platform=str(row.platform.data),
        channel=str(row.channel.data),
        payment_method=str(row.payment_method.data),
        **{name: row[name].data or 0 for name in won},
    )
