"""Terms as small tables: one row per rule (an item of a programme), and the caps, pools and tariffs that go with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from portal.domain.kinds import AmountKind, PoolOrder
from portal.domain.money import E4
from portal.domain.terms import Cap, Item, Pool, Terms

_OFFER = pa.schema(
    [
        ("rule", pa.int32()),
        ("programme", pa.string()),
        ("item", pa.string()),
        ("rank", pa.int32()),
        ("legal_basis", pa.string()),
        ("cost_from", pa.date32()),
        ("cost_to", pa.date32()),
        ("platforms", pa.list_(pa.string())),
        ("channels", pa.list_(pa.string())),
        ("min_order_amount", pa.int64()),
        ("basis_name", pa.string()),
        ("kind", pa.string()),
        ("rate_e4", pa.int64()),
        ("flat_e4", pa.int64()),
        ("attribute", pa.string()),
        ("legal", pa.string()),
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
    [("mark_step", pa.int32()), ("mark_rule", pa.int32()), ("mark", pa.string()), ("mark_legal", pa.string())]
)


@dataclass(frozen=True, slots=True)
class Layer:
    """The caps (or pools of one order) that come k-th in their rules; `step` is their place in the whole order."""

    step: int
    limits: pa.Table
    turn_by: PoolOrder


class Offers:
    """All rules of the given terms, numbered. `rank` orders the programmes that offer the same item, from 0."""

    def __init__(self, terms: Sequence[Terms]) -> None:
        self.terms = sorted(terms, key=lambda one: one.precedence)
        self._rules = [(one, item) for one in self.terms for item in one.items]
        self.one_offs = [rule for rule, (_, item) in enumerate(self._rules) if item.amount.kind is AmountKind.ONE_OFF]
        self.units = {one.code: one.round_down_to for one in self.terms}
        self.order_caps = list(self._cap_layers(0, lambda item: item.order_caps))
        self.caps = list(self._cap_layers(100, lambda item: item.running_caps))
        self.pools = list(self._pool_layers(200))

    def table(self) -> pa.Table:
        """One row per rule."""
        ranks: dict[str, int] = {}
        rows = []
        for rule, (terms, item) in enumerate(self._rules):
            rank = ranks.get(item.code, 0)
            ranks[item.code] = rank + 1
            rows.append(_offer(rule, rank, terms, item))
        return pa.Table.from_pylist(rows, _OFFER)

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
                rows.append({"mark_step": step, "mark_rule": rule, "mark": text[:-1], "mark_legal": limit.legal})
        return pa.Table.from_pylist(rows, _MARK)

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


def _limit(rule: int, group: int, limit: Cap | Pool) -> dict[str, Any]:
    return {
        "limit_rule": rule,
        "limit_group": group,
        "per": str(limit.per),
        "limit_e4": limit.amount * E4,
    }


def _offer(rule: int, rank: int, terms: Terms, item: Item) -> dict[str, Any]:
    amount = item.amount
    flat = amount.default if amount.kind is AmountKind.FLAT_BY else amount.amount
    return {
        "rule": rule,
        "programme": terms.code,
        "item": item.code,
        "rank": rank,
        "legal_basis": terms.legal_basis,
        "cost_from": terms.cost_from,
        "cost_to": terms.cost_to,
        "platforms": terms.platforms,
        "channels": item.channels,
        "min_order_amount": item.min_order_amount,
        "basis_name": item.basis,
        "kind": str(amount.kind),
        "rate_e4": amount.rate_e4,
        "flat_e4": flat * E4,
        "attribute": str(amount.attribute or ""),
        "legal": amount.legal,
    }
