"""The form on which a business place is stated, as it looks today: codes in force and the years asked for."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from forms.merchants import MerchantForm, merchant_form
from portal.clock import now, today
from portal.models.base import db
from portal.queries import merchants, programmes
from portal.web import codes

F = TypeVar("F", bound=MerchantForm)


def registration_form(kind: type[F], known: Iterable[int] = ()) -> type[F]:
    """The form of today, with the years that open programmes ask for and those already on record."""
    asked = merchants.sales_years(programmes.open_calls(db.session(), at=now()), today())
    return merchant_form(
        kind,
        regions=codes.region_choices(today()),
        industries=codes.industry_choices(),
        industry_edition=codes.INDUSTRY_EDITION,
        banks=codes.bank_choices(),
        years=sorted({*asked, *known}, reverse=True),
    )


def on_record(place: Any) -> dict[str, Any]:
    """What is on record, for the boxes; the account number is left out: it is shown masked and typed anew to change."""
    names = ("business_number", "trade_name", "representative", "phone", "region_code", "address", "industry_code")
    start = {name: getattr(place, name) for name in (*names, "opened_on", "bank_code", "account_holder")}
    start["regular_workers"] = Decimal(place.regular_workers_tenths) / 10
    return start | {f"sales_{row.year}": row.amount for row in place.sales}
