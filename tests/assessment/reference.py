"""The contract a second time: plain Python, exact fractions, one line after the other, no code shared with the portal.

Terms are the TOML as parsed, lines, links and enrolments dictionaries with the contract's columns. Every rule stands on
a line of its own, because tests/assessment/mutants.py bends them one by one: the control that a wrong rule is noticed.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import count
from typing import Any, NamedTuple

WON = 10_000  # e4


class Answer(NamedTuple):
    """decisions: {(platform, order_no, received_seq, item): (programme, merchant, e4, reason)};
    claims: {(programme, merchant, month): (lines, e4, payable)};
    cuts: {the same key as decisions, rows that reached step 7: (basis, e4 before caps, ((what, per, legal, e4), ...))};
    rows: the latter as they melted away."""

    decisions: dict[Any, Any]
    claims: dict[Any, Any]
    cuts: dict[Any, Any]
    rows: list[Any]


def recompute(programmes, lines, links, enrolments, until=None):
    """Steps 1 to 11. With `until`, orders at or after it are left out of what is assessed, not of what was stated."""
    ranked = sorted(programmes, key=lambda terms: (terms["priority"], terms["code"]))
    codes = sorted({item["code"] for terms in ranked for item in terms["item"]})
    periods, seats = defaultdict(list), defaultdict(list)
    for link in links:
        periods[link["platform"], link["store_id"]].append(link)
    for seat in enrolments:
        seats[seat["programme"], seat["merchant_id"]].append(seat)
    decisions, taken = {}, []
    for line, early in stated(lines):
        if until is not None and line["ordered_at"] >= until:
            continue
        merchant = "" if early else merchant_of(line, periods[line["platform"], line["store_id"]])
        for code in codes:
            where = (line["platform"], line["order_no"], line["received_seq"], code)
            if early or not merchant:
                decisions[where] = ("", "", 0, early or "unlinked")
                continue
            offers = [(terms, item) for terms in ranked for item in terms["item"] if item["code"] == code]
            verdicts = [
                (terms, item, *judge(terms, item, line, seats[terms["code"], merchant])) for terms, item in offers
            ]
            willing = [verdict for verdict in verdicts if verdict[2] is None]
            if willing:
                terms, item, _, seat = willing[0]
                taken.append(Row(line, merchant, seat, terms, item, where))
            else:
                decisions[where] = (verdicts[0][0]["code"], merchant, 0, verdicts[0][2])
    rows, doubles = once_for_each_order(taken)
    for row in doubles:
        decisions[row.where] = (row.terms["code"], row.merchant, 0, "duplicate")
    set_amounts(rows)
    apply_caps(rows, ranked)
    apply_pools(rows, ranked)
    for row in rows:
        decisions[row.where] = (row.terms["code"], row.merchant, e4(row.left), row.reason())
    return Answer(decisions, claims_of(rows, ranked), {row.where: row.told() for row in rows}, rows)


class Row:
    """A line taken by a programme for an item, with the amount as it melts away."""

    def __init__(self, line, merchant, seat, terms, item, where):
        self.line, self.merchant, self.seat = line, merchant, seat
        self.terms, self.item, self.where = terms, item, where
        self.basis = basis(item, line)
        self.whole = self.left = Fraction(0)
        self.too_late = False
        self.steps = []  # what, cap or pool, won before it, won after it

    def reason(self):
        """Step 10."""
        if self.too_late:
            return "capped"
        if self.whole == 0:
            return "no_cost"
        if self.left == 0:
            return "capped"
        return "paid" if self.left == self.whole else "reduced"

    def told(self):
        cuts = [
            (what, limit["per"], limit.get("legal", ""), e4(before - after))
            for what, limit, before, after in self.steps
            if after < before
        ]
        return self.basis, e4(self.whole), tuple(cuts)


def stated(lines):
    """Steps 1 and 2: each line with None, `superseded` or `cancelled`."""
    latest = {}
    for line in lines:
        rival = latest.get(order_of(line))
        if rival is None or line["received_seq"] > rival["received_seq"]:
            latest[order_of(line)] = line
    dead = {order_key(line) for line in latest.values() if line["status"] == "cancelled"}
    for line in lines:
        if latest[order_of(line)] is not line:
            yield line, "superseded"
        else:
            yield line, "cancelled" if order_key(line) in dead else None


def order_of(line):
    return line["platform"], line["order_no"]


def order_key(line):
    return line["origin_key"] if line["origin_key"] != "" else line["platform"] + ":" + line["order_no"]


def merchant_of(line, periods):
    """Step 3, with the link periods of the line's store."""
    day = day_of(line)
    for link in periods:
        if link["valid_from"] <= day and (link["valid_to"] is None or day <= link["valid_to"]):
            return link["merchant_id"]
    return ""


def day_of(line):
    return line["ordered_at"].date()


def judge(terms, item, line, enrolments):
    """Step 4, with the merchant's enrolments in the programme: (the first failing test or None, the enrolment)."""
    day = day_of(line)
    seats = [
        seat
        for seat in enrolments
        if (seat["enrolled_from"] is None or seat["enrolled_from"] <= day)
        and (seat["enrolled_to"] is None or day <= seat["enrolled_to"])
    ]
    window = terms["cost_window"]
    failing = {
        "not_enrolled": not seats,
        "outside_window": not window["from"] <= day <= window["to"],
        "platform": "platforms" in terms and line["platform"] not in terms["platforms"],
        "channel": "channels" in item and line["channel"] not in item["channels"],
        "below_minimum": line["order_amount"] < item.get("min_order_amount", 0),
        "no_cost": basis(item, line) <= 0,
    }
    first = next((reason for reason, fails in failing.items() if fails), None)
    return first, min(seats, key=lambda seat: (seat["accepted_at"], seat["owner_id"])) if seats else None


def basis(item, line):
    if item["basis"] == "merchant_delivery_cost":
        return line["delivery_fee"] - line["delivery_support"]
    return line["promotion_cost"] - line["promotion_support"]


def once_for_each_order(taken):
    """Step 6: (rows that stay, duplicates)."""
    best, stay, doubles = set(), [], []
    for row in sorted(taken, key=lambda row: (-row.basis, row.line["platform"], row.line["order_no"])):
        slot = order_key(row.line), row.item["code"]
        (doubles if slot in best else stay).append(row)
        best.add(slot)
    return stay, doubles


def turn(line):
    return line["ordered_at"], line["platform"], line["order_no"]


def set_amounts(rows):
    """Step 7 without the caps."""
    given = set()
    for row in sorted(rows, key=lambda row: turn(row.line)):
        row.whole = whole_amount(row.item["amount"], row)
        if row.item["amount"]["kind"] == "one_off":
            first = row.terms["code"], row.item["code"], row.merchant
            row.too_late = first in given
            given.add(first)
        row.left = row.whole = Fraction(0) if row.too_late else row.whole


def whole_amount(amount, row):
    match amount["kind"]:
        case "cost_share":
            return row.basis * Fraction(amount["rate"])
        case "flat":
            return Fraction(amount["amount"])
        case "one_off":
            return Fraction(amount["amount"])
        case "cost_up_to":
            return Fraction(min(row.basis, amount["amount"]))
        case "flat_by":
            return Fraction(amount["amounts"].get(row.line[amount["attribute"]], amount.get("default", 0)))
    raise AssertionError(amount)


def apply_caps(rows, ranked):
    """The caps of step 7, then step 8."""
    in_turn = sorted(rows, key=lambda row: turn(row.line))
    for terms in ranked:
        for item in terms["item"]:
            mine = [row for row in in_turn if row.terms is terms and row.item is item]
            caps = sorted(item.get("caps", ()), key=lambda cap: cap["per"] != "order")
            for cap in caps:
                drain(mine, "cap", cap, lambda row, per=cap["per"]: cap_group(row, per))


def cap_group(row, per):
    if per == "order":
        return row.where
    if per == "owner":
        return row.seat["owner_id"]
    return row.merchant, period(row.line["ordered_at"], per)


def apply_pools(rows, ranked):
    """Step 9."""
    for terms in ranked:
        everyone = [row for row in rows if row.terms is terms]
        for pool in terms.get("pool", ()):
            everyone.sort(key=by_acceptance if pool["order_by"] == "accepted_at" else by_order)
            drain(everyone, "pool", pool, lambda row, per=pool["per"]: period(row.line["ordered_at"], per))


def by_acceptance(row):
    return row.seat["accepted_at"], row.merchant, *turn(row.line), row.item["code"]


def by_order(row):
    return *turn(row.line), row.item["code"]


def period(at, per):
    match per:
        case "day":
            return at.year, at.month, at.day
        case "month":
            return at.year, at.month
        case "half_year":
            return at.year, at.month <= 6
        case "year":
            return at.year
        case "programme":
            return None
    raise AssertionError(per)


def drain(rows, what, limit, group_of):
    """The running total of each group stops at the limit."""
    left = defaultdict(lambda: Fraction(limit["amount"]))
    for row in rows:
        group, before = group_of(row), row.left
        row.left = min(before, left[group])
        left[group] -= row.left
        row.steps.append((what, limit, before, row.left))


def claims_of(rows, ranked):
    """Step 11."""
    units = {terms["code"]: terms.get("round_down_to", 10) for terms in ranked}
    sums = defaultdict(lambda: [0, Fraction(0)])
    for row in rows:
        if row.left > 0:
            at = row.line["ordered_at"]
            claim = sums[row.terms["code"], row.merchant, f"{at.year:04d}-{at.month:02d}"]
            claim[0] += 1
            claim[1] += row.left
    return {claim: (lines, e4(won), payable(won, units[claim[0]])) for claim, (lines, won) in sums.items()}


def payable(won, unit):
    return int(won // unit * unit)


def e4(won):
    exact = won * WON
    assert exact.denominator == 1
    return int(exact)


def split(amount, shares):
    """Step 12: whole won to each, then one by one to the largest remainders, the first named on ties."""
    exact = {source: amount * Fraction(share) for source, share in shares.items()}
    parts = {source: int(part) for source, part in exact.items()}
    order = count()
    wanting = sorted(shares, key=lambda source: (parts[source] - exact[source], next(order)))
    for source in wanting[: amount - sum(parts.values())]:
        parts[source] += 1
    return parts
