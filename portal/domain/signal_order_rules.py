"""The rules of signals about the orders that partner platforms tell of (facts §2.7); pure, month by month.

A platform does not tell who ordered: what looks like orders to oneself is told from their amounts and times alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from portal.domain.periods import Month, month_of
from portal.domain.signal_facts import Business, Order, Orders
from portal.domain.signals import Limits, Rule, Seen

_NAMED = 5  # order numbers that a signal names; the others are counted


def night_orders(_business: Business, orders: Orders, least: Limits) -> list[Seen]:
    """Many orders at hours when hardly anybody is open: between two hours, the later not included."""
    found = []
    for month, told in sorted(orders.items()):
        night = sum(least["from_hour"] <= order.ordered_at.hour < least["until_hour"] for order in told)
        if night >= least["orders"] and _reaches(night, len(told), least["percent"]):
            hours = {"from_hour": least["from_hour"], "until_hour": least["until_hour"]}
            found.append(Seen(Rule.NIGHT_ORDERS, month, {"month": month, "night": night, "orders": len(told), **hours}))
    return found


def jump(business: Business, orders: Orders, least: Limits) -> list[Seen]:
    """A month from the call on has so many times the orders of the months before it; all of these must have had some,
    as a shop that has just joined grows by itself.
    """
    if business.call_opened_on is None:
        return []
    call = month_of(business.call_opened_on)
    before = [len(orders.get(month, ())) for month in _months_before(call, least["months_before"])]
    if min(before) == 0 or sum(before) < least["average_before"] * len(before):
        return []
    found = []
    for month in sorted(month for month in orders if month >= call):
        now = len(orders[month])
        if now >= least["orders"] and now * len(before) * 100 >= sum(before) * least["percent"]:
            facts = {"month": month, "orders": now, "before": before, "call": business.call_opened_on.isoformat()}
            found.append(Seen(Rule.JUMP, month, facts))
    return found


def round_amounts(_business: Business, orders: Orders, least: Limits) -> list[Seen]:
    """Most amounts are whole multiples of a large unit of won, which prices of meals seldom add up to."""
    found = []
    for month, told in sorted(orders.items()):
        whole = sum(order.amount % least["unit"] == 0 for order in told)
        if whole >= least["orders"] and _reaches(whole, len(told), least["percent"]):
            facts = {"month": month, "round": whole, "orders": len(told), "unit": least["unit"]}
            found.append(Seen(Rule.ROUND_AMOUNTS, month, facts))
    return found


def repeated_orders(_business: Business, orders: Orders, least: Limits) -> list[Seen]:
    """Runs of orders of one amount at one platform, each within minutes of the one before."""
    found = []
    for month, told in sorted(orders.items()):
        runs = [run for run in _runs(told, timedelta(minutes=least["minutes"])) if len(run) >= least["length"]]
        if len(runs) >= least["runs"]:
            longest = max(runs, key=len)
            facts = {
                "month": month,
                "runs": len(runs),
                "orders": sum(map(len, runs)),
                "minutes": least["minutes"],
                "longest": len(longest),
                "amount": longest[0].amount,
                "day": longest[0].ordered_at.date().isoformat(),
            }
            found.append(Seen(Rule.REPEATED_ORDERS, month, facts))
    return found


def cancelled_then_claimed(business: Business, orders: Orders, least: Limits) -> list[Seen]:
    """Orders told as cancelled first and as completed later, in a month that is claimed for."""
    claimed = {part.period for part in business.parts if not part.office}
    found = []
    for month, told in sorted(orders.items()):
        back = [order for order in told if order.was_cancelled]
        if month in claimed and len(back) >= least["orders"] and _reaches(len(back), len(told), least["percent"]):
            numbers = [order.order_no for order in back[:_NAMED]]
            facts = {"month": month, "back": len(back), "orders": len(told), "numbers": numbers}
            found.append(Seen(Rule.CANCELLED_THEN_CLAIMED, month, facts))
    return found


def sales_above_stated(business: Business, orders: Orders, least: Limits) -> list[Seen]:
    """Platforms tell of more sales in a year than the business stated for the whole of it."""
    by_year: dict[int, int] = defaultdict(int)
    for month, told in orders.items():
        by_year[int(month[:4])] += sum(order.amount for order in told)
    found = []
    for year, won in sorted(by_year.items()):
        stated = business.sales.get(year)
        if stated is not None and won - stated >= least["won"] and won * 100 >= stated * least["percent"]:
            found.append(Seen(Rule.SALES_ABOVE_STATED, str(year), {"year": year, "won": won, "stated": stated}))
    return found


OF_ORDERS: Mapping[Rule, Callable[[Business, Orders, Limits], list[Seen]]] = {
    Rule.NIGHT_ORDERS: night_orders,
    Rule.JUMP: jump,
    Rule.ROUND_AMOUNTS: round_amounts,
    Rule.REPEATED_ORDERS: repeated_orders,
    Rule.CANCELLED_THEN_CLAIMED: cancelled_then_claimed,
    Rule.SALES_ABOVE_STATED: sales_above_stated,
}


def _reaches(part: int, whole: int, percent: int) -> bool:
    return part * 100 >= whole * percent


def _months_before(month: Month, number: int) -> list[Month]:
    """So many months, the earliest first."""
    year, last = int(month[:4]), int(month[5:])
    first = year * 12 + last - 1 - number
    return [f"{each // 12}-{each % 12 + 1:02d}" for each in range(first, first + number)]


def _runs(told: Sequence[Order], apart: timedelta) -> list[list[Order]]:
    """Orders of one platform and amount, joined as long as each follows the one before in time."""
    last: dict[tuple[str, int], list[Order]] = {}
    runs = []
    for order in sorted(told, key=lambda each: each.ordered_at):
        run = last.get((order.platform, order.amount))
        if run is not None and order.ordered_at - run[-1].ordered_at <= apart:
            run.append(order)
            continue
        last[order.platform, order.amount] = run = [order]
        runs.append(run)
    return runs
