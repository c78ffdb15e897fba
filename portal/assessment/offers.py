"""Terms as numbers: one row per rule (an item of a programme), and the caps, pools and tariffs that go with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from portal.domain.errors import FileRefused, Problem
from portal.domain.kinds import BASES, AmountKind, Attribute, CapPer, PoolOrder
from portal.domain.money import E4
from portal.domain.terms import Cap, Item, Pool, Terms

# words as numbers: rows are many, and numbers compare faster
BASIS_NO = {name: number for number, name in enumerate(BASES)}
KIND_NO = {kind: number for number, kind in enumerate(AmountKind)}
ATTRIBUTE_NO = {name: number for number, name in enumerate(Attribute)}
_BITS = 62  # of an int64, without its sign
_UNLIMITED = 2**63 - 1

_OFFER = pa.schema(
    [
        ("rule", pa.int32()),
        ("programme", pa.string()),
        ("programme_no", pa.int32()),
        ("item", pa.string()),
        ("item_no", pa.int32()),
        ("rank", pa.int32()),
        ("basis_legal_no", pa.int32()),
        ("cost_from", pa.date32()),
        ("cost_to", pa.date32()),
        ("platform_bits", pa.int64()),
        ("channel_bits", pa.int64()),
        ("min_order_amount", pa.int64()),
        ("basis_no", pa.int32()),
        ("kind_no", pa.int32()),
        ("rate_e4", pa.int64()),
        ("flat_e4", pa.int64()),
        ("attribute_no", pa.int32()),
        ("order_cap_e4", pa.int64()),
        ("legal_no", pa.int32()),
    ]
)
_TARIFF = pa.schema([("tariff_rule", pa.int32()), ("tariff_value", pa.string()), ("tariff_e4", pa.int64())])
_LIMIT = pa.schema(
    [
        ("limit_rule", pa.int32()),
        ("limit_group", pa.int32()),
        ("per", pa.string()),
        ("limit_e4", pa.int64()),
    ]
)
_MARK = pa.schema(
    [("mark_step", pa.int32()), ("mark_rule", pa.int32()), ("mark", pa.string()), ("mark_legal_no", pa.int32())]
)


@dataclass(frozen=True, slots=True)
class Layer:
    """The caps (or pools of one order) that come k-th in their rules; `step` is their place in the whole order."""

    step: int
    limits: pa.Table
    turn_by: PoolOrder


class Offers:
    """All rules of the given terms, numbered; `items`, `programmes` (codes) and `legals` (articles) by their numbers.

    `rank` orders the programmes that offer the same item, from 0. `platforms` and `channels`: every name that some rule
    names; the k-th has bit k + 1, and bit 0 stands for all others.
    """

    def __init__(self, terms: Sequence[Terms]) -> None:
        self.terms = sorted(terms, key=lambda one: one.precedence)
        self._rules = [(one, item) for one in self.terms for item in one.items]
        self.items = sorted({item.code for _, item in self._rules})
        self.legals = sorted({"", *(one.legal_basis for one in self.terms), *self._articles()})
        self.platforms = _named(one.platforms for one in self.terms)
        self.channels = _named(item.channels for _, item in self._rules)
        self.one_offs = [rule for rule, (_, item) in enumerate(self._rules) if item.amount.kind is AmountKind.ONE_OFF]
        self.units = {one.code: one.round_down_to for one in self.terms}
        self.programmes = sorted(self.units)
        self.order_caps = list(self._cap_layers(0, lambda item: item.order_caps))
        self.caps = list(self._cap_layers(100, lambda item: item.running_caps))
        self.pools = list(self._pool_layers(200))
        self.owned = any(cap.per is CapPer.OWNER for _, item in self._rules for cap in item.running_caps)
        self._table = pa.Table.from_pylist(list(self._rows()), _OFFER)
        self.asks_for_seats = self.owned or any(layer.turn_by is PoolOrder.ACCEPTED_AT for layer in self.pools)

    def of_item(self, item_no: int) -> list[tuple[Terms, Item]]:
        """The rules for an item, the one asked first in front."""
        return [(terms, item) for terms, item in self._rules if item.code == self.items[item_no]]

    def kinds(self, item_no: int | None = None) -> set[AmountKind]:
        """The kinds of amount of the rules for an item, or of all rules."""
        return {item.amount.kind for _, item in self._rules if item_no is None or item.code == self.items[item_no]}

    def first_rule(self, item_no: int) -> int:
        """The number of the rule that is asked first for an item."""
        return next(rule for rule, (_, item) in enumerate(self._rules) if item.code == self.items[item_no])

    def table(self) -> pa.Table:
        """One row per rule."""
        return self._table

    def of_rule(self, rule: int, column: str) -> Any:
        """What a rule has in this column of the table."""
        return self._table[column][rule].as_py()

    def platform_bit(self, name: str) -> int:
        """The bit of a platform in `platform_bits`."""
        return 2 << self.platforms.index(name) if name in self.platforms else 1

    def common(self, item_no: int, column: str) -> Any:
        """What all rules for an item have in this column of the table; None where they differ."""
        found = {
            row[column] for row in self._table.select(["item_no", column]).to_pylist() if row["item_no"] == item_no
        }
        return found.pop() if len(found) == 1 else None

    def tariffs(self) -> pa.Table:
        """The amounts of flat_by items by value."""
        rows = [
            {"tariff_rule": rule, "tariff_value": value, "tariff_e4": amount * E4}
            for rule, (_, item) in enumerate(self._rules)
            for value, amount in item.amount.amounts.items()
        ]
        return pa.Table.from_pylist(rows, _TARIFF)

    def marks(self) -> pa.Table:
        """What explanations say about each cap and pool: by step and rule, the start of a JSON object, its article."""
        rows = []
        for rule, (terms, item) in enumerate(self._rules):
            told: list[tuple[int, str, Cap | Pool]] = []
            told += [(step, "cap", cap) for step, cap in enumerate(item.order_caps)]
            told += [(step, "cap", cap) for step, cap in enumerate(item.running_caps, 100)]
            told += [(step, "pool", pool) for step, pool in enumerate(terms.pools, 200)]
            for step, what, limit in told:
                text = json.dumps({"what": what, "per": limit.per, "legal": limit.legal}, ensure_ascii=False)
                rows.append(
                    {
                        "mark_step": step,
                        "mark_rule": rule,
                        "mark": text[:-1],
                        "mark_legal_no": self.legals.index(limit.legal),
                    }
                )
        return pa.Table.from_pylist(rows, _MARK)

    def _articles(self) -> Iterator[str]:
        for terms, item in self._rules:
            yield item.amount.legal
            yield from (limit.legal for limit in (*item.caps, *terms.pools))

    def _rows(self) -> Iterator[dict[str, Any]]:
        ranks: dict[str, int] = {}
        for rule, (terms, item) in enumerate(self._rules):
            rank = ranks.get(item.code, 0)
            ranks[item.code] = rank + 1
            yield self._offer(rule, rank, terms, item)

    def _cap_layers(self, first: int, caps: Callable[[Item], tuple[Cap, ...]]) -> Iterator[Layer]:
        for place in range(max((len(caps(item)) for _, item in self._rules), default=0)):
            rows = [
                _limit(rule, rule, caps(item)[place])
                for rule, (_, item) in enumerate(self._rules)
                if place < len(caps(item))
            ]
            yield Layer(first + place, pa.Table.from_pylist(rows, _LIMIT), PoolOrder.ORDERED_AT)

    def _pool_layers(self, first: int) -> Iterator[Layer]:
        for place in range(max((len(terms.pools) for terms in self.terms), default=0)):
            for turn_by in PoolOrder:
                rows = [
                    _limit(rule, self.terms.index(terms), terms.pools[place])
                    for rule, (terms, _) in enumerate(self._rules)
                    if place < len(terms.pools) and terms.pools[place].order_by is turn_by
                ]
                if rows:
                    yield Layer(first + place, pa.Table.from_pylist(rows, _LIMIT), turn_by)

    def _offer(self, rule: int, rank: int, terms: Terms, item: Item) -> dict[str, Any]:
        amount = item.amount
        flat = amount.default if amount.kind is AmountKind.FLAT_BY else amount.amount
        return {
            "rule": rule,
            "programme": terms.code,
            "programme_no": self.programmes.index(terms.code),
            "item": item.code,
            "item_no": self.items.index(item.code),
            "rank": rank,
            "basis_legal_no": self.legals.index(terms.legal_basis),
            "cost_from": terms.cost_from,
            "cost_to": terms.cost_to,
            "platform_bits": _bits(terms.platforms, self.platforms),
            "channel_bits": _bits(item.channels, self.channels),
            "min_order_amount": item.min_order_amount,
            "basis_no": BASIS_NO[item.basis],
            "kind_no": KIND_NO[amount.kind],
            "rate_e4": amount.rate_e4,
            "flat_e4": flat * E4,
            "attribute_no": ATTRIBUTE_NO[amount.attribute] if amount.attribute else None,
            "order_cap_e4": min((cap.amount * E4 for cap in item.order_caps), default=_UNLIMITED),
            "legal_no": self.legals.index(amount.legal),
        }


@dataclass(frozen=True, slots=True)
class Tables:
    """The offers, and as tables of an engine the `rules` and, if there are any, the `tariffs`."""

    offers: Offers
    rules: ir.Table
    tariffs: ir.Table | None


def _named(lists: Iterable[tuple[str, ...] | None]) -> list[str]:
    names = sorted({name for names in lists for name in names or ()})
    if len(names) >= _BITS:
        raise FileRefused(problems=[Problem("too_many_platforms", "platforms", str(len(names)))])
    return names


def _bits(names: tuple[str, ...] | None, known: Sequence[str]) -> int:
    return -1 if names is None else sum(2 << known.index(name) for name in names)


def _limit(rule: int, group: int, limit: Cap | Pool) -> dict[str, Any]:
    return {
        "limit_rule": rule,
        "limit_group": group,
        "per": str(limit.per),
        "limit_e4": limit.amount * E4,
    }
