"""The rules of a layout as expressions of the engine: what a native row holds, written into the contract's columns.

Texts of profiles are quoted into the statement; what partners send stays in columns and variables. A cell that does not
follow its rule goes on as it came, so that the checks refuse it with the value the partner knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from portal.domain.layout_matching import Match
from portal.domain.layouts import ColumnRule, Layout
from portal.domain.settlements import COLUMNS, ColumnKind, LineColumn
from portal.storage.csv_cells import cell_of

_TIMES = {column.name for column in COLUMNS if column.kind is ColumnKind.TIME}
_WON = r"-?(\d{1,18}|\d{1,3}(,\d{3}){1,5})(\.0+)?"
_DAY = "%Y-%m-%d"
_AFTER_TIME = f"{_DAY} %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Cells:
    """For each column of a line its text as an expression over a row's cells c1, c2 ..., and what the partner calls it.

    `no_order`: whether a row is none; `above`: variable -> value, to be set before anything is asked; `bare`: of
    columns that are no free text, the cell as it came, which is the text too if it is written as the contract says.
    Where the layout tells of the store itself, `texts` has also `store_name`, `store_business_number`, `store_address`.
    """

    texts: Mapping[str, str]
    labels: Mapping[str, str]
    no_order: str = "false"
    above: Mapping[str, str] | None = None
    bare: Mapping[str, str] = field(default_factory=dict)


def canonical(header: Sequence[str]) -> Cells:
    """Columns that bear the contract's own names; empty texts for those the header does not have."""
    cells = {column.name: cell_of(header.index(column.name) + 1) for column in COLUMNS if column.name in header}
    texts = {column.name: f"trim({cells[column.name]})" if column.name in cells else "''" for column in COLUMNS}
    bare = {column.name: cells[column.name] for column in COLUMNS if column.name in cells and not _is_free(column)}
    return Cells(texts, {column.name: column.name for column in COLUMNS}, bare=bare)


def native(layout: Layout, match: Match, width: int, above: Sequence[str] = ()) -> Cells:
    """The columns of a layout where the match found them. `width`: cells of a row; `above`: values over the header."""
    rules = {rule.name: rule for rule in layout.columns}
    where = _Where(match, width, layout.times)
    texts = {column.name: where.text(column, rules.get(column.name)) for column in COLUMNS}
    labels = {column.name: _label(column, rules.get(column.name)) for column in COLUMNS}
    tests = [where.no_order(each.column, each.among, each.begins, each.blank) for each in layout.no_orders]
    texts |= {f"store_{what}": where.cell(name) for what, name in asdict(layout.store).items() if name}
    variables = {f"above_{number}": value for number, value in enumerate(above)}
    bare = {column.name: cell for column in COLUMNS if (cell := where.bare(column, rules.get(column.name)))}
    return Cells(texts, labels, " OR ".join(tests) or "false", variables, bare)


@dataclass(frozen=True, slots=True)
class _Where:
    match: Match
    width: int
    times: tuple[str, ...]

    def text(self, column: LineColumn, rule: ColumnRule | None) -> str:
        if rule is None:
            return "''"
        if rule.value is not None:
            return quoted(rule.value)
        if column.kind is ColumnKind.WON:
            return self._won(rule)
        joined = self._joined(rule)
        return self._time(joined) if column.name in _TIMES else joined

    def bare(self, column: LineColumn, rule: ColumnRule | None) -> str | None:
        """The cell as it came, where a rule does nothing to one that is written as the contract writes it."""
        if rule is None or _is_free(column) or rule != ColumnRule(rule.name, sources=rule.sources, plus=rule.plus):
            return None
        present = [number for name in rule.names if (number := self.match.columns[name]) is not None]
        # Of the formats that begin like ours, all have to mean the same.
        times = all(each.startswith(_DAY) for each in self.times if each.startswith("%Y-"))
        if len(present) != 1 or present[0] >= self.width or (column.kind is ColumnKind.TIME and not times):
            return None
        return cell_of(present[0] + 1)

    def no_order(self, name: str, among: Sequence[str], begins: Sequence[str], blank: bool) -> str:
        cell = self.cell(name)
        tests = [f"{cell} IN ({', '.join(map(quoted, among))})"] if among else []
        tests += [f"starts_with({cell}, {quoted(text)})" for text in begins]
        tests += [f"{cell} = ''"] if blank else []
        return f"({' OR '.join(tests)})"

    def cell(self, name: str) -> str:
        number = self.match.columns[name]
        if number is None:
            return "''"
        if number >= self.width:
            return f"getvariable('above_{number - self.width}')"
        return f"coalesce(trim({cell_of(number + 1)}), '')"

    def _joined(self, rule: ColumnRule) -> str:
        """Each source through `values`; nothing as soon as one of them is empty."""
        each = [self._valued(self.cell(name), rule) for name in rule.sources]
        if len(each) == 1 and not rule.prefix:
            return each[0]
        whole = f" || {quoted(rule.join)} || ".join(each)
        empty = " OR ".join(f"{part} = ''" for part in each)
        return f"CASE WHEN {empty} THEN '' ELSE {quoted(rule.prefix)} || {whole} END"

    def _valued(self, cell: str, rule: ColumnRule) -> str:
        if rule.after:
            cell = f"trim(split_part({cell}, {quoted(rule.after)}, -1))"
        if not rule.values and not rule.nothing and rule.otherwise is None:
            return cell
        tests = [f"WHEN {cell} IN ({', '.join(map(quoted, ('', *rule.nothing)))}) THEN ''"]
        tests += [f"WHEN {cell} = {quoted(theirs)} THEN {quoted(ours)}" for theirs, ours in rule.values]
        return f"(CASE {' '.join(tests)} ELSE {cell if rule.otherwise is None else quoted(rule.otherwise)} END)"

    def _time(self, text: str) -> str:
        formats = ", ".join(map(quoted, self.times))
        return f"coalesce(strftime(try_strptime({text}, [{formats}]), '{_AFTER_TIME}'), {text})"

    def _won(self, rule: ColumnRule) -> str:
        """The sum in won, or the first cell that is no amount. A dash stands for nothing, as accountants write it."""
        present = [name for name in rule.names if self.match.columns[name] is not None]
        if not present:
            return "'0'"
        cells = {name: f"rtrim({self.cell(name)}, '원 ')" for name in present}
        wrong = [
            f"WHEN {cell} NOT IN ('', '-') AND NOT regexp_full_match({cell}, '{_WON}') THEN {self.cell(name)}"
            for name, cell in cells.items()
        ]
        numbers = {name: _number(cell) for name, cell in cells.items()}
        total = " + ".join(f"{'-' if name in rule.minus else ''}{numbers[name]}" for name in present)
        if rule.vat:
            total = _without_vat(total)
        return f"CASE {' '.join(wrong)} ELSE ({total})::VARCHAR END"


def _is_free(column: LineColumn) -> bool:
    return column.kind is ColumnKind.TEXT


def _number(cell: str) -> str:
    digits = f"regexp_replace(replace({cell}, ',', ''), '\\.0+$', '')"
    return f"coalesce(try_cast({digits} AS HUGEINT), 0)"


def _without_vat(total: str) -> str:
    """The supply price of an amount with 10 % VAT, rounded half away from zero to the won."""
    return f"sign({total}) * ((abs({total}) * 20 + 11) // 22)"


def _label(column: LineColumn, rule: ColumnRule | None) -> str:
    """What the partner calls the column: its own header where there is one, so that it finds the cell again."""
    return ", ".join(rule.names) if rule is not None and rule.names else column.name


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
