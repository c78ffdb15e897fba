"""How values look on a page: filters and look-ups for templates."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask
from flask_babel import format_decimal, to_user_timezone

from portal.domain import identifiers, masking, periods
from portal.domain.money import E4
from portal.web import codes, findings, labels, money_labels, terms


def install(app: Flask) -> None:
    app.jinja_env.filters.update(
        won=format_decimal,
        number=format_decimal,
        day=day,
        day_of=day_of,
        moment=moment,
        month=month,
        business_number=identifiers.format_business_number,
        phone=identifiers.format_phone,
        masked_account=masking.mask_account,
        masked_name=masking.mask_name,
        region=codes.region_name,
        industry=codes.industry_name,
        bank=codes.bank_name,
        platform=codes.platform_name,
        findings=findings.all_said,
        amount_said=terms.amount_said,
        cap_said=terms.cap_said,
        per_cent=terms.per_cent,
        exact_won=exact_won,
        clock_time=clock_time,
        short_number=short_number,
    )
    app.jinja_env.globals.update(labels=labels, money_labels=money_labels)


def day(value: date | None) -> str:
    """2026. 11. 22., as official documents write it."""
    return periods.document_date(value) if value else "-"


def day_of(value: datetime | None) -> str:
    """The Korean day of a moment: 2026. 11. 22."""
    return day(periods.korean_date(value)) if value else "-"


def moment(value: datetime | None) -> str:
    """2026. 11. 22. 13:05, Korean time (행정업무규정 제7조 제5항)."""
    if value is None:
        return "-"
    local = to_user_timezone(value)
    return f"{periods.document_date(local.date())} {local:%H:%M}"


def month(value: str) -> str:
    """2026-06 -> 2026년 6월."""
    year, number = value.split("-")
    return f"{year}. {int(number)}."


def exact_won(e4: int) -> str:
    """Won with what is left of them before rounding: 16665000 e4 -> 1,666.5."""
    whole, rest = divmod(e4, E4)
    return f"{whole:,}" + (f".{rest:04d}".rstrip("0") if rest else "")


def clock_time(value: datetime) -> str:
    """The time of an order as the platform wrote it (Korean, without zone): 5. 3. 12:00."""
    return f"{value.month}. {value.day}. {value:%H:%M}"


def short_number(value: str) -> str:
    """An order number by its end, which is what receipts show: ...123456."""
    return value if len(value) <= 8 else f"…{value[-6:]}"
