"""Layouts: how a platform's own file becomes settlement lines, written in its profile as `[[layout]]`.

Everything is found by the names in the header, nothing by its position. Adding a platform is writing such a profile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from portal.domain.settlements import COLUMNS, ColumnKind

TIMES = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y%m%d%H%M%S",
)


class Shape(StrEnum):
    """`rows`: a line in each row; `list`: labels and amounts below each other, together one line."""

    ROWS = "rows"
    LIST = "list"


class Origin(StrEnum):
    """`documented`: seen in a real file (the note says by whom); `invented`: ours, until the platform tells its own."""

    DOCUMENTED = "documented"
    INVENTED = "invented"


class Tells(StrEnum):
    """What a line stands for: one order, or a statement of several, which never counts as an order."""

    ORDERS = "orders"
    STATEMENTS = "statements"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one column of a settlement line is made.

    A constant `value`; or the texts of `sources`, each through `values` (native -> ours) or else `otherwise`, joined by
    `join` after `prefix`, and empty as soon as one of them is or is one of `nothing`; `after`: only what stands behind
    the last such mark. Or won: the sum of `plus` less the sum of `minus`, empty cells being 0; `vat`: the amounts hold
    10 % VAT, which is taken out.
    """

    name: str
    value: str | None = None
    sources: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    nothing: tuple[str, ...] = ()
    join: str = " "
    prefix: str = ""
    after: str = ""
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    vat: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.sources, *self.plus, *self.minus)


@dataclass(frozen=True, slots=True)
class NoOrder:
    """Rows that are no orders, such as deposits and totals: by what a column holds or begins with."""

    column: str
    among: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    blank: bool = False


@dataclass(frozen=True, slots=True)
class StoreRule:
    """The columns that say of a line's store what it is called, which business it is and where; empty: no such column.
    They are kept beside the lines, to find out whose a store is."""

    name: str = ""
    business_number: str = ""
    address: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each for each in (self.name, self.business_number, self.address) if each)


@dataclass(frozen=True, slots=True)
class Layout:
    """One form of a platform's file. `levels`: rows of the header; `sheet`: the only sheet to look at.

    `above`: labels over the header whose value belongs to every row; `ignored`: columns that are known and not needed;
    `optional`: columns that are not in every file (their amounts are 0 then); `labels` and `amount`: for a list;
    `store`: what is said of the store itself.
    """

    code: str
    title: str
    tells: Tells
    origin: Origin
    note: str
    shape: Shape = Shape.ROWS
    sheet: str = ""
    levels: int = 1
    labels: tuple[str, ...] = ()
    amount: str = ""
    above: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    times: tuple[str, ...] = TIMES
    columns: tuple[ColumnRule, ...] = ()
    no_orders: tuple[NoOrder, ...] = ()
    store: StoreRule = StoreRule()

    @property
    def names(self) -> tuple[str, ...]:
        """Every header the layout knows, in the order in which it speaks of them."""
        used = [name for rule in self.columns for name in rule.names]
        listed = [*used, *self.store.names, *(each.column for each in self.no_orders), *self.ignored]
        return tuple(dict.fromkeys(name for name in listed if name not in self.above))


CANONICAL = Layout(
    code="canonical",
    title="표준 정산 파일",
    tells=Tells.ORDERS,
    origin=Origin.DOCUMENTED,
    note="이음의 정산자료 안내",
    optional=tuple(column.name for column in COLUMNS if not column.required),
    columns=tuple(
        ColumnRule(column.name, plus=(column.name,))
        if column.kind is ColumnKind.WON
        else ColumnRule(column.name, sources=(column.name,))
        for column in COLUMNS
    ),
)


def from_plain(values: Mapping[str, Any]) -> Layout:
    """The layout out of `asdict(layout)`, also after a journey as JSON."""
    told = dict(values)
    told["columns"] = tuple(ColumnRule(**_tuples(each)) for each in told["columns"])
    told["no_orders"] = tuple(NoOrder(**_tuples(each)) for each in told["no_orders"])
    told["store"] = StoreRule(**told["store"])
    told |= {"tells": Tells(told["tells"]), "origin": Origin(told["origin"]), "shape": Shape(told["shape"])}
    return Layout(**_tuples(told))


def to_plain(layout: Layout) -> dict[str, Any]:
    """For the journey to the reader."""
    return asdict(layout)


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _tuple(values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(value) if isinstance(value, list) else value for value in values)
