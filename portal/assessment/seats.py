"""Enrolments as seats: for every item a merchant's seats stand in turn, and merchants with the same share a bench.

A line that knows its merchant's bench has all its rules beside it; it need not be multiplied and counted again to find
the one that takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from portal.assessment.engines import Engine
from portal.assessment.links import FIRST, LAST
from portal.assessment.offers import Offers, Tables

_NOBODY = -1  # the rule where a bench has no further seat
_TESTED = ("platform_bits", "channel_bits", "min_order_amount", "basis_no", "attribute_no")


@dataclass(frozen=True, slots=True)
class Benches:
    """`seats`: every seat (seat_merchant, seat_item, seat_turn, owner, accepted_at).

    `of_merchant`: bench_merchant, bench, bucket.
    `places`: bench_no, and for the t-th seat of item i rule_i_t, seat_from_i_t, seat_to_i_t, the rule's columns, and
    from_i_t, to_i_t: the days of the seat on which the rule covers costs.
    `turns`: how many seats a bench has at most, by item.
    """

    seats: ir.Table
    of_merchant: ir.Table
    places: ir.Table
    turns: list[int]


def seated(
    engine: Engine, enrolments: ir.Table, terms: Tables, merchants: ir.Table, owners: ir.Table, parts: int
) -> Benches:
    """The benches of all enrolled merchants that have a link; merchants that share a cap are in one of `parts` buckets.

    The turn goes by the programme's rank; where a merchant is enrolled twice in one on a date, the enrolment accepted
    first counts (then the smaller owner_id).
    """
    offers, rules = terms.offers, terms.rules
    seats = engine.keep(_in_turn(_seats(enrolments, rules, merchants, owners)))
    most = {row["item_no"]: row["turns"] for row in engine.rows(seats.group_by("item_no").agg(turns=seats.turn.max()))}
    turns = [most.get(item, 0) + 1 for item in range(len(offers.items))]
    held = engine.keep(_side_by_side(seats, turns))
    different = engine.arrow(held.drop("bench_merchant").distinct())
    different = different.append_column("bench_no", pa.array(range(different.num_rows), pa.int32()))
    alike = engine.table(different)
    same = [held[name] == alike[name] for name in held.columns if name != "bench_merchant"]
    found = held.inner_join(alike, same).select("bench_merchant", bench="bench_no")
    benches = Benches(
        seats=seats.select("owner", "accepted_at", seat_merchant="merchant", seat_item="item_no", seat_turn="turn"),
        of_merchant=engine.keep(_in_buckets(engine, found, seats, offers, parts)),
        places=engine.table(_with_rules(different, turns, offers.table())),
        turns=turns,
    )
    engine.forget(held)
    return benches


def known(granted: ir.Table, benches: Benches, terms: Tables) -> ir.Table:
    """Granted rows with the `owner` and `accepted_at` of their seat, if some cap or pool asks for them."""
    if not terms.offers.asks_for_seats:
        return granted
    seats = benches.seats
    same = [
        granted.merchant == seats.seat_merchant,
        granted.item_no == seats.seat_item,
        granted.turn == seats.seat_turn,
    ]
    return granted.inner_join(seats, same).drop("seat_merchant", "seat_item", "seat_turn")


def _seats(enrolments: ir.Table, rules: ir.Table, merchants: ir.Table, owners: ir.Table) -> ir.Table:
    offered = rules.select("programme", "item_no", "rule", "rank")
    joined = enrolments.inner_join(offered, enrolments.programme == offered.programme)
    joined = joined.inner_join(merchants, joined.merchant_id == merchants.name).rename(merchant="number").drop("name")
    joined = joined.inner_join(owners, joined.owner_id == owners.name).rename(owner="number").drop("name")
    return joined.select(
        *("merchant", "item_no", "rank", "rule", "owner", "accepted_at"),
        seat_from=joined.enrolled_from.fill_null(FIRST),
        seat_to=joined.enrolled_to.fill_null(LAST),
    )


def _in_turn(seats: ir.Table) -> ir.Table:
    order = [seats.rank, seats.accepted_at, seats.owner, seats.seat_from, seats.seat_to]
    turn = ibis.row_number().over(ibis.window(group_by=[seats.merchant, seats.item_no], order_by=order))
    return seats.mutate(turn=turn.cast("int32"))


def _side_by_side(seats: ir.Table, turns: list[int]) -> ir.Table:
    columns = {}
    for item, most in enumerate(turns):
        for turn in range(most):
            here = (seats.item_no == item) & (seats.turn == turn)
            columns[f"rule_{item}_{turn}"] = seats.rule.max(where=here).fill_null(_NOBODY)
            columns[f"seat_from_{item}_{turn}"] = seats.seat_from.max(where=here).fill_null(LAST)
            columns[f"seat_to_{item}_{turn}"] = seats.seat_to.max(where=here).fill_null(FIRST)
    return seats.group_by(bench_merchant="merchant").agg(**columns)


def _in_buckets(engine: Engine, found: ir.Table, seats: ir.Table, offers: Offers, parts: int) -> ir.Table:
    """The merchants with their `bucket`. Where caps are per owner, all merchants of an owner are in the same."""
    if not offers.owned or parts == 1:
        return found.mutate(bucket=(found.bench_merchant % parts).cast("int32"))
    pairs = engine.arrow(seats.select("merchant", "owner").distinct())
    merchants, owners = pairs["merchant"].to_pylist(), pairs["owner"].to_pylist()
    groups = engine.table(
        pa.table(
            {
                "group_merchant": pa.array(merchants, pa.int32()),
                "bucket": pa.array([group % parts for group in _grouped(merchants, owners)], pa.int32()),
            }
        )
    ).distinct()
    return found.inner_join(groups, found.bench_merchant == groups.group_merchant).drop("group_merchant")


def _grouped(merchants: Sequence[int], owners: Sequence[int]) -> list[int]:
    """For every pair of a merchant and an owner the number of the group of all whom owners connect."""
    above: dict[int, int] = {}

    def top(node: int) -> int:
        while (parent := above.setdefault(node, node)) != node:
            above[node] = node = above[parent]
        return node

    for merchant, owner in zip(merchants, owners, strict=True):
        above[top(merchant)] = top(~owner)  # owners are the negative numbers
    return [abs(top(merchant)) for merchant in merchants]


def _with_rules(benches: pa.Table, turns: list[int], rules: pa.Table) -> pa.Table:
    """The benches with what the rule of every seat says, and on which days of the seat."""
    found = benches
    for item, most in enumerate(turns):
        for turn in range(most):
            place = f"_{item}_{turn}"
            rule = found[f"rule{place}"]
            theirs = rules.take(pc.call_function("if_else", [pc.call_function("less", [rule, 0]), None, rule]))
            first = pc.call_function("max_element_wise", [found[f"seat_from{place}"], theirs["cost_from"]])
            last = pc.call_function("min_element_wise", [found[f"seat_to{place}"], theirs["cost_to"]])
            found = found.append_column(f"from{place}", first).append_column(f"to{place}", last)
            for name in _TESTED:
                found = found.append_column(f"{name}{place}", theirs[name])
    return found
