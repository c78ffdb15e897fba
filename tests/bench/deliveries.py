"""Deliveries made up for measuring: orders of one month under the contract's own header, one row in two hundred bad."""

from __future__ import annotations

from pathlib import Path

import duckdb
import xlsxwriter

from portal.domain.settlements import COLUMNS

PLATFORM, PERIOD, NUMBER = "baemin", "2026-03", 7
HEADER = [column.name for column in COLUMNS if column.required]
KINDS = 11  # of bad rows, see _ROWS
_PIECE = 1 << 24

# Every 200th row is bad, each time in the next way. Hangul in the order numbers, so that encodings differ.
_BAD = "CASE WHEN n % 200 = 150 THEN n // 200 % 11 ELSE -1 END"
_ROWS = f"""
    WITH numbered AS (SELECT range AS n, {_BAD} AS bad FROM range($lines)),
    told AS (SELECT *, n - CASE WHEN bad IN (8, 9) THEN 77 ELSE 0 END AS o FROM numbered),
    drawn AS (SELECT *, hash(o)::HUGEINT % 1000000007 AS d FROM told)
    SELECT 'S' || lpad((d % 20000)::VARCHAR, 6, '0') AS store_id,
           CASE WHEN bad = 0 THEN '' ELSE '주문-' || lpad(o::VARCHAR, 9, '0') END AS order_no,
           CASE WHEN d % 20 = 0 THEN 'yogiyo:Y' || o ELSE '' END AS origin_key,
           CASE WHEN bad = 1 THEN 'door' WHEN d % 10 = 3 THEN 'preorder' ELSE 'delivery' END AS channel,
           CASE WHEN bad = 2 THEN '2026-03-32 10:00:00' WHEN bad = 3 THEN '2026-04-01 00:00:00'
                ELSE strftime(TIMESTAMP '2026-03-01' + to_seconds((d % 2678400)::BIGINT), '%Y-%m-%d %H:%M:%S')
           END AS ordered_at,
           CASE WHEN d % 25 = 1 THEN 'cancelled' ELSE 'completed' END AS status,
           ['card', 'easy_pay', 'cash', 'local_currency'][1 + (d % 4)::BIGINT] AS payment_method,
           CASE WHEN bad = 4 THEN '21100원' WHEN bad = 9 THEN '1' ELSE (8000 + d % 6000 * 10)::VARCHAR
           END AS order_amount,
           CASE WHEN bad = 5 THEN '-1' ELSE (d % 45 * 100)::VARCHAR END AS delivery_fee,
           (d % 3 * 500)::VARCHAR AS delivery_support,
           CASE WHEN bad = 6 THEN '1.5' ELSE (d % 7 * 300)::VARCHAR END AS promotion_cost,
           '0' AS promotion_support,
           (500 + d % 4000)::VARCHAR AS brokerage_fee,
           CASE WHEN bad = 7 THEN d % 900 || ',memo' WHEN bad <> 10 THEN (d % 900)::VARCHAR END AS payment_fee
    FROM drawn
"""


def delivered(folder: Path, lines: int, encoding: str = "utf-8") -> Path:
    """The CSV file of so many rows, made once."""
    path = folder / f"delivery-{lines}-{encoding}.csv"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    if encoding == "utf-8":
        line = f"concat_ws(',', {', '.join(HEADER)})"
        duckdb.execute(
            f'COPY (SELECT {line} AS "{",".join(HEADER)}" FROM ({_ROWS}))'
            f" TO '{aside}' (FORMAT csv, QUOTE '', DELIMITER '\t')",
            {"lines": lines},
        )
    else:
        with delivered(folder, lines).open(encoding="utf-8") as text, aside.open("w", encoding=encoding) as out:
            while piece := text.read(_PIECE):
                out.write(piece)
    aside.rename(path)
    return path


def workbook(folder: Path, lines: int) -> Path:
    """The same rows as a workbook, amounts as numbers where they are; made once."""
    path = folder / f"delivery-{lines}.xlsx"
    if path.exists():
        return path
    rows = delivered(folder, lines).read_text(encoding="utf-8").splitlines()
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            cells = row.split(",")[: len(HEADER)]
            sheet.write_row(number, 0, [int(cell) if cell.isdigit() else cell for cell in cells])
    return path
