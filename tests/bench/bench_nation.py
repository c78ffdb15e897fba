"""Assessment of a made-up nation: the portal beside careful pandas and hand-written SQL, on the same lines in one run.

IEUM_BENCH_LINES says how many lines (a million). With IEUM_BENCH_LARGE the portal runs alone within 2 GB of memory,
with IEUM_BENCH_LINES lines and with that many, to compare the time it takes for each line.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from portal.assessment import assess, explain
from portal.config import ROOT
from tests.bench import by_pandas, by_sql, page
from tests.bench.measuring import Measured, machine, measure
from tests.bench.nation import Nation, founded, night

FOLDER = ROOT / "build" / "bench"
LINES = int(os.environ.get("IEUM_BENCH_LINES") or 1_000_000)
NIGHT = 50_000
LARGE = int(os.environ.get("IEUM_BENCH_LARGE") or 0)
TIMES = 3 if LINES <= 1_000_000 else 1  # the median counts
MEMORY = "2GB"
WORKER_MEMORY = "1GB"  # of the portal's own runs

PANDAS, SQL, PORTAL, SPARK = "pandas", "SQL by hand, DuckDB", "the portal, DuckDB", "the portal, Spark"
ALL, MORE = "all again", f"{NIGHT:,} lines more"


def by_portal(nation: Nation, out: Path, engine: str = "duckdb", memory: str | None = None) -> None:
    """claims.csv into `out`."""
    with assess(
        nation.terms,
        lines=[nation.lines],
        links=nation.links,
        enrolments=nation.enrolments,
        engine=engine,
        memory=memory,
        detail=False,
        work=out.parent,
    ) as assessment:
        assessment.write_claims(out)


def by_spark(nation: Nation, out: Path) -> None:
    """claims.csv into `out`."""
    by_portal(nation, out, engine="spark")


def compared(nation: Nation, folder: Path) -> dict[str, Measured]:
    """Each way in a process of its own; stops unless all of them write the same bytes."""
    ways: dict[str, Callable[[Nation, Path], None]] = {
        PANDAS: by_pandas.write_claims,
        SQL: by_sql.write_claims,
        PORTAL: by_portal,
    }
    if importlib.util.find_spec("pyspark"):
        ways[SPARK] = by_spark
    runs, digests = {}, {}
    for number, (name, way) in enumerate(ways.items()):
        out = folder / f"claims-{number}.csv"
        runs[name] = measure(way, nation, out, times=TIMES)
        digests[name] = _digest(out)
        print(f"  {name}: {page.figures(LINES, runs[name])}", flush=True)
    if len(set(digests.values())) > 1:
        sys.exit(f"The claims differ: {digests}")
    return runs


def drawn_up(lines: list[Path], nation: Nation, carried: list[Path], into: Path, leave: Path) -> None:
    """What the portal's monthly run makes of lines on what earlier ones left: claims, explanations, what they leave."""
    with assess(
        nation.terms,
        lines=lines,
        links=nation.links,
        enrolments=nation.enrolments,
        carried=carried,
        memory=WORKER_MEMORY,
        work=into,
    ) as assessment:
        assessment.write_claims(into / "claims.csv")
        assessment.write_explanations(into / "explained.parquet")
        shutil.rmtree(leave, ignore_errors=True)
        assessment.carry(leave)


def nightly(nation: Nation, folder: Path) -> dict[str, Measured]:
    """A night's lines on what all lines before left, and all of them assessed again; the claims must be the same.

    Both as the portal's worker draws them up; the night in one that has run before, as workers do for months.
    """
    before, again, more = (folder / name for name in ("before", "again", "more"))
    for home in (before, again, more):
        home.mkdir()
    tonight = night(folder / "night.parquet", LINES, NIGHT)
    drawn_up([nation.lines], nation, [], before, folder / "left")
    runs = {
        ALL: measure(drawn_up, [nation.lines, tonight], nation, [], again, folder / "left again", times=1),
        MORE: measure(drawn_up, [tonight], nation, [folder / "left"], more, folder / "left more", times=3, warm=True),
    }
    rows = [set((home / "claims.csv").read_text(encoding="utf-8").splitlines()) for home in (again, more)]
    if not rows[1] <= rows[0] or len(rows[1]) < NIGHT // 10:
        sys.exit("The night's claims are not those of all lines")
    for name, run in runs.items():
        print(f"  {name}: {page.figures(LINES + NIGHT if name == ALL else NIGHT, run)}", flush=True)
    return runs


def explained(folder: Path, merchant: str, month: str) -> int:
    """How many lines the page about a merchant's month shows."""
    return len(explain(folder / "again" / "explained.parquet", merchant, month))


def within_memory(folder: Path, lines: int) -> Measured:
    """The portal alone, bounded."""
    run = measure(by_portal, founded(_home(lines), lines), folder / "claims.csv", "duckdb", MEMORY, times=1)
    print(f"  {lines:,} lines within {MEMORY}: {page.figures(lines, run)}", flush=True)
    return run


def main() -> None:
    nation = founded(_home(LINES), LINES)
    for file in nation.lines.iterdir():
        file.read_bytes()  # so that the first to read them has no slower disk than the last
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as name:
        folder = Path(name)
        if LARGE:
            where = machine()
            print(f"Assessment within {MEMORY}\n  {where}")
            runs = {lines: within_memory(folder, lines) for lines in (LINES, LARGE)}
            page.keep(page.of_memory(runs, MEMORY, where))
        else:
            where = machine()
            print(f"Assessment of {LINES:,} lines\n  {where}")
            runs = compared(nation, folder)
            page.keep(page.of_size(LINES, runs, where, ours=PORTAL, pandas=PANDAS, sql=SQL))
            runs = nightly(nation, folder)
            one = measure(explained, folder, "M000001", "2026-05", times=5, warm=True)
            print(f"  a merchant's month: {one.result} lines explained in {one.seconds * 1000:.0f} ms")
            page.keep(page.of_night(LINES, NIGHT, runs, one, where))


def _home(lines: int) -> Path:
    return FOLDER / f"nation-{lines}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
