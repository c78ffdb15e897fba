"""Step 4: which lines of which merchants a rule may pay, and the first test that a line fails."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from portal.assessment.links import FIRST, LAST
from portal.domain.assessment import Reason
from portal.domain.kinds import BASES


def seats(enrolments: ir.Table, offers: ir.Table) -> ir.Table:
    """One row per enrolment and rule of its programme. `contested`: another enrolment may want the same line."""
    rules = offers.select("programme", "item", seat_rule="rule", seat_rank="rank")
    joined = enrolments.inner_join(rules, enrolments.programme == rules.programme)
    held = joined.select(
        seat_rule="seat_rule",
        seat_rank="seat_rank",
        seat_item="item",
        seat_merchant="merchant_id",
        owner_id="owner_id",
        accepted_at="accepted_at",
        seat_from=joined.enrolled_from.fill_null(FIRST),
        seat_to=joined.enrolled_to.fill_null(LAST),
    )
    rivals = held.count().over(ibis.window(group_by=["seat_merchant", "seat_item"]))
    return held.mutate(contested=rivals > 1)


def taking_part(lines: ir.Table) -> ir.Table:
    """The lines that reach this step: current, not cancelled, linked."""
    return lines.filter(~lines.superseded & ~lines.cancelled & lines.merchant_id.notnull())


def eligible(lines: ir.Table, seats: ir.Table, offers: ir.Table) -> ir.Table:
    """Every (line, rule) that passes all tests, with the seat's and the rule's columns and `basis` in won."""
    rows = taking_part(lines)
    on = rows.ordered_at.date()
    covered = rows.inner_join(
        seats, [rows.merchant_id == seats.seat_merchant, on >= seats.seat_from, on <= seats.seat_to]
    )
    offered = covered.inner_join(offers, covered.seat_rule == offers.rule)
    offered = offered.mutate(basis=basis(offered))
    passes = ibis.and_(*(~fails for _, fails in tests(offered)))
    return offered.filter(passes)


def ineligible(lines: ir.Table, seats: ir.Table, offers: ir.Table) -> ir.Table:
    """Every (line, item) that the item's first programme does not pay, with that rule's columns and the `reason`."""
    firsts = offers.filter(offers.rank == 0)
    pairs = taking_part(lines).cross_join(firsts)
    pairs = pairs.mutate(basis=basis(pairs), on=pairs.ordered_at.date())
    held = seats.filter(seats.seat_rank == 0)
    covers = [
        pairs.merchant_id == held.seat_merchant,
        pairs.item == held.seat_item,
        pairs.on >= held.seat_from,
        pairs.on <= held.seat_to,
    ]
    outside = pairs.anti_join(held, covers).mutate(reason=ibis.literal(str(Reason.NOT_ENROLLED)))
    inside = pairs.semi_join(held, covers)
    judged = inside.mutate(reason=ibis.cases(*((fails, reason) for reason, fails in tests(inside)), else_=""))
    return ibis.union(outside, judged.filter(judged.reason != "")).drop("on")


def tests(rows: ir.Table) -> list[tuple[str, ir.BooleanValue]]:
    """The tests after the enrolment, in their order: the reason, and whether the row fails."""
    on = rows.ordered_at.date()
    return [
        (str(Reason.OUTSIDE_WINDOW), (on < rows.cost_from) | (on > rows.cost_to)),
        (str(Reason.PLATFORM), rows.platforms.notnull() & ~rows.platforms.contains(rows.platform).fill_null(False)),
        (str(Reason.CHANNEL), rows.channels.notnull() & ~rows.channels.contains(rows.channel).fill_null(False)),
        (str(Reason.BELOW_MINIMUM), rows.order_amount < rows.min_order_amount),
        (str(Reason.NO_COST), rows.basis <= 0),
    ]


def basis(rows: ir.Table) -> ir.Value:
    """What the merchant bore of the rule's cost, in won."""
    return ibis.cases(
        *((rows.basis_name == name, rows[cost] - rows[support]) for name, (cost, support) in BASES.items()), else_=0
    )
