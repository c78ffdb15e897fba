"""A small merchant's business place as registered by its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class MerchantRegistration:
    """What the owner states. Sales in won by year; regular workers as the law counts them (part-timers 0.5)."""

    business_number: str
    trade_name: str
    representative: str
    phone: str
    region_code: str
    address: str
    industry_edition: int
    industry_code: str
    opened_on: date
    regular_workers: Decimal
    sales: Mapping[int, int]
    bank_code: str
    account_number: str
    account_holder: str
