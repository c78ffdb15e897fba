"""Steps 4, 5, 7: which programme takes a line for an item, or the first test that fails; the amount by its kind.

Lines are told once each, with two or three columns per item; `granted` turns them into one row per line and item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment.clamping import united
from portal.assessment.engines import Engine
from portal.assessment.numbering import int32
from portal.assessment.offers import ATTRIBUTE_NO, BASIS_NO, KIND_NO, Offers, Tables
from portal.assessment.seats import Benches
from portal.assessment.statements import own_key, short_print
from portal.domain.assessment import Reason
from portal.domain.kinds import BASES, AmountKind
from portal.domain.money import E4

_LINE = ("merchant", "platform_no", "order_no", "ordered_at")
_ITEM = ("rule", "basis")
# what only doubtful orders need until they are judged; what only single decisions and their explanations tell
_JUDGED = ("print", "received_seq", "said_cancelled", "bucket")
_DETAIL = ("received_seq", "channel")
_SEAT = "turn"
_TARIFF = "tariff_e4"
# In the place of a rule: the first test that fails, as a negative number.
REFUSALS = {
    Reason.NOT_ENROLLED: -1,
    Reason.OUTSIDE_WINDOW: -2,
    Reason.PLATFORM: -3,
    Reason.CHANNEL: -4,
    Reason.BELOW_MINIMUM: -5,
    Reason.NO_COST: -6,
}


def told(engine: Engine, lines: ir.Table, benches: Benches, terms: Tables, *, wide: bool, detail: bool) -> ir.Table:
    """Every line, with merchant, platform_no, order_no, ordered_at, what is needed to judge it, and for each item i
    rule_i and basis_i in won; turn_i if seats are asked for, tariff_e4_i if the line's words may have a price. Where no
    programme takes the line, rule_i is negative or null.

    With `detail` also the channel, and rule_i is one of REFUSALS wherever it is negative. `wide`: see statements.
    """
    offers, items = terms.offers, range(len(benches.turns))
    joined = lines.left_join(benches.places, lines.bench == benches.places.bench_no)
    rows = engine.view(
        joined.mutate(
            on=joined.ordered_at.date(),
            said_cancelled=joined.status == "cancelled",
            channel_bit=_bit(joined.channel, offers.channels),
            bucket=joined.bucket.fill_null(int32(0)),
            print=short_print(own_key(joined), wide=wide),
        )
    )
    passed = {f"turn_{item}": _first(_passes(rows, item, benches.turns[item], offers)) for item in items}
    rows = engine.view(rows.mutate(**passed))
    taken = {f"rule_{item}": _rule(rows, item, benches.turns[item], offers, detail=detail) for item in items}
    bases = {f"basis_{item}": _chosen_basis(rows, item, benches.turns[item], offers) for item in items}
    rows = engine.view(rows.mutate(**taken, **bases))
    priced = [item for item in items if _by_tariff(offers, item)]
    for item in priced:
        rows = _tariff(rows, item, benches.turns[item], terms)
    own = (*_ITEM, *((_SEAT,) if offers.asks_for_seats else ()))
    found = [f"{name}_{item}" for item in items for name in (*own, *((_TARIFF,) if item in priced else ()))]
    return rows.select(*_LINE, *_JUDGED, *(("channel",) if detail else ()), *found)


def granted(told: ir.Table, terms: Tables, *, detail: bool, more: Sequence[str] = ()) -> ir.Table:
    """One row per line and item that a programme takes: merchant, platform_no, order_no, ordered_at, `more`, item_no,
    rule; kind_e4, the whole amount of its kind (a one_off as if every line were the first); and amount_e4, what the
    caps on a single order leave. With `detail` also received_seq, channel, basis."""
    offers = terms.offers
    own = (*_ITEM, *((_SEAT,) if offers.asks_for_seats else ()))
    line = (*_LINE, *(_DETAIL if detail else ()), *(name for name in more if name != "basis"))
    tables = []
    for item in range(len(offers.items)):
        mine = told.filter(told[f"rule_{item}"] >= 0)
        columns: dict[str, Any] = {name: mine[f"{name}_{item}"] for name in own}
        columns[_TARIFF] = mine[f"{_TARIFF}_{item}"] if _by_tariff(offers, item) else ibis.null("int64")
        tables.append(mine.select(*line, **columns, item_no=int32(item)))
    rows = _priced(united(tables), terms)
    return rows if detail or "basis" in more else rows.drop("basis")


def _priced(rows: ir.Table, terms: Tables) -> ir.Table:
    """The rows with kind_e4 and amount_e4 by their rule."""
    prices = terms.rules.select("kind_no", "rate_e4", "flat_e4", "order_cap_e4", price_rule="rule")
    joined = rows.inner_join(prices, rows.rule == prices.price_rule)
    flat = joined[_TARIFF].fill_null(joined.flat_e4)
    amounts = {
        AmountKind.COST_SHARE: joined.basis * joined.rate_e4,
        AmountKind.COST_UP_TO: ibis.least(joined.basis * E4, flat),
    }
    kinds = terms.offers.kinds()
    kind_e4 = flat
    for kind in kinds & amounts.keys():
        same = joined.kind_no == KIND_NO[kind]
        kind_e4 = amounts[kind] if len(kinds) == 1 else ibis.ifelse(same, amounts[kind], kind_e4)
    found = joined.mutate(kind_e4=kind_e4)
    capped = ibis.least(found.kind_e4, found.order_cap_e4) if terms.offers.order_caps else found.kind_e4
    return found.mutate(amount_e4=capped).drop(*prices.columns, _TARIFF)


def _passes(rows: ir.Table, item: int, turns: int, offers: Offers) -> list[Any]:
    """For each turn whether the line passes all tests of that seat's rule. Tests that nothing can fail are left out."""
    found = []
    for turn in range(turns):
        place = f"_{item}_{turn}"
        tests = [
            (rows.on >= rows[f"from{place}"]) & (rows.on <= rows[f"to{place}"]),
            rows.order_amount >= _said(rows, "min_order_amount", item, turn, offers),
            _basis_of(rows, item, turn, offers) > 0,
        ]
        if offers.common(item, "platform_bits") != -1:
            tests.append((rows[f"platform_bits{place}"] & rows.platform_bit) != 0)
        if offers.common(item, "channel_bits") != -1:
            tests.append((_said(rows, "channel_bits", item, turn, offers) & rows.channel_bit) != 0)
        found.append(ibis.and_(*tests))
    return found


def _first(passes: Sequence[Any]) -> Any:
    """The number of the first turn that passes, else null."""
    return ibis.cases(*((passed, int32(turn)) for turn, passed in enumerate(passes)))


def _rule(rows: ir.Table, item: int, turns: int, offers: Offers, *, detail: bool) -> Any:
    """The rule that takes the line for the item; else, with `detail`, the first test of the item's first rule that
    fails."""
    chosen = [(rows[f"turn_{item}"] == turn, rows[f"rule_{item}_{turn}"]) for turn in range(turns)]
    if not detail:
        return ibis.cases(*chosen)
    terms, first = offers.of_item(item)[0]
    number = offers.first_rule(item)
    enrolled: Any = ibis.or_(
        *((rows[f"rule_{item}_{turn}"] == number) & _seated(rows, item, turn) for turn in range(turns))
    )
    failing = {
        Reason.NOT_ENROLLED: ~enrolled.fill_null(False),
        Reason.OUTSIDE_WINDOW: (rows.on < terms.cost_from) | (rows.on > terms.cost_to),
        Reason.PLATFORM: (rows.platform_bit & offers.of_rule(number, "platform_bits")) == 0,
        Reason.CHANNEL: (rows.channel_bit & offers.of_rule(number, "channel_bits")) == 0,
        Reason.BELOW_MINIMUM: rows.order_amount < first.min_order_amount,
        Reason.NO_COST: ibis.literal(True),
    }
    refused = [(fails, int32(REFUSALS[reason])) for reason, fails in failing.items()]
    return ibis.cases(*chosen, *refused)


def _chosen_basis(rows: ir.Table, item: int, turns: int, offers: Offers) -> Any:
    """What the merchant bore by the rule that takes the line, else by the item's first rule."""
    _, first = offers.of_item(item)[0]
    if len({one.basis for _, one in offers.of_item(item)}) == 1:
        return basis(rows, first.basis)
    turn = rows[f"turn_{item}"]
    chosen = [(turn == number, _basis_of(rows, item, number, offers)) for number in range(turns)]
    return ibis.cases(*chosen, else_=basis(rows, first.basis))


def _by_tariff(offers: Offers, item: int) -> bool:
    return AmountKind.FLAT_BY in offers.kinds(item)


def _tariff(rows: ir.Table, item: int, turns: int, terms: Tables) -> ir.Table:
    """The rows with tariff_e4_ of the item: what the rule that takes the line pays for its channel, platform or payment
    method; null where it names none."""
    turn, tariffs = rows[f"turn_{item}"], terms.tariffs
    if tariffs is None:
        return rows.mutate(**{f"{_TARIFF}_{item}": ibis.null("int64")})
    attribute = ibis.cases(*((turn == number, rows[f"attribute_no_{item}_{number}"]) for number in range(turns)))
    value = ibis.cases(*((attribute == number, rows[name]) for name, number in ATTRIBUTE_NO.items()))
    mine = tariffs.rename({f"{name}_{item}": name for name in tariffs.columns})
    same = [rows[f"rule_{item}"] == mine[f"tariff_rule_{item}"], value == mine[f"tariff_value_{item}"]]
    return rows.left_join(mine, same)


def _said(rows: ir.Table, name: str, item: int, turn: int, offers: Offers) -> Any:
    """What the rule of a seat says; where all rules for the item say the same, no seat needs to be asked."""
    common = offers.common(item, name)
    return rows[f"{name}_{item}_{turn}"] if common is None else ibis.literal(common, "int64")


def _seated(rows: ir.Table, item: int, turn: int) -> Any:
    return (rows.on >= rows[f"seat_from_{item}_{turn}"]) & (rows.on <= rows[f"seat_to_{item}_{turn}"])


def _basis_of(rows: ir.Table, item: int, turn: int, offers: Offers) -> Any:
    bases = sorted({one.basis for _, one in offers.of_item(item)})
    if len(bases) == 1:
        return basis(rows, bases[0])
    number = rows[f"basis_no_{item}_{turn}"]
    return ibis.cases(*((number == BASIS_NO[name], basis(rows, name)) for name in bases), else_=0)


def basis(rows: ir.Table, name: str) -> Any:
    """What the merchant bore of a cost, in won."""
    cost, support = BASES[name]
    return rows[cost] - rows[support]


def _bit(value: Any, known: Sequence[str]) -> Any:
    named = [(value == name, ibis.literal(2 << place, "int64")) for place, name in enumerate(known)]
    return ibis.cases(*named, else_=ibis.literal(1, "int64")) if named else ibis.literal(1, "int64")
