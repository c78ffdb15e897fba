"""Fields for what people type: money, numbers of businesses and phones, dates.

Each refuses with a code of forms/messages.py, keeps what was typed on the page, and holds None where nothing was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField as NativeDateField
from wtforms import Field
from wtforms.widgets import TextInput

from forms.messages import MESSAGES, sentence
from portal.domain.errors import Problem
from portal.domain.identifiers import (
    format_business_number,
    format_phone,
    is_business_number,
    is_phone,
    normalise_business_number,
    normalise_phone,
)
from portal.domain.money import Won

# More than the national budget; keeps a slipped key from reaching a 64-bit column.
LARGEST_WON: Won = 10**15 - 1
DATE_FORMATS = ("%Y-%m-%d", "%Y.%m.%d", "%Y.%m.%d.", "%Y. %m. %d", "%Y. %m. %d.", "%Y%m%d")


class TypedField(Field):
    """A text box whose text is parsed once. Subclasses give `parse` and `show`; errors are problem codes."""

    widget = TextInput()

    attributes: Mapping[str, str] = {"inputmode": "numeric", "autocomplete": "off"}
    suffix: Any = ""

    def __init__(
        self, label: Any = None, validators: Any = None, *, render_kw: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        super().__init__(label, validators, render_kw={**self.attributes, **(render_kw or {})}, **more)

    def parse(self, text: str) -> Any:
        """The value of a text that is not blank. Raises ValueError(code)."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """The value as it stands in the box."""
        return str(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        text = unicodedata.normalize("NFKC", str(valuelist[0])).strip() if valuelist else ""
        self.data = None
        if text:
            try:
                self.data = self.parse(text)
            except ValueError as error:
                raise ValueError(sentence(Problem(str(error), self.name))) from error

    def _value(self) -> str:
        if self.process_errors and self.raw_data:
            return str(self.raw_data[0])  # the mistake stays visible, so that it can be mended rather than typed again
        return "" if self.data is None else self.show(self.data)


class WonField(TypedField):
    """Whole won from 0: takes `1,234,000`, `1,234,000` and `1234000원`; holds an int."""

    suffix = _l("원")

    def parse(self, text: str) -> Won:
        plain = re.sub(r"[,\s]", "", text).removesuffix("원")
        if re.fullmatch(r"[-−]\d+", plain):
            raise ValueError("won_negative")
        if not re.fullmatch(r"[0-9]+", plain):
            raise ValueError("won_not_a_number")
        if len(plain) > 20 or int(plain) > LARGEST_WON:
            raise ValueError("won_too_large")
        return int(plain)

    def show(self, value: Won) -> str:
        return f"{value:,}"


class RateField(TypedField):
    """A share in per cent with at most two decimals: takes `12.5` and `12.5%`; holds a Decimal from 0 to 1."""

    attributes: Mapping[str, str] = {"inputmode": "decimal", "autocomplete": "off"}
    suffix = "%"

    def parse(self, text: str) -> Decimal:
        plain = text.removesuffix("%").strip()
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]+)?", plain):
            raise ValueError("rate_not_a_number")
        share = Decimal(plain) / 100
        if not 0 <= share <= 1:
            raise ValueError("rate_out_of_range")
        if share != share.quantize(Decimal("0.0001")):
            raise ValueError("rate_too_fine")
        return share

    def show(self, value: Decimal) -> str:
        return f"{(value * 100).normalize():f}"


class BusinessNumberField(TypedField):
    """사업자등록번호 in any spelling; holds ten digits whose check digit is right."""

    def parse(self, text: str) -> str:
        digits = normalise_business_number(text)
        if len(digits) != 10:
            raise ValueError("business_number_length")
        if not is_business_number(digits):
            raise ValueError("business_number_check")
        return digits

    def show(self, value: str) -> str:
        return format_business_number(value)


class PhoneField(TypedField):
    """A Korean phone number in any spelling; holds its digits in national form."""

    attributes: Mapping[str, str] = {"inputmode": "tel", "autocomplete": "tel"}

    def parse(self, text: str) -> str:
        digits = normalise_phone(text)
        if not is_phone(digits):
            raise ValueError("phone_invalid")
        return digits

    def show(self, value: str) -> str:
        return format_phone(value)


class DateField(NativeDateField):
    """A Korean date in the browser's own date box; typed dates may use dots, or nothing between the parts."""

    def __init__(self, label: Any = None, validators: Any = None, **more: Any) -> None:
        more.setdefault("invalid_value_message", MESSAGES["date_not_a_date"])
        super().__init__(label, validators, format=list(DATE_FORMATS), **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if any(str(text).strip() for text in valuelist):
            super().process_formdata([str(text).strip() for text in valuelist])
        else:
            self.data = None
