"""Step 10: one decision for every (line, item), whatever step it came from, and the article behind it.

Decisions are numbers; `outputs` puts the names in their place. They come in several tables: of the merchants of each
part, and of all whose orders had to be judged or whose pool ended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment import amounts
from portal.assessment.carrying import Carried
from portal.assessment.clamping import united
from portal.assessment.eligibility import REFUSALS
from portal.assessment.engines import Engine
from portal.assessment.numbering import int32
from portal.assessment.offers import KIND_NO, Tables
from portal.domain.assessment import Reason
from portal.domain.kinds import AmountKind

REASONS = tuple(Reason)
NOBODY = -1  # the merchant or programme where there is none
_KEYS = ("platform_no", "order_no", "received_seq", "item_no", "programme_no", "merchant")
_FURTHER = ("ordered_at", "channel", "said_cancelled", "basis", "kind_e4", "amount_e4", "reason_no", "legal_no", "cuts")
_REASON_NO = {reason: number for number, reason in enumerate(REASONS)}


@dataclass(frozen=True, slots=True)
class Working:
    """What the steps left behind.

    `told`: all lines with what each item's rules say (see `eligibility`), and `superseded` and `cancelled`: a table for
    each part, and last the judged; `duplicates`: of granted rows those whose order is paid elsewhere; `decided`: those
    that reached step 7, with their final amounts and what each of the `steps` (caps and pools; in the column
    cut_<step>) took: a table for each part, and others; `source`: the lines as they came; `carried`: from runs over
    earlier orders. `merchants`, `platforms`, `owners`: the names of the numbers.
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


def outcomes(engine: Engine, work: Working) -> dict[Reason, int]:
    """How many (line, item)s had which reason."""
    found: Counter[Reason] = Counter()
    for told, decided, duplicates in _tables(work):
        numbers = [_why(told, item).select("reason_no") for item in range(len(work.terms.offers.items))]
        numbers += [_reason(rows, work).select("reason_no") for rows in decided]
        numbers += [rows.select(reason_no=_number(Reason.DUPLICATE)) for rows in duplicates]
        counted = united([rows.group_by("reason_no").agg(found=rows.count()) for rows in numbers])
        for row in engine.rows(counted):
            found[REASONS[row["reason_no"]]] += row["found"]
    return {reason: found[reason] for reason in sorted(found)}


def lines_out(engine: Engine, work: Working) -> list[ir.Table]:
    """platform_no, order_no, received_seq, item_no, programme_no, merchant, amount_e4, reason_no: one row per line and
    item. Merchants of statements that never came to the question whose they are stay empty."""
    found = []
    for rows in _decisions(engine, work):
        early = (rows.reason_no == _number(Reason.SUPERSEDED)) | (rows.reason_no == _number(Reason.CANCELLED))
        found.append(rows.select(*_KEYS, "amount_e4", "reason_no").mutate(merchant=_or_nobody(early, rows.merchant)))
    return found


def explanations(engine: Engine, work: Working) -> list[ir.Table]:
    """Every decision with what each cap and pool took as JSON text, each table sorted by merchant and time."""
    order = ("merchant", "ordered_at", "platform_no", "order_no", "item_no", "received_seq")
    return [rows.order_by(*order) for rows in _decisions(engine, work)]


def _tables(work: Working) -> Iterator[tuple[ir.Table, Sequence[ir.Table], list[ir.Table]]]:
    """What belongs together: told lines, decided rows, duplicates. One after the other, so that memory is bounded."""
    *parts, judged = work.told
    for told, decided in zip(parts, work.decided, strict=False):
        yield told, [decided], []
    yield judged, work.decided[len(parts) :], [work.duplicates]


def _decisions(engine: Engine, work: Working) -> Iterator[ir.Table]:
    """The columns of lines-out, and ordered_at, channel, said_cancelled, basis, kind_e4, legal_no, cuts."""
    for told, decided, duplicates in _tables(work):
        found = [_untaken(work, told, item) for item in range(len(work.terms.offers.items))]
        found += [_duplicate(work, rows) for rows in duplicates]
        found += [_decided(engine, work, rows) for rows in decided]
        yield united([engine.view(rows) for rows in found])


def _why(rows: ir.Table, item: int) -> ir.Table:
    """The told lines that no programme takes for an item, with the `reason_no`."""
    rule = rows[f"rule_{item}"]
    early = rows.superseded | rows.cancelled | rows.merchant.isnull()
    out = rows.filter(early | (rule < 0))
    reason = ibis.cases(
        (out.superseded, _number(Reason.SUPERSEDED)),
        (out.cancelled, _number(Reason.CANCELLED)),
        (out.merchant.isnull(), _number(Reason.UNLINKED)),
        *((out[f"rule_{item}"] == number, _number(reason)) for reason, number in REFUSALS.items()),
    )
    return out.mutate(reason_no=reason)


def _untaken(work: Working, told: ir.Table, item: int) -> ir.Table:
    """Lines that never came to a rule, and those that all rules refuse: then the first rule's word counts."""
    offers = work.terms.offers
    rule = offers.first_rule(item)
    out = _why(told, item)
    early: Any = out.superseded | out.cancelled | out.merchant.isnull()
    return _row(
        out,
        item_no=int32(item),
        programme_no=_or_nobody(early, int32(offers.of_rule(rule, "programme_no"))),
        legal_no=ibis.ifelse(early, int32(offers.legals.index("")), int32(offers.of_rule(rule, "basis_legal_no"))),
        reason_no=out.reason_no,
        basis=out[f"basis_{item}"],
        said_cancelled=out.said_cancelled,
    )


def _duplicate(work: Working, rows: ir.Table) -> ir.Table:
    named = _named(work, rows)
    return _row(named, reason_no=_number(Reason.DUPLICATE), legal_no=named.basis_legal_no)


def _reason(decided: ir.Table, work: Working) -> ir.Table:
    kinds = work.terms.rules.select("kind_no", reason_rule="rule")
    rows = decided.inner_join(kinds, decided.rule == kinds.reason_rule).drop("reason_rule")
    again = rows.already_given & (rows.kind_no == KIND_NO[AmountKind.ONE_OFF])
    reason = ibis.cases(
        (again, _number(Reason.CAPPED)),
        (rows.kind_e4 == 0, _number(Reason.NO_COST)),
        (rows.amount_e4 == 0, _number(Reason.CAPPED)),
        (rows.amount_e4 < rows.kind_e4, _number(Reason.REDUCED)),
        else_=_number(Reason.PAID),
    )
    return rows.mutate(reason_no=reason)


def _decided(engine: Engine, work: Working, decided: ir.Table) -> ir.Table:
    rows = _named(work, _reason(decided, work))
    rows = engine.view(amounts.order_cuts(rows, work.order_caps).mutate(cuts=ibis.literal("")))
    for step in (*(step for step, _ in work.order_caps), *work.steps):
        marks = work.marks.filter(work.marks.mark_step == step)
        rows = engine.view(_cut(rows.left_join(marks, rows.rule == marks.mark_rule), step).select(*rows.columns))
    said = {name: rows[name] for name in ("kind_e4", "amount_e4", "reason_no", "legal_no")}
    return _row(rows, cuts="[" + rows.cuts + "]", **said)


def _cut(rows: ir.Table, step: int) -> ir.Table:
    """The rows, beside their marks, with what a cap or pool took added to the text of `cuts`, and its article."""
    took: Any = (rows[f"cut_{step}"] > 0).fill_null(False)
    text = rows.mark + ', "taken_e4": ' + rows[f"cut_{step}"].cast("string") + "}"
    more: Any = ibis.ifelse(rows.cuts == "", text, rows.cuts + ", " + text)
    article = ibis.ifelse(took, rows.mark_legal_no, rows.legal_no)
    return rows.mutate(cuts=ibis.ifelse(took, more, rows.cuts), legal_no=article)


def _named(work: Working, rows: ir.Table) -> ir.Table:
    """Granted rows with their rule's columns."""
    rules = work.terms.rules.select("programme_no", "basis_legal_no", "legal_no", told_rule="rule")
    return rows.inner_join(rules, rows.rule == rules.told_rule)


def _row(rows: ir.Table, **said: Any) -> ir.Table:
    """The columns of a decision: those of the row but for what is `said` of it."""
    nothing = ibis.literal(0, "int64")
    usual = {
        "kind_e4": nothing,
        "amount_e4": nothing,
        "cuts": ibis.literal("[]"),
        "said_cancelled": ibis.literal(False),
    }
    told = {"merchant": rows.merchant.fill_null(int32(NOBODY)), **usual, **said}
    return rows.select(**{name: told[name] if name in told else rows[name] for name in (*_KEYS, *_FURTHER)})


def _or_nobody(early: Any, number: Any) -> Any:
    return ibis.ifelse(early, int32(NOBODY), number)


def _number(reason: Reason) -> Any:
    return int32(_REASON_NO[reason])
