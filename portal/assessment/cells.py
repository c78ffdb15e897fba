"""Cells into values: for every column the typed value, whether the cell is right, and the code of what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from portal.assessment.columns import Column, Kind
from portal.assessment.duck import EXTRA
from portal.domain.terms import LARGEST_WON

Expr = Any  # an Ibis value; Ibis's own hints are narrower than what its methods take

_TIME = r"^\d{4}-\d{2}-\d{2}[ T]([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d{1,6})?)?$"
_ZONED = r"^\d{4}-\d{2}-\d{2}[ T][0-9:.]+ ?([+-]\d{2}(:?\d{2})?|Z|UTC|KST)$"
_DATE = r"^\d{4}-\d{2}-\d{2}$"


@dataclass(frozen=True, slots=True)
class Cell:
    """Expressions over the raw row: the value (None for a check that is no column), `right` (never null), and where
    it is not, the problem's code and what was found."""

    name: str
    value: Expr | None
    right: Expr
    code: Expr
    found: Expr


def cells(raw: ir.Table, columns: tuple[Column, ...]) -> list[Cell]:
    """One Cell per column, and first the one that compares the number of cells with the header (CSV only)."""
    found = [_cell(raw[column.name], column) for column in columns]
    if EXTRA not in raw.columns:
        return found
    last = raw[[name for name in raw.columns if name not in (EXTRA, "file", "row")][-1]]
    complete = last.notnull() & raw[EXTRA].isnull()
    code = ibis.ifelse(raw[EXTRA].isnull(), "too_few_fields", "too_many_fields")
    return [Cell("", None, complete, code, raw[EXTRA].fill_null("")), *found]


def right(found: list[Cell]) -> Expr:
    """Whether every cell of the row is right."""
    return ibis.and_(*(cell.right for cell in found))


def values(raw: ir.Table, found: list[Cell], **more: Expr) -> ir.Table:
    """The typed columns, one for each cell that is one, and `more`."""
    return raw.select(**{cell.name: cell.value for cell in found if cell.value is not None}, **more)


def _cell(raw: Expr, column: Column) -> Cell:
    if column.kind is Kind.TEXT:
        value, fits, code = _text(raw, column)
    elif not raw.type().is_string():
        value, fits, code = _native(raw, column)
    elif column.kind in (Kind.INTEGER, Kind.WON):
        value, fits, code = _integer(raw)
    else:
        value, fits, code = _moment(raw, column.kind)
    if column.kind is Kind.WON:
        fits = fits & value.between(-LARGEST_WON, LARGEST_WON)
    empty = (raw.isnull() | (raw == "")) if raw.type().is_string() else raw.isnull()
    fits = fits.fill_null(False)
    return Cell(
        name=column.name,
        value=value,
        right=(empty | fits) if column.optional else (~empty & fits),
        code=ibis.ifelse(empty, "missing_value", code),
        found=raw.cast("string").fill_null(""),
    )


def _text(raw: Expr, column: Column) -> tuple[Expr, Expr, Expr]:
    value = raw.fill_null("") if column.optional else raw
    # a chain of comparisons, because engines turn lists into joins
    fits = ibis.or_(*(value == choice for choice in column.choices)) if column.choices else ibis.literal(True)
    return value, fits, ibis.literal(f"unknown_{column.name}")


def _native(raw: Expr, column: Column) -> tuple[Expr, Expr, Expr]:
    """A typed Parquet column: its type was checked with the header, so that only the range can be wrong."""
    to = {Kind.TIME: "timestamp(6)", Kind.DATE: "date"}.get(column.kind, "int64")
    value = raw if str(raw.type()) == to else raw.try_cast(to)
    return value, value.notnull(), ibis.literal("out_of_range")


def _integer(raw: Expr) -> tuple[Expr, Expr, Expr]:
    # nullif is also a barrier: a bare try_cast is pushed into the CSV reader, which then stops at the first bad cell
    value = raw.nullif("").try_cast("int64")
    code = ibis.ifelse(raw.re_search(r"^-?[1-9][0-9]*$"), "out_of_range", "not_an_integer")
    return value, value.cast("string") == raw, code


def _moment(raw: Expr, kind: Kind) -> tuple[Expr, Expr, Expr]:
    value = raw.nullif("").try_cast("timestamp(6)" if kind is Kind.TIME else "date")
    if kind is Kind.DATE:
        return value, raw.re_search(_DATE) & value.notnull(), ibis.literal("not_a_date")
    code = ibis.ifelse(raw.re_search(_ZONED), "has_zone", "not_a_timestamp")
    return value, raw.re_search(_TIME) & value.notnull(), code
