"""docs/benchmarks.md: a section for each size measured; a run replaces its own section and keeps the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from portal.config import ROOT
from portal.domain.periods import KOREA
from tests.bench.measuring import Measured

PAGE = ROOT / "docs" / "benchmarks.md"

_TOP = """# Measurements

Written by `make bench` (`LINES=10000000` for another size, `LARGE=100000000` for what memory bounds); nothing here is
copied by hand. All ways in one table ran one after the other on the same lines, each in a process of its own.

Assessments: the nation is made up: 680,000 merchants, 41 programmes, few merchants with many of the lines, 3% of
the lines unlinked, 5% cancelled, 2% reported twice (`tests/bench/nation.py`). Every way goes from Parquet to the same
bytes of `claims.csv`. The yardsticks (`tests/bench/by_pandas.py`, `tests/bench/by_sql.py`) trust their input, which the
portal checks.

Readings: one month of a platform, one row in two hundred bad in one of eleven ways (`tests/bench/deliveries.py`). Every
way goes from the file to the same accepted lines in Parquet and the same refused rows with their codes. The yardsticks
(`tests/bench/reading_by_pandas.py`) trust that the file is a table in the encoding they are told, which the portal
finds out, in a child process that starts anew for each file.
"""
_HEAD = "| | lines/s | seconds | CPU seconds | peak memory |\n|---|---:|---:|---:|---:|\n"


def figures(lines: int, run: Measured) -> str:
    """One run in words."""
    rate, memory = f"{lines / run.seconds:,.0f} lines/s", f"peak {run.peak / 1e6:,.0f} MB"
    return f"{rate}, {run.seconds:.2f} s, {run.cpu:.2f} CPU-s, {memory}"


def of_size(lines: int, runs: Mapping[str, Measured], where: str, *, ours: str, pandas: str, sql: str) -> str:
    """The section of one size: a row for each way, and how ours compares with the yardsticks."""
    mine, frames, hand = runs[ours], runs[pandas], runs[sql]
    ratios = (
        f"Against pandas the portal is {frames.seconds / mine.seconds:.1f} times as fast (aim at 10 million lines: 5),"
        f" with {mine.cpu / frames.cpu:.0%}\nof its CPU (33%) and {mine.peak / frames.peak:.0%} of its memory (40%)."
        f" Against SQL by hand it takes {mine.seconds / hand.seconds:.2f} times as long (1.3),\n"
        f"with {mine.cpu / hand.cpu:.2f} times the CPU and {mine.peak / hand.peak:.2f} times the memory."
    )
    rows = [_row(name, lines, run) for name, run in runs.items()]
    return _section(f"{lines:,} lines", where, rows, ratios)


def of_memory(runs: Mapping[int, Measured], memory: str, where: str) -> str:
    """The section of the portal alone within that memory: two sizes (lines -> run), the smaller first."""
    (few, small), (many, large) = runs.items()
    seconds, cpu = (large.seconds / many) / (small.seconds / few), (large.cpu / many) / (small.cpu / few)
    ratios = f"A line takes {seconds:.2f} times as long as with {few:,} lines (aim: 1.5), and {cpu:.2f} times the CPU."
    rows = [_row(f"the portal, {lines:,} lines", lines, run) for lines, run in runs.items()]
    return _section(f"{many:,} lines within {memory}", where, rows, ratios)


def of_night(lines: int, more: int, runs: Mapping[str, Measured], explained: Measured, where: str) -> str:
    """The section of a night: all lines assessed again, and only the new ones on what the others left; and how long the
    explanation of one merchant's month takes out of the file for all lines."""
    again, tonight = runs.values()
    ratios = (
        "Both as the portal's worker draws them up: claims, the explanation of every line, and what the next run needs,"
        f" within 1GB of memory.\nA night is {again.seconds / tonight.seconds:.1f} times as fast as all"
        f" again (aim at 10 million lines: 25), with {tonight.cpu / again.cpu:.1%} of its CPU.\nOut of the file that"
        f" explains all lines, a merchant's month of {explained.result} lines is read in"
        f" {explained.seconds * 1000:.0f} ms."
    )
    rows = [_row(name, count, run) for (name, run), count in zip(runs.items(), (lines + more, more), strict=True)]
    return _section(f"{lines:,} lines carried on, {more:,} more", where, rows, ratios)


def of_reading(lines: int, runs: Mapping[str, Measured], where: str, *, ours: str, others: str, cp949: str) -> str:
    """The section of deliveries of one size as CSV: ours, the yardstick, and ours in the older encoding."""
    mine, frames, older = runs[ours], runs[others], runs[cp949]
    ratios = (
        f"Against pandas the portal is {frames.seconds / mine.seconds:.1f} times as fast (aim: 5), with"
        f" {mine.cpu / frames.cpu:.0%} of its CPU\nand {mine.peak / frames.peak:.0%} of its memory. CP949 takes"
        f" {older.seconds / mine.seconds:.2f} times as long as UTF-8 (2). The child holds {mine.result / 1e6:,.0f} MB"
        " (aim at\n10 million lines: 512); the peak in the table is that of the child and of who waits for it together."
    )
    rows = [_row(name, lines, run) for name, run in runs.items()]
    return _section(f"{lines:,} lines read from CSV", where, rows, ratios)


def of_workbook(lines: int, runs: Mapping[str, Measured], where: str, *, ours: str, others: str) -> str:
    """The section of a delivery as a workbook."""
    ratio = f"The portal is {runs[others].seconds / runs[ours].seconds:.1f} times as fast as openpyxl (aim: 10)."
    rows = [_row(name, lines, run) for name, run in runs.items()]
    return _section(f"{lines:,} lines read from XLSX", where, rows, ratio)


def keep(section: str) -> None:
    """Puts a section into the page, in the place of the one with its title."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = {part.splitlines()[0]: part.strip() for part in re.split(r"(?m)^(?=## )", old)[1:]}
    sections[section.splitlines()[0]] = section.strip()
    in_order = sorted(sections.items(), key=lambda found: int(re.sub(r"\D", "", found[0].split(" lines")[0])))
    PAGE.write_text("\n\n".join([_TOP.strip(), *(text for _, text in in_order)]) + "\n", encoding="utf-8")


def _section(title: str, where: str, rows: Iterable[str], ratios: str) -> str:
    today = datetime.now(UTC).astimezone(KOREA).date()
    return f"## {title}\n\n{today}. {where}.\n\n{_HEAD}{''.join(rows)}\n{ratios}\n"


def _row(name: str, lines: int, run: Measured) -> str:
    rate, memory = f"{lines / run.seconds:,.0f}", f"{run.peak / 1e6:,.0f} MB"
    return f"| {name} | {rate} | {run.seconds:.2f} | {run.cpu:.2f} | {memory} |\n"
