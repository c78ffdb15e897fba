"""How values look on a page: filters and look-ups for templates."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import format_decimal

from portal.domain import identifiers, masking, messages
from portal.domain.money import E4
from portal.web import (
    approval_labels,
    clock_labels,
    codes,
    dates,
    desk_labels,
    findings,
    labels,
    mandate_labels,
    money_labels,
    notification_labels,
    objection_labels,
    payment_labels,
    plan_labels,
    recovery_labels,
    register_labels,
    roster_labels,
    selection_labels,
    service_labels,
    signal_labels,
    supplement_labels,
    terms,
)
from reports import definitions


def install(app: Flask) -> None:
    app.jinja_env.filters.update(
        won=format_decimal,
        number=format_decimal,
        day=dates.day,
        day_of=dates.day_of,
        moment=dates.moment,
        hour=dates.hour,
        month=dates.month,
        last_day=dates.last_day,
        business_number=identifiers.format_business_number,
        phone=identifiers.format_phone,
        masked_account=masking.mask_account,
        masked_name=masking.mask_name,
        masked_address=messages.mask_address,
        region=codes.region_name,
        industry=codes.industry_name,
        bank=codes.bank_name,
        platform=codes.platform_name,
        findings=findings.all_said,
        amount_said=terms.amount_said,
        cap_said=terms.cap_said,
        per_cent=terms.per_cent,
        exact_won=exact_won,
        clock_time=dates.clock_time,
        short_number=short_number,
        share=definitions.percent,
    )
    shown: dict[str, Any] = app.jinja_env.globals
    shown.update(
        labels=labels,
        mandate_labels=mandate_labels,
        roster_labels=roster_labels,
        money_labels=money_labels,
        notification_labels=notification_labels,
        approval_labels=approval_labels,
        objection_labels=objection_labels,
        clock_labels=clock_labels,
        desk_labels=desk_labels,
        payment_labels=payment_labels,
        plan_labels=plan_labels,
        recovery_labels=recovery_labels,
        register_labels=register_labels,
        selection_labels=selection_labels,
        service_labels=service_labels,
        signal_labels=signal_labels,
        supplement_labels=supplement_labels,
    )


def exact_won(e4: int) -> str:
    """Won with what is left of them before rounding: 16665000 e4 -> 1,666.5."""
    whole, rest = divmod(e4, E4)
    return f"{whole:,}" + (f".{rest:04d}".rstrip("0") if rest else "")


def short_number(value: str) -> str:
    """An order number by its end, which is what receipts show: ...123456."""
    return value if len(value) <= 8 else f"…{value[-6:]}"
