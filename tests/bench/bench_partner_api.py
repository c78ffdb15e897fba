"""The partner API under load: rows a second in batches of 500, and what an official's page notices of it.

Everything goes through the servers of docs/how-to/production.md on both databases (IEUM_BENCH_DATABASE=sqlite for one).
Quiet and loaded spells take turns, so that a machine that is slow for a while is slow for both.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal.config import ROOT
from portal.domain.periods import KOREA
from tests import databases
from tests.bench import asking, page, serving
from tests.bench.asking import PACE, PAGE, ROWS, Prober, p95, send
from tests.bench.measuring import machine
from tests.bench.serving import Portal

KINDS = (os.environ["IEUM_BENCH_DATABASE"],) if os.environ.get("IEUM_BENCH_DATABASE") else databases.KINDS
RATE = 4  # batches a second
SPELL, TURNS, CEILING = 8, 3, 6  # seconds, times, seconds


@dataclass(frozen=True, slots=True)
class Found:
    """Of one database. `cpu`, `cpu_quiet`: cores of the server with and without load; `load_cpu`: of those who ask."""

    rows: float
    answer: float
    quiet: float
    loaded: float
    cpu: float
    cpu_quiet: float
    load_cpu: float
    most: float

    @property
    def worse(self) -> float:
        return self.loaded / self.quiet - 1


def measured(portal: Portal) -> Found:
    cookie, token = portal.signed_in("reviewer1@gurye.example"), portal.token("baemin")
    bodies = iter(asking.batches(int(SPELL * TURNS * RATE * 1.2) + CEILING * 30 + 8, 0))
    send(portal.api_port, token, bodies, seconds=2, rate=RATE)
    _probed(portal, cookie, seconds=3)
    quiet: list[float] = []
    loaded: list[float] = []
    sent, used, idle, ours = [], 0.0, 0.0, time.process_time()
    for _ in range(TURNS):
        before = portal.cpu()
        quiet += _probed(portal, cookie, seconds=SPELL)
        idle += portal.cpu() - before
        before, prober = portal.cpu(), Prober(portal.port, cookie, SPELL)
        prober.start()
        sent.append(send(portal.api_port, token, bodies, seconds=SPELL, rate=RATE))
        prober.join()
        loaded += prober.seconds
        used += portal.cpu() - before
    spent = TURNS * SPELL
    ours = time.process_time() - ours
    most = send(portal.api_port, token, bodies, seconds=CEILING, at_once=3)
    return Found(
        rows=sum(each.rows for each in sent) / sum(each.seconds for each in sent),
        answer=p95([answer for each in sent for answer in each.answers]),
        quiet=p95(quiet),
        loaded=p95(loaded),
        cpu=used / spent,
        cpu_quiet=idle / spent,
        load_cpu=ours / (2 * spent),
        most=most.rows / most.seconds,
    )


def _probed(portal: Portal, cookie: str, *, seconds: float) -> list[float]:
    prober = Prober(portal.port, cookie, seconds)
    prober.start()
    prober.join()
    if len(prober.seconds) < int(seconds * PACE):
        raise RuntimeError("the page broke")
    return prober.seconds


def section(found: dict[str, Found], where: str) -> str:
    """A row for each database."""
    today = datetime.now(UTC).astimezone(KOREA).date()
    rows = "".join(
        f"| {kind} | {run.rows:,.0f} | {run.answer * 1000:.0f} | {run.quiet * 1000:.1f} | {run.loaded * 1000:.1f}"
        f" | {run.worse:+.0%} | {run.cpu_quiet:.2f} | {run.cpu:.2f} | {run.most:,.0f} |\n"
        for kind, run in found.items()
    )
    return (
        f"## {RATE * ROWS:,} rows a second through the partner API\n\n{today}. {where}.\n\n"
        "| | rows/s | p95 of a batch, ms | p95 of the page, quiet, ms | the same under load, ms | worse"
        " | cores, quiet | cores, loaded | at most, rows/s |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
        f"{rows}\n"
        f"JSON batches of {ROWS} rows, {RATE} a second, each acknowledged as stored; beside them `{PAGE}` {PACE} times"
        " a second (aim:\n2,000 rows/s, at most 20% worse). `at most`: three connections without a pause, no page."
        f" granian with\n{serving.WORKERS} workers of {serving.THREADS} threads for people and"
        f" {serving.API_WORKERS} for programs (nice {serving.GIVES_WAY}), on the demo county; every commit\nand every"
        " file waited for on the disk. Those who ask use"
        f" {max(run.load_cpu for run in found.values()):.2f} of the cores themselves.\n"
    )


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server ends with who started it
    where = machine()
    print(f"The partner API\n  {where}")
    found = {}
    for kind in KINDS:
        folder = ROOT / "build" / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="portal-") as home:
            Path(home).chmod(0o755)
            with serving.portal(kind, Path(home)) as portal:
                run = found[kind] = measured(portal)
        print(
            f"  {kind}: {run.rows:,.0f} rows/s, a batch {run.answer * 1000:.0f} ms; the page {run.quiet * 1000:.1f} ms"
            f" without and {run.loaded * 1000:.1f} ms with load ({run.worse:+.0%}); cores {run.cpu_quiet:.2f} and"
            f" {run.cpu:.2f}; at most {run.most:,.0f} rows/s",
            flush=True,
        )
    page.keep(section(found, where))


if __name__ == "__main__":
    main()
