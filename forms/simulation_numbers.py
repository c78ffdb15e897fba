"""A form made from a programme's terms: a field for each of their numbers, and the terms with what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from forms.code_fields import CheckboxesField
from forms.fields import DateField, RateField, WonField
from forms.messages import sentence
from forms.simulations import PlanForm
from portal.domain.errors import Problem
from portal.domain.kinds import ITEM_NAMES, AmountKind, CapPer, PoolOrder, PoolPer
from portal.domain.simulations import Draft
from portal.domain.terms import Amount, Cap, Item, Pool, Terms
from portal.domain.terms_text import as_toml

AMOUNTS = {
    AmountKind.FLAT: _l("주문 한 건의 지원금"),
    AmountKind.COST_UP_TO: _l("주문 한 건의 상한"),
    AmountKind.ONE_OFF: _l("처음 한 번의 지원금"),
}
CAPS = {
    CapPer.ORDER: _l("주문 한 건의 한도"),
    CapPer.DAY: _l("하루 한도"),
    CapPer.MONTH: _l("한 달 한도"),
    CapPer.HALF_YEAR: _l("반년 한도"),
    CapPer.YEAR: _l("한 해 한도"),
    CapPer.PROGRAMME: _l("사업 기간 전체 한도"),
    CapPer.OWNER: _l("대표자 한 사람의 한도"),
}
POOLS = {
    PoolPer.DAY: _l("하루 예산 한도"),
    PoolPer.MONTH: _l("한 달 예산 한도"),
    PoolPer.YEAR: _l("한 해 예산 한도"),
    PoolPer.PROGRAMME: _l("사업 전체 예산 한도"),
}
ORDERS = {PoolOrder.ORDERED_AT: _l("주문한 순서"), PoolOrder.ACCEPTED_AT: _l("선정된 순서")}
_WITHOUT = _l("비워 두면 이 한도 없이 계산합니다.")

Value = int | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together under a heading."""

    title: str
    fields: Sequence[Field]


class NumbersForm(PlanForm):
    """`numbers_form` adds the fields of the terms. `platform_names`: code -> name of all there are."""

    terms: ClassVar[Terms]
    platform_names: ClassVar[Mapping[str, str]]

    cost_from = DateField(_l("사업 기간 시작일"), [InputRequired()])
    cost_to = DateField(_l("사업 기간 끝나는 날"), [InputRequired()])
    platforms = CheckboxesField(_l("지원하는 플랫폼"))
    round_down_to = WonField(
        _l("지급 단위"), [InputRequired()], description=_l("한 달 지원금에서 이 금액보다 작은 끝수를 버립니다.")
    )

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.platforms.choices = [SelectChoice(value=code, label=name) for code, name in self.platform_names.items()]

    def validate_cost_to(self, field: Field) -> None:
        if field.data and self.cost_from.data and field.data < self.cost_from.data:
            raise ValidationError(sentence(Problem("date_order", "cost_to")))

    def validate_platforms(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(sentence(Problem("required", "platforms")))

    def validate_round_down_to(self, field: Field) -> None:
        if field.data == 0:
            raise ValidationError(sentence(Problem("too_small", "round_down_to", "0")))

    @classmethod
    def start(cls) -> dict[str, Any]:
        """What stands in the fields before anything is changed: the numbers of the terms."""
        terms = cls.terms
        plain = {"cost_from": terms.cost_from, "cost_to": terms.cost_to, "round_down_to": terms.round_down_to}
        return plain | {"platforms": list(terms.platforms or cls.platform_names)} | dict(_values(terms))

    def parts(self) -> Iterator[Part]:
        """The fields of the draft under their headings."""
        yield Part(_("사업 기간과 플랫폼"), [self.cost_from, self.cost_to, self.platforms, self.round_down_to])
        for number, item in enumerate(self.terms.items):
            yield Part(_(ITEM_NAMES[item.code]) if item.code in ITEM_NAMES else item.code, self._named(f"item{number}"))
        if self.terms.pools:
            yield Part(_("예산 한도"), self._named("pool"))

    def to_command(self) -> Draft:
        return self.draft(as_toml(self.to_terms()), "")

    def to_terms(self) -> Terms:
        """The terms with the numbers as entered; a cap or pool left empty is gone."""
        return replace(
            self.terms,
            cost_from=self.cost_from.data,
            cost_to=self.cost_to.data,
            platforms=self._platforms(),
            round_down_to=self.round_down_to.data,
            items=tuple(self._item(number, item) for number, item in enumerate(self.terms.items)),
            pools=tuple(self._pools()),
        )

    def _named(self, beginning: str) -> list[Field]:
        return [field for field in self if field.name.startswith(f"{beginning}_")]

    def _platforms(self) -> tuple[str, ...] | None:
        chosen = set(self.platforms.data or ())
        if chosen == set(self.terms.platforms or self.platform_names):
            return self.terms.platforms
        return None if chosen == set(self.platform_names) else tuple(sorted(chosen))

    def _item(self, number: int, item: Item) -> Item:
        entered = {field.name.removeprefix(f"item{number}_"): field.data for field in self._named(f"item{number}")}
        caps = (replace(cap, amount=entered[f"cap{place}"]) for place, cap in enumerate(item.caps)
                if entered[f"cap{place}"] is not None)  # fmt: skip
        minimum = entered["minimum"] or 0
        return replace(item, amount=_amount(item.amount, entered), min_order_amount=minimum, caps=tuple(caps))

    def _pools(self) -> Iterator[Pool]:
        for number, pool in enumerate(self.terms.pools):
            amount, order = self[f"pool_{number}_amount"].data, PoolOrder(self[f"pool_{number}_order"].data)
            if amount is not None:
                yield replace(pool, amount=amount, order_by=order)


def numbers_form(terms: Terms, platforms: Mapping[str, str]) -> type[NumbersForm]:
    """A form with a field for each number of these terms. `platforms`: code -> name of those in the catalogue."""
    names = dict(platforms) | {code: code for code in terms.platforms or () if code not in platforms}
    fields: dict[str, Any] = {"terms": terms, "platform_names": names}
    for number, item in enumerate(terms.items):
        fields |= {f"item{number}_{name}": field for name, field in _item_fields(item, names)}
    for number, pool in enumerate(terms.pools):
        fields[f"pool_{number}_amount"] = WonField(POOLS[pool.per], [Optional()], description=_said(pool.legal))
        orders = [SelectChoice(order.value, str(label)) for order, label in ORDERS.items()]
        fields[f"pool_{number}_order"] = SelectField(_l("예산 한도를 쓰는 순서"), choices=orders)
    return type("TermsForm", (NumbersForm,), fields)


def _item_fields(item: Item, platforms: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    amount = item.amount
    if amount.kind is AmountKind.COST_SHARE:
        yield "rate", RateField(_l("지원 비율"), [InputRequired()], description=amount.legal)
    elif amount.kind is AmountKind.FLAT_BY:
        for value in amount.amounts:
            yield f"by_{value}", WonField(platforms.get(value, value), [InputRequired()], description=amount.legal)
        yield "default", WonField(_l("그 밖의 주문"), [InputRequired()])
    else:
        yield "amount", WonField(AMOUNTS[amount.kind], [InputRequired()], description=amount.legal)
    yield "minimum", WonField(_l("최소 주문금액"), [Optional()])
    for place, cap in enumerate(item.caps):
        yield f"cap{place}", WonField(CAPS[cap.per], [Optional()], description=_said(cap.legal))


def _said(legal: str) -> Any:
    """The article, and what an empty box means."""
    return f"{legal}. {_WITHOUT}" if legal else _WITHOUT


def _values(terms: Terms) -> Iterator[tuple[str, Value]]:
    for number, item in enumerate(terms.items):
        amount, name = item.amount, f"item{number}_"
        yield f"{name}rate", amount.rate
        yield f"{name}amount", amount.amount
        yield f"{name}default", amount.default
        yield f"{name}minimum", item.min_order_amount
        yield from ((f"{name}by_{value}", won) for value, won in amount.amounts.items())
        yield from _numbered(f"{name}cap", item.caps)
    for number, pool in enumerate(terms.pools):
        yield f"pool_{number}_amount", pool.amount
        yield f"pool_{number}_order", pool.order_by.value


def _numbered(name: str, caps: Iterable[Cap]) -> Iterator[tuple[str, Value]]:
    return ((f"{name}{place}", cap.amount) for place, cap in enumerate(caps))


def _amount(amount: Amount, entered: Mapping[str, Any]) -> Amount:
    if amount.kind is AmountKind.COST_SHARE:
        return replace(amount, rate=entered["rate"])
    if amount.kind is AmountKind.FLAT_BY:
        amounts = {value: entered[f"by_{value}"] for value in amount.amounts}
        return replace(amount, amounts=amounts, default=entered["default"])
    return replace(amount, amount=entered["amount"])
