"""The two statements that make typed lines of rows: a fast one for what is certainly good, and the rules for the rest.

The fast one only ever says of a row that it is good. Whatever it doubts goes, as it came, to the rules.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from portal.domain.settlements import COLUMNS, ROWS_PER_DELIVERY, ColumnKind, LineColumn, LineFault
from portal.storage import line_checks
from portal.storage.csv_cells import cell_of, columns_of
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
    names = ", ".join(columns_of(width))
    line = f"CASE WHEN fault IS NULL THEN concat_ws(chr(31), {names}) ELSE line END" if cell_of(1) in came else "line"
    return f"""
        WITH whole AS ({whole_rows("incoming", width, came)}),
        cells AS (SELECT *, {", ".join(f"{text} AS s_{name}" for name, text in seen.items())}
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
    return f"""
        WITH whole AS ({whole_rows("doubtful", width, ())}),
        cells AS (SELECT row, line, broken, {", ".join(f"{cells.texts[name]} AS v_{name}" for name in NAMES)}
                  FROM whole WHERE broken IS NOT NULL OR NOT ({cells.no_order})),
        checked AS (SELECT *, {codes} FROM cells),
        judged AS (SELECT *, CASE WHEN broken IS NOT NULL THEN [{{code: broken, field: '', value: ''}}]
                                  ELSE nullif(list_filter([{each}], lambda p: p.code IS NOT NULL), []) END AS problems
                   FROM checked)
        SELECT {_seq(job)} AS received_seq, {", ".join(_value(column, job, sure=False) for column in COLUMNS)},
               problems, left(replace(line, chr(31), ','), {RAW}) AS raw
        FROM judged
    """  # noqa: S608


def _seq(job: dict[str, Any]) -> str:
    return f"{job['delivery_number'] * ROWS_PER_DELIVERY} + row"


def _value(column: LineColumn, job: dict[str, Any], *, sure: bool) -> str:
    if not sure or column.name == "platform":
        return f"{line_checks.value(column, f'v_{column.name}', job['platform'])} AS {column.name}"
    return f"{'t' if column in _CAST else 's'}_{column.name} AS {column.name}"


def whole_rows(source: str, width: int, came: Collection[str]) -> str:
    """Rows of a table with the cells c1, c2 ... and, in `broken`, what is wrong with the row as a whole.

    They come cut already or as lines of text; `came`: the columns of the table.
    """
    if cell_of(1) in came:
        return f"SELECT * REPLACE (nullif(fault, '') AS fault), nullif(fault, '') AS broken FROM {source}"  # noqa: S608
    cells = ", ".join(f"f[{number}] AS {name}" for number, name in enumerate(columns_of(width), start=1))
    return f"""
        SELECT row, line, fault, {cells},
               CASE WHEN fault IS NOT NULL THEN fault
                    WHEN len(f) < {width} THEN '{LineFault.TOO_FEW_FIELDS}'
                    WHEN len(f) > {width} THEN '{LineFault.TOO_MANY_FIELDS}' END AS broken
        FROM (SELECT row, line, nullif(fault, '') AS fault, string_split(line, chr(31)) AS f FROM {source})
    """  # noqa: S608
