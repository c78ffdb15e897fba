"""Steps 4, 5, 7: which programme takes a line for an item, or the first test that fails; the amount by its kind.

Lines are told once each, with two or three columns per item; `granted` turns them into one row per line and item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment.clamping import united
from portal.assessment.offers import ATTRIBUTE_NO, BASIS_NO, KIND_NO, Offers, Tables
from portal.assessment.seats import Benches
from portal.domain.assessment import Reason
from portal.domain.kinds import BASES, AmountKind
from portal.domain.money import E4

_LINE = ("merchant", "platform_no", "order_no", "ordered_at")
_ITEM = ("rule", "kind_e4")
# what only the decisions on single lines and their explanations tell, and what only some terms ask for
_LINE_DETAIL = ("received_seq", "channel")
_ITEM_DETAIL = ("basis",)
_ITEM_SEAT = ("turn",)


def told(lines: ir.Table, benches: Benches, terms: Tables, *, detail: bool, more: Sequence[str] = ()) -> ir.Table:
    """Every line that takes part, with merchant, platform_no, order_no, ordered_at and `more`; and for each item i
    rule_i (null where no programme takes it) and kind_e4_i, the whole amount of the rule's kind (a one_off as if every
    line were the first). With `detail` also received_seq, channel, basis_i in won; turn_i if seats are asked for."""
    offers = terms.offers
    rows = _beside_rules(lines, benches, offers)
    columns: dict[str, Any] = {}
    for item, turns in enumerate(benches.turns):
        passes = _passes(rows, item, turns, offers)
        columns[f"turn_{item}"] = ibis.cases(*((passed, ibis.literal(turn, "int32")) for turn, passed in passes))
    rows = rows.mutate(**columns)
    for item, turns in enumerate(benches.turns):
        rows = _priced(rows, item, turns, terms)
    own = (*_ITEM, *(_ITEM_SEAT if offers.asks_for_seats else ()), *(_ITEM_DETAIL if detail else ()))
    found = [f"{name}_{item}" for item in range(len(benches.turns)) for name in own]
    return rows.select(*_LINE, *(_LINE_DETAIL if detail else ()), *more, *found)


def granted(told: ir.Table, terms: Tables) -> ir.Table:
    """One row per line and item that a programme takes: the line's columns, item_no, rule, kind_e4 ..., and amount_e4,
    what the caps on a single order leave."""
    offers, rules = terms.offers, terms.rules
    own = [name for name in (*_ITEM, *_ITEM_SEAT, *_ITEM_DETAIL) if f"{name}_0" in told.columns]
    of_items = {f"{name}_{item}" for item in range(len(offers.items)) for name in own}
    line = [name for name in told.columns if name not in of_items]
    tables = []
    for item in range(len(offers.items)):
        mine = told.filter(told[f"rule_{item}"].notnull())
        tables.append(
            mine.select(*line, **{name: f"{name}_{item}" for name in own}, item_no=ibis.literal(item, "int32"))
        )
    rows = united(tables)
    if not offers.order_caps:
        return rows.mutate(amount_e4=rows.kind_e4)
    caps = rules.select("order_cap_e4", cap_rule="rule")
    capped = rows.inner_join(caps, rows.rule == caps.cap_rule)
    return capped.mutate(amount_e4=ibis.least(capped.kind_e4, capped.order_cap_e4)).drop("cap_rule", "order_cap_e4")


def refused(lines: ir.Table, item: int, benches: Benches, offers: Offers) -> ir.Table:
    """The lines that no programme takes for an item, with `basis` and the `reason` of the item's first rule."""
    rows = _beside_rules(lines, benches, offers, everybody=True)
    terms, first = offers.of_item(item)[0]
    turns = benches.turns[item]
    on = rows.ordered_at.date()
    number = offers.first_rule(item)
    enrolled: Any = ibis.or_(
        *((rows[f"rule_{item}_{turn}"] == number) & _seated(rows, on, item, turn) for turn in range(turns))
    )
    always = ibis.literal(True)
    platform: Any = always if terms.platforms is None else rows.platform.isin(terms.platforms)
    channel: Any = always if first.channels is None else rows.channel.isin(first.channels)
    reason = ibis.cases(
        (~enrolled.fill_null(False), str(Reason.NOT_ENROLLED)),
        ((on < terms.cost_from) | (on > terms.cost_to), str(Reason.OUTSIDE_WINDOW)),
        (~platform, str(Reason.PLATFORM)),
        (~channel, str(Reason.CHANNEL)),
        (rows.order_amount < first.min_order_amount, str(Reason.BELOW_MINIMUM)),
        else_=str(Reason.NO_COST),
    )
    taken: Any = ibis.or_(*(passed for _, passed in _passes(rows, item, turns, offers)))
    return rows.filter(~taken.fill_null(False)).mutate(basis=basis(rows, first.basis), reason=reason)


def _beside_rules(lines: ir.Table, benches: Benches, offers: Offers, *, everybody: bool = False) -> ir.Table:
    join = lines.left_join if everybody else lines.inner_join
    rows = join(benches.places, lines.bench == benches.places.bench_no)
    return rows.mutate(
        on=rows.ordered_at.date(),
        platform_bit=_bit(rows.platform, offers.platforms),
        channel_bit=_bit(rows.channel, offers.channels),
    )


def _passes(rows: ir.Table, item: int, turns: int, offers: Offers) -> list[tuple[int, Any]]:
    """For each turn whether the line passes all tests of that seat's rule. Tests that no rule makes are left out."""
    rules = offers.of_item(item)
    found = []
    for turn in range(turns):
        place = f"_{item}_{turn}"
        tests = [
            _seated(rows, rows.on, item, turn),
            (rows.on >= rows[f"cost_from{place}"]) & (rows.on <= rows[f"cost_to{place}"]),
            rows.order_amount >= rows[f"min_order_amount{place}"],
            _basis_of(rows, item, turn, offers) > 0,
        ]
        if any(terms.platforms is not None for terms, _ in rules):
            tests.append((rows[f"platform_bits{place}"] & rows.platform_bit) != 0)
        if any(one.channels is not None for _, one in rules):
            tests.append((rows[f"channel_bits{place}"] & rows.channel_bit) != 0)
        found.append((turn, ibis.and_(*tests)))
    return found


def _priced(rows: ir.Table, item: int, turns: int, terms: Tables) -> ir.Table:
    """The rows with rule_, basis_ and kind_e4_ of the item."""
    offers, tariffs = terms.offers, terms.tariffs

    def chosen(name: str) -> Any:
        return _of_turn(rows, item, [rows[f"{name}_{item}_{turn}"] for turn in range(turns)])

    rows = rows.mutate(
        **{
            f"rule_{item}": chosen("rule"),
            f"basis_{item}": _of_turn(rows, item, [_basis_of(rows, item, turn, offers) for turn in range(turns)]),
        }
    )
    kinds = {one.amount.kind for _, one in offers.of_item(item)}
    borne, kind_no, flat = rows[f"basis_{item}"], chosen("kind_no"), chosen("flat_e4")
    if AmountKind.FLAT_BY in kinds and tariffs is not None:
        attribute = chosen("attribute_no")
        value = ibis.cases(*((attribute == number, rows[name]) for name, number in ATTRIBUTE_NO.items()))
        mine = tariffs.rename({f"{name}_{item}": name for name in tariffs.columns})
        rows = rows.left_join(
            mine, [rows[f"rule_{item}"] == mine[f"tariff_rule_{item}"], value == mine[f"tariff_value_{item}"]]
        )
        flat = rows[f"tariff_e4_{item}"].fill_null(flat)
    amounts = {
        AmountKind.COST_SHARE: borne * chosen("rate_e4"),
        AmountKind.COST_UP_TO: ibis.least(borne * E4, flat),
    }
    kind_e4 = flat
    for kind in kinds & amounts.keys():
        kind_e4 = amounts[kind] if len(kinds) == 1 else ibis.ifelse(kind_no == KIND_NO[kind], amounts[kind], kind_e4)
    return rows.mutate(**{f"kind_e4_{item}": kind_e4})


def _of_turn(rows: ir.Table, item: int, values: Sequence[Any]) -> Any:
    """The value of the turn in turn_<item>."""
    turn = rows[f"turn_{item}"]
    return ibis.cases(*((turn == number, value) for number, value in enumerate(values)))


def _seated(rows: ir.Table, on: Any, item: int, turn: int) -> Any:
    return (on >= rows[f"seat_from_{item}_{turn}"]) & (on <= rows[f"seat_to_{item}_{turn}"])


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
