"""Step 10: one decision for every (line, item), whatever step it came from, and the article behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment import amounts, calendar
from portal.assessment.carrying import Carried
from portal.assessment.clamping import united
from portal.assessment.eligibility import REFUSALS
from portal.assessment.engines import Engine
from portal.assessment.offers import KIND_NO, Tables
from portal.domain.assessment import Reason
from portal.domain.kinds import AmountKind


@dataclass(frozen=True, slots=True)
class Working:
    """What the steps left behind.

    `told`: all lines with what each item's rules say (see `eligibility`), and `superseded` and `cancelled`;
    `duplicates`: of granted rows those whose order is paid elsewhere; `decided`: those that reached step 7, with their
    final amounts and what each of the `steps` (caps and pools; in the column cut_<step>) took; `source`: the lines as
    they came; `carried`: from runs over earlier orders. `merchants`, `platforms`, `owners`: the names of the numbers.
    """

    told: Sequence[ir.Table]
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


def all_decisions(engine: Engine, work: Working) -> ir.Table:
    """platform, order_no, received_seq, item, programme, merchant_id, ordered_at, channel, status, basis, kind_e4,
    amount_e4, reason, legal, cuts: one row per line and item. `programme` is empty where no rule was asked."""
    found = [*_untaken(work), _duplicates(work), *(_decided(engine, work, rows) for rows in work.decided)]
    rows = united([engine.view(rows) for rows in found])
    named = rows.left_join(work.merchants, rows.merchant == work.merchants.number)
    named = named.mutate(merchant_id=named.name.fill_null("")).drop("merchant", "name", "number")
    return named.inner_join(work.platforms, named.platform_no == work.platforms.number).rename(platform="name")


def reasons(work: Working) -> ir.Table:
    """reason, found: how many (line, item)s had which."""
    told = [_why(rows, item) for rows in work.told for item in range(len(work.terms.offers.items))]
    told += [_reason(rows, work).select("reason") for rows in work.decided]
    told.append(work.duplicates.select(reason=ibis.literal(str(Reason.DUPLICATE))))
    counted = united([rows.group_by("reason").agg(found=rows.count()) for rows in told])
    return counted.group_by("reason").agg(found=counted.found.sum()).order_by("reason")


def lines_out(engine: Engine, work: Working) -> ir.Table:
    """The published form: merchants of statements that never came to the question whose they are stay empty."""
    rows = all_decisions(engine, work)
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


def explanations(engine: Engine, work: Working) -> ir.Table:
    """Every decision with what each cap and pool took as JSON text, sorted so that a merchant's month is together."""
    rows = all_decisions(engine, work)
    return rows.select(
        "merchant_id",
        month=calendar.month(rows.ordered_at),
        **{name: name for name in ("ordered_at", "platform", "order_no", "received_seq", "item", "programme")},
        **{name: name for name in ("channel", "status", "basis", "kind_e4", "cuts", "amount_e4", "reason", "legal")},
    ).order_by("merchant_id", "month", "ordered_at", "platform", "order_no", "item", "received_seq")


def _why(rows: ir.Table, item: int) -> ir.Table:
    """The told lines that no programme takes for an item, with the `reason`."""
    rule = rows[f"rule_{item}"]
    early = rows.superseded | rows.cancelled | rows.merchant.isnull()
    out = rows.filter(early | (rule < 0))
    reason = ibis.cases(
        (out.superseded, str(Reason.SUPERSEDED)),
        (out.cancelled, str(Reason.CANCELLED)),
        (out.merchant.isnull(), str(Reason.UNLINKED)),
        *((out[f"rule_{item}"] == number, str(reason)) for reason, number in REFUSALS.items()),
    )
    return out.mutate(reason=reason)


def _untaken(work: Working) -> list[ir.Table]:
    """Lines that never came to a rule, and those that all rules refuse: then the first rule's word counts."""
    offers, found = work.terms.offers, []
    for item, code in enumerate(offers.items):
        terms, _ = offers.of_item(item)[0]
        for rows in work.told:
            out = _why(rows, item)
            asked: Any = ~(out.superseded | out.cancelled | out.merchant.isnull())
            said = {name: ibis.ifelse(asked, text, "") for name, text in _words(terms.code, terms.legal_basis).items()}
            status = ibis.ifelse(out.said_cancelled, "cancelled", "completed")
            found.append(_row(out, item=code, status=status, reason=out.reason, basis=out[f"basis_{item}"], **said))
    return found


def _words(programme: str, legal: str) -> dict[str, str]:
    return {"programme": programme, "legal": legal}


def _duplicates(work: Working) -> ir.Table:
    lost = _named(work, work.duplicates)
    said = {"item": lost.item, "programme": lost.programme, "legal": lost.legal_basis, "basis": lost.basis}
    return _row(lost, reason=str(Reason.DUPLICATE), **said)


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


def _decided(engine: Engine, work: Working, decided: ir.Table) -> ir.Table:
    rows = _named(work, _reason(decided, work))
    rows = engine.view(amounts.order_cuts(rows, work.order_caps).mutate(cuts=ibis.literal("")))
    for step in (*(step for step, _ in work.order_caps), *work.steps):
        marks = work.marks.filter(work.marks.mark_step == step)
        rows = engine.view(_cut(rows.left_join(marks, rows.rule == marks.mark_rule), step).select(*rows.columns))
    said = {name: rows[name] for name in ("item", "programme", "reason", "legal", "basis", "kind_e4", "amount_e4")}
    return _row(rows, cuts="[" + rows.cuts + "]", **said)


def _cut(rows: ir.Table, step: int) -> ir.Table:
    """The rows, beside their marks, with what a cap or pool took added to the text of `cuts`, and its article."""
    took: Any = (rows[f"cut_{step}"] > 0).fill_null(False)
    text = rows.mark + ', "taken_e4": ' + rows[f"cut_{step}"].cast("string") + "}"
    more: Any = ibis.ifelse(rows.cuts == "", text, rows.cuts + ", " + text)
    return rows.mutate(cuts=ibis.ifelse(took, more, rows.cuts), legal=ibis.ifelse(took, rows.mark_legal, rows.legal))


def _named(work: Working, rows: ir.Table) -> ir.Table:
    """Granted rows with their rule's columns."""
    rules = work.terms.rules.select("programme", "item", "legal_basis", "legal", told_rule="rule")
    return rows.inner_join(rules, rows.rule == rules.told_rule)


def _row(rows: ir.Table, **said: Any) -> ir.Table:
    nothing = ibis.literal(0, "int64")
    columns = {"kind_e4": nothing, "amount_e4": nothing, "cuts": "[]", "status": "completed", **said}
    values = {name: ibis.literal(value) if isinstance(value, str) else value for name, value in columns.items()}
    told = ("status", "item", "programme", "basis", "kind_e4", "amount_e4", "reason", "legal", "cuts")
    return rows.select(
        *("platform_no", "order_no", "received_seq", "ordered_at", "channel", "merchant"),
        **{name: values[name] for name in told},
    )
