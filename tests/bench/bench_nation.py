"""Assessment of a made-up nation: the portal beside careful pandas and hand-written SQL, on the same lines in one run.

IEUM_BENCH_LINES says how many lines (a million). With IEUM_BENCH_LARGE the portal runs alone within 2 GB of memory,
with IEUM_BENCH_LINES lines and with that many, to compare the time it takes for each line.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from portal.assessment import assess
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

PANDAS, SQL, PORTAL, SPARK = "pandas", "SQL by hand, DuckDB", "the portal, DuckDB", "the portal, Spark"


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


def carrying_on(lines: Path | list[Path], nation: Nation, carried: list[Path], out: Path, leave: Path | None) -> None:
    """claims.csv of the lines after those carried on, and what they leave in their turn."""
    with assess(
        nation.terms,
        lines=[lines] if isinstance(lines, Path) else lines,
        links=nation.links,
        enrolments=nation.enrolments,
        carried=carried,
        detail=False,
        work=out.parent,
    ) as assessment:
        assessment.write_claims(out)
        if leave:
            assessment.carry(leave)


def nightly(nation: Nation, folder: Path) -> dict[str, Measured]:
    """A night's lines on what all lines before left, and all of them assessed again; the claims must be the same."""
    tonight = night(folder / "night.parquet", LINES, NIGHT)
    carrying_on(nation.lines, nation, [], folder / "before.csv", folder / "carried")
    runs = {
        "all again": measure(carrying_on, [nation.lines, tonight], nation, [], folder / "again.csv", None, times=TIMES),
        f"{NIGHT:,} lines more": measure(
            carrying_on, tonight, nation, [folder / "carried"], folder / "tonight.csv", None, times=3
        ),
    }
    rows = [set((folder / name).read_text(encoding="utf-8").splitlines()) for name in ("again.csv", "tonight.csv")]
    if not rows[1] <= rows[0] or len(rows[1]) < NIGHT // 10:
        sys.exit("The night's claims are not those of all lines")
    for name, run in runs.items():
        print(f"  {name}: {page.figures(LINES + NIGHT if name == 'all again' else NIGHT, run)}", flush=True)
    return runs


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
            page.keep(page.of_night(LINES, NIGHT, nightly(nation, folder), where))


def _home(lines: int) -> Path:
    return FOLDER / f"nation-{lines}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
