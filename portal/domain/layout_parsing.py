"""Reads a `[[layout]]` of a platform's profile strictly: what is wrong is noted with the path of its key."""

from __future__ import annotations

import re

from portal.domain import header_paths
from portal.domain.layouts import TIMES, ColumnRule, Layout, NoOrder, Origin, Shape, StoreRule, Tells
from portal.domain.settlements import COLUMNS, ColumnKind, LineColumn
from portal.domain.tables import Table

MOST_LEVELS = 4
STATEMENT_CHANNEL = "service"

_TIME = re.compile(r"(%[YmdHMS]|[-./: T년월일시분초])+")
_NAMES = [column.name for column in COLUMNS]


def parse_layout(table: Table) -> Layout:
    """One layout. Problems go into the table's list; the result is only good when none was noted."""
    shape = Shape(table.choice("shape", list(Shape), Shape.ROWS.value) or Shape.ROWS)
    layout = Layout(
        code=table.text("code"),
        title=table.text("title"),
        tells=Tells(table.choice("tells", list(Tells)) or Tells.ORDERS),
        origin=Origin(table.choice("origin", list(Origin)) or Origin.INVENTED),
        note=table.text("note"),
        shape=shape,
        sheet=_text(table, "sheet"),
        levels=table.integer("levels", 1, least=1),
        labels=table.texts("labels") if shape is Shape.LIST else (),
        amount=table.text("amount") if shape is Shape.LIST else "",
        above=table.texts("above", ()),
        optional=table.texts("optional", ()),
        ignored=table.texts("ignored", ()),
        times=table.texts("times", TIMES),
        columns=_rules(table.table("columns")),
        no_orders=tuple(_no_order(each) for each in table.tables("no_order")),
        store=_store(table.table("store")) if table.has("store") else StoreRule(),
    )
    _check(layout, table)
    table.finish()
    return layout


def _rules(table: Table) -> tuple[ColumnRule, ...]:
    """A rule for every column of a line: money that is not written is 0, an origin that is not written is none."""
    found = []
    for column in COLUMNS:
        if table.has(column.name):
            found.append(_rule(table, column))
        elif column.kind is ColumnKind.WON or not column.filled:
            found.append(ColumnRule(column.name, value="0" if column.kind is ColumnKind.WON else ""))
        else:
            table.note("missing", column.name)
    table.finish(elsewhere=_NAMES)
    return tuple(found)


def _rule(table: Table, column: LineColumn) -> ColumnRule:
    """`"header"` for short, or a table with `value`, `from` or `plus` and `minus`."""
    money = column.kind is ColumnKind.WON
    if isinstance(table.values[column.name], str):
        name = table.text(column.name)
        return ColumnRule(column.name, plus=(name,)) if money else ColumnRule(column.name, sources=(name,))
    inner = table.table(column.name)
    if inner.has("value"):
        rule = ColumnRule(column.name, value=inner.text("value"))
    elif money:
        rule = ColumnRule(
            column.name, plus=inner.texts("plus", ()), minus=inner.texts("minus", ()), vat=inner.flag("vat", False)
        )
        if not rule.names:
            inner.note("missing", "plus")
    else:
        values = inner.table("values") if inner.has("values") else None
        rule = ColumnRule(
            column.name,
            sources=inner.texts("from"),
            values=tuple((key, values.text(key)) for key in values.values) if values else (),
            otherwise=inner.text("otherwise") if inner.has("otherwise") else None,
            nothing=inner.texts("nothing", ()),
            join=inner.text("join", " "),
            prefix=_text(inner, "prefix"),
            after=_text(inner, "after"),
        )
    _check_choices(rule, column, inner)
    inner.finish()
    return rule


def _text(table: Table, key: str) -> str:
    return table.text(key) if table.has(key) else ""


def _check_choices(rule: ColumnRule, column: LineColumn, table: Table) -> None:
    """What a profile writes into a column must be what the column may hold."""
    if column.kind is ColumnKind.CHOICE:
        written = [("value", rule.value), ("otherwise", rule.otherwise), *(("values", ours) for _, ours in rule.values)]
        for key, text in written:
            if text is not None and text not in column.choices:
                table.note("unknown_choice", key, text)
    if column.kind is ColumnKind.WON and rule.value is not None and not re.fullmatch(r"\d{1,9}", rule.value):
        table.note("not_an_integer", "value", rule.value)


def _no_order(table: Table) -> NoOrder:
    found = NoOrder(
        column=table.text("column"),
        among=table.texts("among", ()),
        begins=table.texts("begins", ()),
        blank=table.flag("blank", False),
    )
    if not (found.among or found.begins or found.blank):
        table.note("missing", "among")
    table.finish()
    return found


def _store(table: Table) -> StoreRule:
    found = StoreRule(_text(table, "name"), _text(table, "business_number"), _text(table, "address"))
    if not found.names:
        table.note("missing", "name")
    table.finish()
    return found


def _check(layout: Layout, table: Table) -> None:
    if layout.levels > MOST_LEVELS:
        table.note("out_of_range", "levels", layout.levels)
    for time in layout.times:
        if not _TIME.fullmatch(time) or not {"%Y", "%m", "%d"} <= set(re.findall("%.", time)):
            table.note("not_a_time_format", "times", time)
    channel = next((rule for rule in layout.columns if rule.name == "channel"), None)
    if layout.tells is Tells.STATEMENTS and channel is not None and channel.value != STATEMENT_CHANNEL:
        table.note("statement_as_order", "columns.channel", channel.value or "")
    used = {*layout.store.names, *(name for rule in layout.columns for name in rule.names)}
    for name in layout.optional:
        if name not in used and name not in layout.ignored:
            table.note("leads_nowhere", "optional", name)
    for name in layout.above:
        if name not in used:
            table.note("leads_nowhere", "above", name)
    for name in layout.ignored:
        if name in used:
            table.note("repeated", "ignored", name)
    alike: dict[tuple[str, ...], str] = {}
    for name in layout.names:
        other = alike.setdefault(tuple(map(header_paths.plain, header_paths.parts(name))), name)
        if other != name:
            table.note("repeated", "columns", name)
