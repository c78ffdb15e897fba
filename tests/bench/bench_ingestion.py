"""Deliveries read by the portal, child and all, beside careful pandas and openpyxl on the same files in one run.

IEUM_BENCH_LINES says how many lines the CSV files have (a million); the workbook has a hundred thousand.
"""

from __future__ import annotations

import os
import resource
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from portal.config import ROOT
from portal.storage import sandbox_children
from portal.storage.readers import read_delivery
from tests.bench import page, reading_by_pandas
from tests.bench.deliveries import HEADER, NUMBER, PERIOD, PLATFORM, delivered, workbook
from tests.bench.measuring import Measured, machine, measure

FOLDER = ROOT / "build" / "bench"
LINES = int(os.environ.get("IEUM_BENCH_LINES") or 1_000_000)
WORKBOOK = 100_000
TIMES = 3 if LINES <= 1_000_000 else 1  # the median counts

PANDAS, PORTAL, OLDER = "pandas", "the portal, UTF-8", "the portal, CP949"
OPENPYXL, SHEET = "openpyxl and pandas", "the portal"


def by_portal(path: Path, into: Path) -> int:
    """accepted.parquet and refused.parquet into `into`; the most bytes that the child held."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    read_delivery(path, platform=PLATFORM, period=PERIOD, delivery_number=NUMBER, into=into)
    sandbox_children.close_all()  # what its nursery cost counts, and is only known of the ended
    return 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def read_csv(folder: Path) -> dict[str, Measured]:
    """Each way in a process of its own; stops unless all of them accept and refuse the same."""
    files = folder / "deliveries"
    plain, older = delivered(files, LINES), delivered(files, LINES, "cp949")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        ours, theirs, again = (Path(name) / way for way in ("ours", "theirs", "again"))
        theirs.mkdir()
        runs = {
            PANDAS: measure(reading_by_pandas.read_csv, plain, "utf-8", theirs, times=TIMES),
            PORTAL: measure(by_portal, plain, ours, times=TIMES),
            OLDER: measure(by_portal, older, again, times=TIMES),
        }
        check_alike(ours, theirs)
        check_alike(ours, again)
    return runs


def read_xlsx(folder: Path) -> dict[str, Measured]:
    book = workbook(folder / "deliveries", WORKBOOK)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        ours, theirs = Path(name) / "ours", Path(name) / "theirs"
        theirs.mkdir()
        runs = {
            OPENPYXL: measure(reading_by_pandas.read_xlsx, book, theirs, times=1),
            SHEET: measure(by_portal, book, ours, times=3),
        }
        check_alike(ours, theirs)
    return runs


def check_alike(some: Path, others: Path) -> None:
    """Stops unless both accepted the same lines and refused the same rows for the same reasons."""
    stored = f"received_seq, {', '.join(HEADER)}"
    for file, columns in (("accepted", stored), ("refused", "row, code")):
        one, other = (f"(SELECT {columns} FROM '{way / file}.parquet')" for way in (some, others))
        each = f"(FROM {one} EXCEPT FROM {other}) UNION ALL (FROM {other} EXCEPT FROM {one})"
        found = duckdb.execute(f"SELECT count(*) FROM ({each})").fetchall()[0][0]
        if found:
            sys.exit(f"{found} rows are {file} by one way and not by the other")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    where = machine()
    print(f"Reading {LINES:,} lines\n  {where}", flush=True)
    runs = read_csv(FOLDER)
    for name, run in runs.items():
        print(f"  {name}: {page.figures(LINES, run)}", flush=True)
    page.keep(page.of_reading(LINES, runs, where, ours=PORTAL, others=PANDAS, cp949=OLDER))
    runs = read_xlsx(FOLDER)
    for name, run in runs.items():
        print(f"  {name}, {WORKBOOK:,} lines of a workbook: {page.figures(WORKBOOK, run)}", flush=True)
    page.keep(page.of_workbook(WORKBOOK, runs, where, ours=SHEET, others=OPENPYXL))


if __name__ == "__main__":
    main()
