"""The page of one item of support: what cost it looks at, how much is paid for it, and up to which caps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from forms.code_fields import CheckboxesField
from forms.fields import RateField, WonField
from forms.programme_fields import PartForm, RowForm, choices
from forms.programme_words import AMOUNT_KINDS, ATTRIBUTES, BASES, PAYMENT_METHODS, PERIODS, WORDS
from portal.domain.errors import Problem
from portal.domain.kinds import ITEM_NAMES, SERVICE, AmountKind
from portal.domain.programme_drafts import Document, fingerprint

# What is paid for services in kind is drawn up from invoices, never an item that looks at costs.
_NAMES: Mapping[str, object] = {code: _l(name) for code, name in ITEM_NAMES.items() if code != SERVICE}
_BY_AMOUNT = (AmountKind.FLAT, AmountKind.COST_UP_TO, AmountKind.ONE_OFF)
# What belongs to which way of finding an amount; the rest of the boxes is left out of the document.
_KEYS: Mapping[str, tuple[str, ...]] = {
    AmountKind.COST_SHARE: ("kind", "rate", "legal"),
    AmountKind.FLAT_BY: ("kind", "attribute", "amounts", "default", "legal"),
    **dict.fromkeys(_BY_AMOUNT, ("kind", "amount", "legal")),
}


class CapRow(RowForm):
    typed: ClassVar[tuple[str, ...]] = ("amount", "legal")

    per = SelectField(WORDS["item.caps.per"], choices=choices(PERIODS))
    amount = WonField(WORDS["item.caps.amount"])
    legal = StringField(WORDS["item.caps.legal"], [Length(max=200)])


class ByRow(RowForm):
    """A value of what the amount depends on, and its amount."""

    typed: ClassVar[tuple[str, ...]] = ("won",)

    value = SelectField(_l("값"))
    won = WonField(WORDS["item.amount.amount"])


class ItemForm(PartForm):
    """`channel_names`, `platforms`: code -> name of what there is to choose; `own_code`: that of the item so far."""

    paths: ClassVar[Mapping[str, str]] = {
        "code": "code",
        "basis": "basis",
        "channels": "channels",
        "minimum": "min_order_amount",
        "kind": "amount.kind",
        "rate": "amount.rate",
        "won": "amount.amount",
        "attribute": "amount.attribute",
        "default": "amount.default",
        "legal": "amount.legal",
    }
    rows: ClassVar[Mapping[str, str]] = {"caps": "caps", "amounts": "amount.amounts"}

    code = SelectField(
        WORDS["item.code"],
        [InputRequired()],
        description=_l("통지서와 통계에 나오는 비목입니다. 한 주문은 비목마다 한 번만 지원합니다."),
    )
    basis = SelectField(WORDS["item.basis"], choices=choices(BASES))
    channels = CheckboxesField(
        WORDS["item.channels"], description=_l("하나도 고르지 않으면 모든 종류의 거래를 지원합니다.")
    )
    minimum = WonField(
        WORDS["item.min_order_amount"], description=_l("이보다 적은 주문은 지원하지 않습니다. 없으면 비움.")
    )
    kind = SelectField(WORDS["item.amount.kind"], [InputRequired()], choices=choices(AMOUNT_KINDS))
    rate = RateField(WORDS["item.amount.rate"], description=_l("‘낸 비용의 일정 비율’일 때만 적습니다."))
    won = WonField(
        WORDS["item.amount.amount"], description=_l("‘정해진 금액’, ‘얼마까지’, ‘처음 한 번만’일 때 적습니다.")
    )
    attribute = SelectField(
        WORDS["item.amount.attribute"],
        choices=choices(ATTRIBUTES, empty=_l("해당 없음")),
        description=_l("‘결제수단·거래·플랫폼에 따라 다른 금액’일 때만 고르고 아래에 금액을 적습니다."),
    )
    amounts = FieldList(FormField(ByRow))
    default = WonField(WORDS["item.amount.default"], description=_l("위에 없는 주문 한 건의 금액. 없으면 비움."))
    legal = StringField(WORDS["item.amount.legal"], [Length(max=200)], description=_l("예: 공고 제4조제1항"))
    caps = FieldList(FormField(CapRow))

    def __init__(
        self,
        *arguments: Any,
        channel_names: Mapping[str, object],
        platforms: Mapping[str, str],
        own_code: str,
        **more: Any,
    ) -> None:
        super().__init__(*arguments, **more)
        self.channels.choices = choices(channel_names)
        own = {} if own_code in _NAMES else {own_code: ITEM_NAMES.get(own_code, own_code)}
        self.code.choices = choices({**_NAMES, **own})
        values = {**PAYMENT_METHODS, **channel_names, **platforms}
        for row in self.rows_of("amounts"):
            row["value"].choices = choices(values, empty=_l("고르세요"))

    @classmethod
    def mark(cls, document: Document) -> str:
        return fingerprint(document)

    @classmethod
    def shown(cls, values: dict[str, Any]) -> dict[str, Any]:
        by = values.get("amounts")
        rows = [{"value": value, "won": won} for value, won in by.items()] if isinstance(by, Mapping) else []
        return {**values, "amounts": rows, "rate": _rate(values.get("rate"))}

    def table(self) -> dict[str, Any]:
        table = super().table()
        amount: dict[str, Any] = table.get("amount", {})
        amount["amounts"] = {row["value"].data: row["won"].data for row in self.filled_rows("amounts")}
        kept = _KEYS.get(str(self.kind.data), ())
        table["amount"] = {key: amount[key] for key in kept if key in amount}
        return table

    def needed(self, row: RowForm) -> Iterable[str]:
        return ("value", "won") if isinstance(row, ByRow) else ("amount", "legal")

    def contradictions(self) -> Iterator[Problem]:
        kind = self.kind.data
        if kind == AmountKind.COST_SHARE and self.rate.data is None and not self.rate.errors:
            yield Problem("rate_needed", "rate")
        if kind in _BY_AMOUNT and self.won.data is None and not self.won.errors:
            yield Problem("amount_needed_for_kind", "won")
        if kind == AmountKind.FLAT_BY and not (self.attribute.data and self.filled_rows("amounts")):
            yield Problem("attribute_needed", "attribute")

    @classmethod
    def blank(cls) -> Document:
        """What a new item begins with."""
        return {"code": "delivery", "basis": "merchant_delivery_cost", "amount": {"kind": "cost_share"}}


def _rate(text: object) -> Decimal | None:
    try:
        return Decimal(str(text)) if text is not None else None
    except InvalidOperation:
        return None
