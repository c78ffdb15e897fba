"""The two statements that make typed lines of rows: a fast one for what is certainly good, and the rules for the rest.

The fast one only ever says of a row that it is good. Whatever it doubts goes, as it came, to the rules.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from portal.domain.settlements import COLUMNS, ROWS_PER_DELIVERY, ColumnKind, LineColumn, LineFault
from portal.storage import line_checks
from portal.storage.csv_cells import columns_of
from portal.storage.csv_rows import RAW
from portal.storage.layout_cells import Cells, quoted

NAMES = [column.name for column in COLUMNS]
_CAST = [column for column in COLUMNS if column.kind in (ColumnKind.WON, ColumnKind.TIME)]


def fast(cells: Cells, width: int, came: Collection[str], job: dict[str, Any]) -> str:
    """Rows of `incoming` (columns `came`) as lines; of a doubtful row only `row`, `fault` and the line as `doubt`."""
    seen = {name: cells.bare.get(name, cells.texts[name]) for name in NAMES}
    platform, period = job["platform"], job["period"]
    certain = [line_checks.certain(c, f"s_{c.name}", f"t_{c.name}", platform, period) for c in COLUMNS]
    typed = ", ".join(f"{line_checks.value(c, f's_{c.name}', platform)} AS t_{c.name}" for c in _CAST)
    cut, broken, line = _of_cells(width) if "c1" in came else _of_lines(width)
    return f"""
        WITH came AS (SELECT row, line, nullif(fault, '') AS fault, {cut} AS f FROM incoming),
        whole AS (SELECT *, {broken} AS broken FROM came),
        cells AS (SELECT row, line, fault, broken, f, {", ".join(f"{text} AS s_{name}" for name, text in seen.items())}
                  FROM whole WHERE broken IS NOT NULL OR NOT ({cells.no_order})),
        typed AS (SELECT *, {typed} FROM cells),
        judged AS (SELECT *, broken IS NULL AND coalesce({" AND ".join(certain)}, false) AS sure FROM typed)
        SELECT {_seq(job)} AS received_seq, {", ".join(_value(column, job, sure=True) for column in COLUMNS)},
               row, CASE WHEN NOT sure THEN {line} END AS doubt, fault
        FROM judged
    """  # noqa: S608 - our own words


def rules(cells: Cells, width: int, job: dict[str, Any]) -> str:
    """Rows of `doubtful` (row, line, fault) as lines with `problems` and `raw`, both NULL for a good row.

    Rows that the layout knows to be no orders are left out, if they are whole rows.
    """
    platform, period = job["platform"], job["period"]
    codes = ", ".join(f"{line_checks.fault(c, f'v_{c.name}', platform, period)} AS k_{c.name}" for c in COLUMNS)
    each = ", ".join(
        f"{{code: k_{name}, field: {quoted(cells.labels[name])}, value: left(v_{name}, {line_checks.VALUE})}}"
        for name in NAMES
    )
    cut, broken, line = _of_lines(width)
    return f"""
        WITH came AS (SELECT row, line, fault, {cut} AS f FROM doubtful),
        whole AS (SELECT *, {broken} AS broken FROM came),
        cells AS (SELECT row, line, broken, {", ".join(f"{cells.texts[name]} AS v_{name}" for name in NAMES)}
                  FROM whole WHERE broken IS NOT NULL OR NOT ({cells.no_order})),
        checked AS (SELECT *, {codes} FROM cells),
        judged AS (SELECT *, CASE WHEN broken IS NOT NULL THEN [{{code: broken, field: '', value: ''}}]
                                  ELSE nullif(list_filter([{each}], lambda p: p.code IS NOT NULL), []) END AS problems
                   FROM checked)
        SELECT {_seq(job)} AS received_seq, {", ".join(_value(column, job, sure=False) for column in COLUMNS)},
               problems, left(replace({line}, chr(31), ','), {RAW}) AS raw
        FROM judged
    """  # noqa: S608


def _seq(job: dict[str, Any]) -> str:
    return f"{job['delivery_number'] * ROWS_PER_DELIVERY} + row"


def _value(column: LineColumn, job: dict[str, Any], *, sure: bool) -> str:
    if not sure or column.name == "platform":
        return f"{line_checks.value(column, f'v_{column.name}', job['platform'])} AS {column.name}"
    return f"{'t' if column in _CAST else 's'}_{column.name} AS {column.name}"


def _of_cells(width: int) -> tuple[str, str, str]:
    """Of rows that came cut: the cells `f`, what is wrong with the row as a whole, and its line."""
    names = ", ".join(columns_of(width))
    numbered = ", ".join(f"f[{number}]" for number in range(1, width + 1))
    return f"row({names})", "fault", f"CASE WHEN fault IS NULL THEN concat_ws(chr(31), {numbered}) ELSE line END"


def _of_lines(width: int) -> tuple[str, str, str]:
    """The same of rows that came as lines."""
    broken = (
        "CASE WHEN fault IS NOT NULL THEN fault"
        f" WHEN len(f) < {width} THEN '{LineFault.TOO_FEW_FIELDS}'"
        f" WHEN len(f) > {width} THEN '{LineFault.TOO_MANY_FIELDS}' END"
    )
    return "string_split(line, chr(31))", broken, "line"
