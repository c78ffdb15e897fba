"""Step 10: one decision for every (line, item), whatever step it came from, and the article behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from portal.assessment import calendar, eligibility
from portal.domain.assessment import Reason
from portal.domain.kinds import AmountKind

_KEY = ("platform", "order_no", "item")


@dataclass(frozen=True, slots=True)
class Working:
    """What the steps left behind. All but `lines`, `seats` and `offers` are small or kept.

    `lines`: judged and linked; `granted`: every eligible (line, rule); `resolved`: the doubtful ones of them, settled;
    `decided`: those that reached step 7, with their final amounts; `cuts`: what caps and pools took.
    """

    lines: ir.Table
    seats: ir.Table
    offers: ir.Table
    marks: ir.Table
    granted: ir.Table
    resolved: ir.Table
    decided: ir.Table
    cuts: Sequence[ir.Table]


def all_decisions(work: Working) -> ir.Table:
    """platform, order_no, received_seq, item, programme, merchant_id, ordered_at, channel, status, basis, kind_e4,
    amount_e4, reason, legal: one row per line and item. `programme` is empty where no rule was asked."""
    return ibis.union(_not_current(work), _not_eligible(work), _duplicates(work), _decided(work))


def lines_out(work: Working) -> ir.Table:
    """The published form: merchants of statements that never came to the question whose they are stay empty."""
    rows = all_decisions(work)
    early = rows.reason.isin([Reason.SUPERSEDED, Reason.CANCELLED])
    return rows.select(
        "platform",
        "order_no",
        "received_seq",
        "item",
        "programme",
        merchant_id=ibis.ifelse(early, "", rows.merchant_id),
        amount_e4="amount_e4",
        reason="reason",
    )


def explanations(work: Working) -> ir.Table:
    """Every decision with what each cap and pool took as JSON text, sorted so that a merchant's month is together."""
    rows = all_decisions(work)
    if work.cuts:
        told = _told(work)
        same = [rows[name] == told[f"cut_{name}"] for name in _KEY]
        reached = rows.reason.isin([Reason.PAID, Reason.REDUCED, Reason.CAPPED])
        rows = rows.left_join(told, [*same, reached])
        rows = rows.mutate(
            cuts=ibis.ifelse(rows.told.isnull(), "[]", "[" + rows.told + "]"),
            legal=rows.last_legal.fill_null(rows.legal),
        )
    else:
        rows = rows.mutate(cuts=ibis.literal("[]"))
    return rows.select(
        "merchant_id",
        month=calendar.month(rows.ordered_at),
        **{name: name for name in ("ordered_at", "platform", "order_no", "received_seq", "item", "programme")},
        **{name: name for name in ("channel", "status", "basis", "kind_e4", "cuts", "amount_e4", "reason", "legal")},
    ).order_by("merchant_id", "month", "ordered_at", "platform", "order_no", "item", "received_seq")


def _told(work: Working) -> ir.Table:
    cuts = ibis.union(*work.cuts) if len(work.cuts) > 1 else work.cuts[0]
    marks = work.marks
    marked = cuts.inner_join(marks, [cuts.step == marks.mark_step, cuts.rule == marks.mark_rule])
    text = marked.mark + ', "taken_e4": ' + marked.taken_e4.cast("string") + "}"
    marked = marked.mutate(text=text)
    return marked.group_by(cut_platform="platform", cut_order_no="order_no", cut_item="item").agg(
        told=marked.text.group_concat(", ", order_by=marked.step),
        last_legal=marked.mark_legal.argmax(marked.step),
    )


def _not_current(work: Working) -> ir.Table:
    lines, offers = work.lines, work.offers
    out = lines.filter(lines.superseded | lines.cancelled | lines.merchant_id.isnull())
    pairs = out.cross_join(offers.filter(offers.rank == 0))
    reason = ibis.cases(
        (pairs.superseded, str(Reason.SUPERSEDED)),
        (pairs.cancelled, str(Reason.CANCELLED)),
        else_=str(Reason.UNLINKED),
    )
    return _row(pairs, programme="", reason=reason, legal="", basis=eligibility.basis(pairs))


def _not_eligible(work: Working) -> ir.Table:
    rows = eligibility.ineligible(work.lines, work.seats, work.offers)
    others = work.granted.filter(work.granted.rank > 0).select(**{f"other_{name}": name for name in _KEY})
    left = rows.anti_join(others, [rows[name] == others[f"other_{name}"] for name in _KEY])
    return _row(left, programme=left.programme, reason=left.reason, legal=left.legal_basis, basis=left.basis)


def _duplicates(work: Working) -> ir.Table:
    rows = _with_rule(work.resolved.filter(work.resolved.duplicate), work.offers)
    reason = ibis.literal(str(Reason.DUPLICATE))
    return _row(rows, programme=rows.programme, reason=reason, legal=rows.legal_basis, basis=rows.basis)


def _decided(work: Working) -> ir.Table:
    rows = _with_rule(work.decided, work.offers)
    again = rows.already_given & (rows.kind == str(AmountKind.ONE_OFF))
    reason = ibis.cases(
        (again, str(Reason.CAPPED)),
        (rows.kind_e4 == 0, str(Reason.NO_COST)),
        (rows.amount_e4 == 0, str(Reason.CAPPED)),
        (rows.amount_e4 < rows.kind_e4, str(Reason.REDUCED)),
        else_=str(Reason.PAID),
    )
    return _row(
        rows,
        programme=rows.programme,
        reason=reason,
        legal=rows.legal,
        basis=rows.basis,
        kind_e4=rows.kind_e4,
        amount_e4=rows.amount_e4,
    )


def _with_rule(rows: ir.Table, offers: ir.Table) -> ir.Table:
    rules = offers.select("rule", "programme", "legal_basis", "legal", "kind")
    return rows.inner_join(rules, rows.rule == rules.rule)


def _row(rows: ir.Table, **said: ir.Value | str) -> ir.Table:
    nothing = ibis.literal(0, "int64")
    columns: dict[str, ir.Value | str] = {"kind_e4": nothing, "amount_e4": nothing, **said}
    values = {name: ibis.literal(value) if isinstance(value, str) else value for name, value in columns.items()}
    return rows.select(
        "platform",
        "order_no",
        "received_seq",
        "item",
        "ordered_at",
        "channel",
        "status",
        merchant_id=rows.merchant_id.fill_null(""),
        **{name: values[name] for name in ("programme", "basis", "kind_e4", "amount_e4", "reason", "legal")},
    )
