"""What the parts of a settlement line are called where versions of it stand side by side."""

from __future__ import annotations

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext as _p

from portal.domain.conflicts import COMPARED, OrderConflict
from portal.domain.periods import Month
from portal.domain.settlements import WON_COLUMNS, SettlementLine
from portal.web.dates import day, month
from portal.web.labels import CHANNELS

COLUMNS = {
    "store_id": _("매장 번호"),
    "origin_key": _("원주문"),
    "channel": _("서비스 종류"),
    "ordered_at": _("주문 일시"),
    "status": _("주문 상태"),
    "payment_method": _("결제수단"),
    "order_amount": _("주문금액"),
    "delivery_fee": _("배달비"),
    "delivery_support": _("배달비 중 플랫폼·정부 부담"),
    "promotion_cost": _("쿠폰·할인·광고비"),
    "promotion_support": _("쿠폰·할인·광고비 중 플랫폼·정부 부담"),
    "brokerage_fee": _("중개이용료"),
    "payment_fee": _("결제수수료"),
}
ORDER_STATUSES = {"completed": _p("주문", "완료"), "cancelled": _p("주문", "취소")}
PAYMENT_METHODS = {
    "card": _("카드"),
    "local_currency": _("지역화폐"),
    "easy_pay": _("간편결제"),
    "cash": _("현금"),
    "other": _p("결제수단", "그 밖"),
}
_CODED = {"status": ORDER_STATUSES, "payment_method": PAYMENT_METHODS, "channel": CHANNELS}


def said(line: SettlementLine, name: str) -> str:
    """What the line says in this column, as people read it; amounts in won."""
    value = getattr(line, name)
    if name in WON_COLUMNS:
        return str(_("%(won)s원", won=format_decimal(value)))
    if name == "ordered_at":
        return f"{day(value.date())} {value:%H:%M:%S}"
    return str(_CODED[name][value]) if name in _CODED else value or "–"


def rows(found: OrderConflict) -> list[tuple[object, bool, list[str]]]:
    """Side by side, what differs first: the name of a part, whether it differs, and what each version says."""
    differing = found.differing
    names = sorted(COMPARED, key=lambda name: name not in differing)
    return [(COLUMNS[name], name in differing, [said(line, name) for line in found.versions]) for name in names]


def choices(found: OrderConflict) -> list[tuple[int, str]]:
    """The receipt of every version and what it is called, the one that counts now first."""
    receipts = [line.received_seq for line in found.versions]
    newest, *earlier = zip(receipts, found.deliveries, found.periods, strict=True)
    return [
        (newest[0], _of_month(found, newest[2], gettext("나중에 받은 내용 · 자료 %(number)s번", number=newest[1]))),
        *(
            (receipt, _of_month(found, period, gettext("먼저 받은 내용 · 자료 %(number)s번", number=number)))
            for receipt, number, period in earlier
        ),
    ]


def _of_month(found: OrderConflict, period: Month, name: str) -> str:
    """The month only where it tells versions apart."""
    return f"{name} · {month(period)}" if found.across_months else name


def months(found: OrderConflict) -> str:
    return ", ".join(str(month(period)) for period in sorted(set(found.periods)))


def names(differing: list[str]) -> str:
    return ", ".join(str(COLUMNS[name]) for name in differing)
