"""A programme's rates and caps in words, for whoever reads the call."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import format_decimal
from flask_babel import gettext as _

from forms.programme_words import PAYMENT_METHODS, PERIODS
from portal.domain.terms import Amount, AmountKind, Cap
from portal.web import codes, line_labels


def amount_said(amount: Amount) -> str:
    """`비용의 50%`, `주문 한 건에 2,000원` ..."""
    won = format_decimal(amount.amount)
    sentences = {
        AmountKind.COST_SHARE: _("가게가 낸 비용의 %(rate)s", rate=per_cent(amount.rate)),
        AmountKind.FLAT: _("주문 한 건에 %(won)s원", won=won),
        AmountKind.COST_UP_TO: _("가게가 낸 비용 그대로, 주문 한 건에 %(won)s원까지", won=won),
        AmountKind.ONE_OFF: _("처음 한 번 %(won)s원", won=won),
        AmountKind.FLAT_BY: _by_value(amount),
    }
    return sentences[amount.kind]


def _by_value(amount: Amount) -> str:
    """`주문 한 건에 지역화폐 3,000원, 그 밖의 주문 2,000원`."""
    names = {**PAYMENT_METHODS, **line_labels.CHANNELS}
    parts = [f"{names.get(value) or codes.platform_name(value)} {_won(won)}" for value, won in amount.amounts.items()]
    if amount.default:
        parts.append(f"{_('그 밖의 주문')} {_won(amount.default)}")
    return _("주문 한 건에 %(parts)s", parts=", ".join(parts))


def _won(won: int) -> str:
    return _("%(won)s원", won=format_decimal(won))


def cap_said(cap: Cap) -> str:
    """`한 달에 100,000원까지`."""
    return _("%(period)s에 %(won)s원까지", period=PERIODS[cap.per], won=format_decimal(cap.amount))


def per_cent(rate: Decimal) -> str:
    """`Decimal("0.5")` -> `50%`."""
    return f"{(rate * 100).normalize():f}%"
