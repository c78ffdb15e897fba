"""The contract a second time: plain Python, exact fractions, one line after the other, no code shared with the portal.

Terms are the TOML as parsed, lines, links and enrolments dictionaries with the contract's columns. `bent` names ways in
which this implementation shall be wrong: the control that the comparison would notice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from fractions import Fraction
from itertools import count

WON = 10_000  # e4


def recompute(programmes, lines, links, enrolments, bent: Collection[str] = ()):  # noqa: PLR0912
    """(decisions, claims): {(platform, order_no, received_seq, item): (programme, merchant, e4, reason)} and
    {(programme, merchant, month): (lines, e4, payable)}."""
    ranked = sorted(programmes, key=lambda terms: (terms["priority"], terms["code"]))
    if "priority" in bent:
        ranked.reverse()
    codes = sorted({item["code"] for terms in ranked for item in terms["item"]})
    decisions = {}
    newest = {}
    for line in lines:
        place = (line["platform"], line["order_no"])
        rival = newest.get(place)
        better = rival is None or (line["received_seq"] > rival["received_seq"]) != ("oldest" in bent)
        if better:
            newest[place] = line
    dead = {key(line) for line in newest.values() if line["status"] == "cancelled"}
    if "cancel_own" in bent:
        dead = set()
    chosen = []
    for line in lines:
        early = None
        merchant = ""
        if newest[line["platform"], line["order_no"]] is not line:
            early = "superseded"
        elif key(line) in dead or ("cancel_own" in bent and line["status"] == "cancelled"):
            early = "cancelled"
        else:
            merchant = owner_of_store(line, links, bent)
            early = None if merchant else "unlinked"
        for code in codes:
            where = (line["platform"], line["order_no"], line["received_seq"], code)
            if early:
                decisions[where] = ("", "", 0, early)
                continue
            offers = [(terms, item) for terms in ranked for item in terms["item"] if item["code"] == code]
            verdicts = [(terms, item, *judge(terms, item, line, merchant, enrolments, bent)) for terms, item in offers]
            taken = next((verdict for verdict in verdicts if verdict[2] is None), None)
            if taken is None:
                decisions[where] = (verdicts[0][0]["code"], merchant, 0, verdicts[0][2])
            else:
                terms, item, _, seat = taken
                chosen.append(Row(line, merchant, seat, terms, item, where))
    rows = []
    best = {}
    for row in sorted(chosen, key=lambda row: (-row.basis, row.line["platform"], row.line["order_no"])):
        slot = (key(row.line), row.item["code"])
        if "duplicates" not in bent and slot in best:
            decisions[row.where] = (row.terms["code"], row.merchant, 0, "duplicate")
        else:
            best[slot] = row
            rows.append(row)
    pay(rows, ranked, bent)
    claims = defaultdict(lambda: [0, 0])
    for row in rows:
        e4 = row.left * WON
        assert e4.denominator == 1
        decisions[row.where] = (row.terms["code"], row.merchant, int(e4), row.reason())
        if row.left > 0:
            claim = claims[row.terms["code"], row.merchant, row.line["ordered_at"].strftime("%Y-%m")]
            claim[0] += 1
            claim[1] += int(e4)
    units = {terms["code"]: terms.get("round_down_to", 10) for terms in ranked}
    off = 1 if "payable" in bent else 0
    return decisions, {
        claim: (lines, e4, e4 // WON // units[claim[0]] * units[claim[0]] + off)
        for claim, (lines, e4) in claims.items()
    }


class Row:
    """A line taken by a programme for an item, with the amount as it melts away."""

    def __init__(self, line, merchant, seat, terms, item, where):
        self.line, self.merchant, self.seat, self.terms, self.item, self.where = (
            line,
            merchant,
            seat,
            terms,
            item,
            where,
        )
        self.basis = basis(item, line)
        self.whole = self.left = Fraction(0)
        self.too_late = False

    def reason(self):
        if self.too_late:
            return "capped"
        if self.whole == 0:
            return "no_cost"
        return "paid" if self.left == self.whole else "reduced" if self.left else "capped"


def key(line):
    return line["origin_key"] or line["platform"] + ":" + line["order_no"]


def covers(start, end, day):
    return (start is None or start <= day) and (end is None or day <= end)


def owner_of_store(line, links, bent):
    day = line["ordered_at"].date()
    for link in links:
        if (link["platform"], link["store_id"]) == (line["platform"], line["store_id"]):
            last_day_lost = "link_end" in bent and day == link["valid_to"]
            if covers(link["valid_from"], link["valid_to"], day) and not last_day_lost:
                return link["merchant_id"]
    return ""


def basis(item, line):
    what = {"merchant_delivery_cost": "delivery", "merchant_promotion_cost": "promotion"}[item["basis"]]
    return line["delivery_fee" if what == "delivery" else "promotion_cost"] - line[f"{what}_support"]


def judge(terms, item, line, merchant, enrolments, bent):  # noqa: PLR0911
    """(first failing test or None, the enrolment)."""
    day = line["ordered_at"].date()
    seats = [
        seat
        for seat in enrolments
        if (seat["programme"], seat["merchant_id"]) == (terms["code"], merchant)
        and covers(seat["enrolled_from"], seat["enrolled_to"], day)
    ]
    if not seats:
        return "not_enrolled", None
    window = terms["cost_window"]
    if not window["from"] <= day <= window["to"] or ("window_end" in bent and day == window["to"]):
        return "outside_window", None
    if line["platform"] not in terms.get("platforms", [line["platform"]]):
        return "platform", None
    if line["channel"] not in item.get("channels", [line["channel"]]):
        return "channel", None
    least = item.get("min_order_amount", 0)
    if line["order_amount"] < least or ("minimum" in bent and 0 < least == line["order_amount"]):
        return "below_minimum", None
    if basis(item, line) <= 0:
        return "no_cost", None
    return None, min(seats, key=lambda seat: (seat["accepted_at"], seat["owner_id"]))


def pay(rows, ranked, bent):  # noqa: PLR0912
    """Amounts, caps and pools, programme by programme and item by item."""
    for row in rows:
        row.whole = row.left = whole_amount(row.item["amount"], row, bent)
    in_turn = sorted(rows, key=lambda row: (row.line["ordered_at"], row.line["platform"], row.line["order_no"]))
    if "tie_order" in bent:
        in_turn.sort(key=lambda row: row.line["ordered_at"], reverse=True)
        in_turn.reverse()
    given = set()
    for row in in_turn:
        if row.item["amount"]["kind"] == "one_off":
            mark = (row.terms["code"], row.item["code"], row.merchant)
            row.too_late = mark in given and "one_off" not in bent
            given.add(mark)
            if row.too_late:
                row.whole = row.left = Fraction(0)
    for row in in_turn:
        for cap in row.item.get("caps", ()):
            if cap["per"] == "order":
                row.left = min(row.left, Fraction(cap["amount"] + ("order_cap" in bent)))
    for terms in ranked:
        for item in terms["item"]:
            mine = [row for row in in_turn if row.terms is terms and row.item is item]
            for cap in item.get("caps", ()):
                if cap["per"] != "order":
                    drain(mine, cap, lambda row, per=cap["per"]: bucket(row, per, bent), "cap" in bent)
        everyone = [row for row in rows if row.terms is terms]
        for pool in terms.get("pool", ()):
            if pool["order_by"] == "accepted_at" and "accepted" not in bent:
                everyone.sort(key=lambda row: (row.seat["accepted_at"], row.merchant, *turn(row)))
            else:
                everyone.sort(key=turn)
            drain(everyone, pool, lambda row, per=pool["per"]: period(row.line["ordered_at"], per), "pool" in bent)


def turn(row):
    return row.line["ordered_at"], row.line["platform"], row.line["order_no"], row.item["code"]


def whole_amount(amount, row, bent):
    match amount["kind"]:
        case "cost_share":
            whole = row.basis * Fraction(amount["rate"])
            return Fraction(int(whole)) if "early_rounding" in bent else whole
        case "flat" | "one_off":
            return Fraction(amount["amount"])
        case "cost_up_to":
            return Fraction(min(row.basis, amount["amount"]))
        case "flat_by":
            return Fraction(amount["amounts"].get(row.line[amount["attribute"]], amount["default"]))
    raise AssertionError(amount)


def bucket(row, per, bent):
    if per == "owner":
        return row.merchant if "owner" in bent else row.seat["owner_id"]
    return row.merchant, period(row.line["ordered_at"], "year" if "half_year" in bent and per == "half_year" else per)


def period(at, per):
    return {
        "day": at.date(),
        "month": (at.year, at.month),
        "half_year": (at.year, at.month <= 6),
        "year": at.year,
        "programme": None,
    }[per]


def drain(rows, limit, bucket_of, one_won_more):
    """The running total of each bucket stops at the limit."""
    left = defaultdict(lambda: Fraction(limit["amount"] + one_won_more))
    for row in rows:
        row.left = min(row.left, left[bucket_of(row)])
        left[bucket_of(row)] -= row.left


def split(amount, shares):
    """Funding: whole won to each, then one by one to the largest remainders, the first named on ties."""
    exact = {source: amount * Fraction(share) for source, share in shares.items()}
    parts = {source: int(part) for source, part in exact.items()}
    order = count()
    wanting = sorted(shares, key=lambda source: (parts[source] - exact[source], next(order)))
    for source in wanting[: amount - sum(parts.values())]:
        parts[source] += 1
    return parts
