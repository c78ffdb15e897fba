"""Step 10: one decision for every (line, item), whatever step it came from, and the article behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment import amounts, calendar, eligibility
from portal.assessment.carrying import Carried
from portal.assessment.clamping import united
from portal.assessment.links import taking_part
from portal.assessment.offers import KIND_NO, Tables
from portal.assessment.seats import Benches
from portal.domain.assessment import Reason
from portal.domain.kinds import AmountKind


@dataclass(frozen=True, slots=True)
class Working:
    """What the steps left behind.

    `lines`: all, judged and linked; `duplicates`: of granted rows those whose order is paid
    elsewhere; `decided`: those that reached step 7, with their final amounts and what each of
    the `steps` (caps and pools; in the column cut_<step>) took; `source`: the lines as they came; `carried`: from runs
    over earlier orders. `merchants`, `platforms`, `owners`: the names of the numbers.
    """

    lines: ir.Table
    benches: Benches
    terms: Tables
    marks: ir.Table
    merchants: ir.Table
    platforms: ir.Table
    duplicates: ir.Table
    decided: Sequence[ir.Table]
    order_caps: Sequence[tuple[int, ir.Table]]
    steps: Sequence[int]
    source: ir.Table
    carried: Carried | None
    owners: ir.Table


def all_decisions(work: Working) -> ir.Table:
    """platform, order_no, received_seq, item, programme, merchant_id, ordered_at, channel, status, basis, kind_e4,
    amount_e4, reason, legal: one row per line and item. `programme` is empty where no rule was asked."""
    rows = united([*_early(work), *_refused(work), *_granted(work)])
    named = rows.left_join(work.merchants, rows.merchant == work.merchants.number)
    return named.mutate(merchant_id=named.name.fill_null("")).drop("merchant", "name", "number")


def reasons(work: Working) -> ir.Table:
    """`reason`, one row per line and item: also where single lines are not remembered in detail."""
    told = [table.select("reason") for table in (*_early(work), *_refused(work))]
    told.append(work.duplicates.select(reason=ibis.literal(str(Reason.DUPLICATE))))
    return united([*told, *(_reason(rows, work).select("reason") for rows in work.decided)])


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
    return rows.select(
        "merchant_id",
        month=calendar.month(rows.ordered_at),
        **{name: name for name in ("ordered_at", "platform", "order_no", "received_seq", "item", "programme")},
        **{name: name for name in ("channel", "status", "basis", "kind_e4", "cuts", "amount_e4", "reason", "legal")},
    ).order_by("merchant_id", "month", "ordered_at", "platform", "order_no", "item", "received_seq")


def _early(work: Working) -> list[ir.Table]:
    """Lines that never came to a rule, for every item."""
    lines, offers, found = work.lines, work.terms.offers, []
    out = lines.filter(lines.superseded | lines.cancelled | lines.merchant.isnull())
    reason = ibis.cases(
        (out.superseded, str(Reason.SUPERSEDED)),
        (out.cancelled, str(Reason.CANCELLED)),
        else_=str(Reason.UNLINKED),
    )
    for item, code in enumerate(offers.items):
        _, first = offers.of_item(item)[0]
        basis = eligibility.basis(out, first.basis)
        found.append(_row(out, item=code, programme="", reason=reason, legal="", basis=basis))
    return found


def _refused(work: Working) -> list[ir.Table]:
    offers, found = work.terms.offers, []
    for item, code in enumerate(offers.items):
        terms, _ = offers.of_item(item)[0]
        rows = eligibility.refused(taking_part(work.lines), item, work.benches, offers)
        said = {"reason": rows.reason, "legal": terms.legal_basis, "basis": rows.basis}
        found.append(_row(rows, item=code, programme=terms.code, **said))
    return found


def _granted(work: Working) -> list[ir.Table]:
    lost = _named(work, work.duplicates)
    reason = str(Reason.DUPLICATE)
    said = {"item": lost.item, "programme": lost.programme, "legal": lost.legal_basis, "basis": lost.basis}
    return [_row(lost, reason=reason, **said), *(_decided(work, rows) for rows in work.decided)]


def _reason(decided: ir.Table, work: Working) -> ir.Table:
    kinds = work.terms.rules.select("kind_no", reason_rule="rule")
    rows = decided.inner_join(kinds, decided.rule == kinds.reason_rule).drop("reason_rule")
    again = rows.already_given & (rows.kind_no == KIND_NO[AmountKind.ONE_OFF])
    reason = ibis.cases(
        (again, str(Reason.CAPPED)),
        (rows.kind_e4 == 0, str(Reason.NO_COST)),
        (rows.amount_e4 == 0, str(Reason.CAPPED)),
        (rows.amount_e4 < rows.kind_e4, str(Reason.REDUCED)),
        else_=str(Reason.PAID),
    )
    return rows.mutate(reason=reason)


def _decided(work: Working, decided: ir.Table) -> ir.Table:
    rows = _named(work, _reason(decided, work))
    rows = amounts.order_cuts(rows, work.order_caps)
    cuts, legal = _text(ibis.literal("")), rows.legal
    for step in (*(step for step, _ in work.order_caps), *work.steps):
        marks = work.marks.filter(work.marks.mark_step == step)
        marks = marks.select(
            **{f"mark_rule_{step}": "mark_rule", f"mark_{step}": "mark", f"mark_legal_{step}": "mark_legal"}
        )
        rows = rows.left_join(marks, rows.rule == marks[f"mark_rule_{step}"])
    for step in (*(step for step, _ in work.order_caps), *work.steps):
        took: Any = rows[f"cut_{step}"] > 0
        text = rows[f"mark_{step}"] + ', "taken_e4": ' + rows[f"cut_{step}"].cast("string") + "}"
        more: Any = ibis.ifelse(cuts == "", text, cuts + ", " + text)
        cuts = _text(ibis.ifelse(took, more, cuts))
        legal = ibis.ifelse(took, rows[f"mark_legal_{step}"], legal)
    return _row(
        rows,
        item=rows.item,
        programme=rows.programme,
        reason=rows.reason,
        legal=legal,
        basis=rows.basis,
        kind_e4=rows.kind_e4,
        amount_e4=rows.amount_e4,
        cuts="[" + cuts + "]",
    )


def _named(work: Working, rows: ir.Table) -> ir.Table:
    """Granted rows with their rule's columns, and what every line that came so far has in common."""
    rules = work.terms.rules.select("programme", "item", "legal_basis", "legal", told_rule="rule")
    joined = rows.inner_join(rules, rows.rule == rules.told_rule)
    joined = joined.inner_join(work.platforms, joined.platform_no == work.platforms.number)
    return joined.rename(platform="name").mutate(status=ibis.literal("completed"))


def _row(rows: ir.Table, **said: Any) -> ir.Table:
    nothing = ibis.literal(0, "int64")
    columns: dict[str, Any] = {"kind_e4": nothing, "amount_e4": nothing, "cuts": "[]", **said}
    values = {name: ibis.literal(value) if isinstance(value, str) else value for name, value in columns.items()}
    told = ("item", "programme", "basis", "kind_e4", "amount_e4", "reason", "legal", "cuts")
    return rows.select(
        *("platform", "order_no", "received_seq", "ordered_at", "channel", "status", "merchant"),
        **{name: values[name] for name in told},
    )


def _text(value: Any) -> Any:
    """The same; type checkers take the answers of Ibis for less than they are."""
    return value
