"""The yardstick of reading: what a careful analyst's pandas makes of a delivery in the contract's columns.

It comes to the same accepted lines, refused rows and codes as the portal, column by column, without a loop over rows.
It trusts what the portal does not: that the file is a table without broken bytes, odd quotes or endless lines.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import openpyxl
import pandas as pd

from portal.domain.settlements import (
    COLUMNS,
    MAX_TEXT,
    MAX_WON,
    ROWS_PER_DELIVERY,
    WON_COLUMNS,
    ColumnKind,
    month_bounds,
)
from tests.bench.deliveries import HEADER, NUMBER, PERIOD, PLATFORM

_MORE = "more"  # holds what a row has beyond its columns
_CONTENT = [name for name in HEADER if name != "order_no"]


def read_csv(path: Path, encoding: str, into: Path) -> None:
    """accepted.parquet and refused.parquet into `into`."""
    frame = pd.read_csv(
        path,
        encoding=encoding,
        dtype=str,
        names=[*HEADER, _MORE],
        skiprows=1,
        keep_default_na=False,
    )
    _judge(frame, _short(path, encoding, frame), into)


def _short(path: Path, encoding: str, frame: pd.DataFrame) -> list[int]:
    """Rows without a last cell: a frame cannot tell them from rows whose last cell is empty, the file can."""
    blank = set(frame.index[frame[HEADER[-1]] == ""])
    with path.open(encoding=encoding) as lines:
        found = enumerate(itertools.islice(lines, 1, None))
        return [number for number, line in found if number in blank and line.count(",") < len(HEADER) - 1]


def read_xlsx(path: Path, into: Path) -> None:
    """The same of a workbook, row by row as openpyxl hands them out."""
    book = openpyxl.load_workbook(path, read_only=True)
    rows = book.worksheets[0].iter_rows(min_row=2, max_col=len(HEADER), values_only=True)
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    frame = pd.DataFrame(cells, columns=HEADER, dtype=str)
    for name in WON_COLUMNS:  # as people type amounts into workbooks
        frame[name] = frame[name].str.rstrip("원 ").replace("", "0")
    frame[_MORE] = ""
    _judge(frame, [], into)


def _judge(frame: pd.DataFrame, short: list[int], into: Path) -> None:
    codes = _codes(frame, short)
    good = codes.isna().all(axis=1)
    lines = _typed(frame[good])
    codes["order_no"] = codes["order_no"].fillna(_repeats(lines))
    accepted = lines[codes["order_no"].reindex(lines.index).isna()]
    accepted.insert(0, "received_seq", NUMBER * ROWS_PER_DELIVERY + accepted.index + 1)
    accepted.insert(1, "platform", PLATFORM)
    accepted.to_parquet(into / "accepted.parquet", compression="zstd", index=False)
    wrong = codes[codes.notna().any(axis=1)]
    first = wrong.bfill(axis=1).iloc[:, 0]
    raw = frame.loc[wrong.index].agg(",".join, axis=1).str[:500]
    refused = pd.DataFrame({"row": wrong.index + 1, "code": first, "raw": raw})
    refused.to_parquet(into / "refused.parquet", compression="zstd", index=False)


def _codes(frame: pd.DataFrame, short: list[int]) -> pd.DataFrame:
    """For each row and column the code of its fault, and under `broken` that of the row as a whole."""
    broken = pd.Series(None, index=frame.index, dtype=object)
    broken[short] = "too_few_fields"
    broken[frame[_MORE] != ""] = "too_many_fields"
    codes = {"broken": broken}
    for column in COLUMNS:
        if column.name not in HEADER:
            continue
        text = frame[column.name].str.strip(" ")
        frame[column.name] = text
        code = pd.Series(None, index=frame.index, dtype=object)
        if column.kind is ColumnKind.WON:
            number = pd.to_numeric(text.where(text.str.fullmatch(r"0|-?[1-9]\d{0,17}")), errors="coerce")
            code[number > MAX_WON] = "out_of_range"
            code[number < 0] = "negative"
            code[number.isna()] = "not_an_integer"
        elif column.kind is ColumnKind.TIME:
            time = pd.to_datetime(text, format="%Y-%m-%d %H:%M:%S", errors="coerce")
            start, end = map(pd.Timestamp, month_bounds(PERIOD))
            code[(time < start) | (time >= end)] = "outside_month"
            code[time.isna()] = "not_a_timestamp"
        elif column.kind is ColumnKind.CHOICE:
            code[~text.isin(column.choices)] = str(column.unknown)
        else:
            code[text.str.len() > MAX_TEXT] = "too_long"
        if column.name == "origin_key":
            code[(text != "") & ~text.str.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}:.+")] = "bad_origin_key"
        if column.filled:
            code[text == ""] = "missing_value"
        codes[column.name] = code.where(broken.isna())
    return pd.DataFrame(codes)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    lines = frame[HEADER].copy()
    lines["ordered_at"] = pd.to_datetime(lines["ordered_at"], format="%Y-%m-%d %H:%M:%S")
    for name in WON_COLUMNS:
        lines[name] = lines[name].astype("int64")
    return lines


def _repeats(lines: pd.DataFrame) -> pd.Series:
    """Codes of the orders told more than once: the first stands if all tell the same, else none."""
    often = lines[lines.duplicated("order_no", keep=False)]
    alike = ~often.drop_duplicates(HEADER).duplicated("order_no", keep=False)
    same = often["order_no"].isin(often.drop_duplicates(HEADER).loc[alike, "order_no"])
    codes = pd.Series("same_key_other_content", index=often.index, dtype=object)
    codes[same] = "duplicate_in_file"
    return codes[~same | often.duplicated("order_no")]
