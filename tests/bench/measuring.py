"""Measures one piece of work in a process of its own, and says on which machine and which commit."""

from __future__ import annotations

import multiprocessing
import os
import platform
import resource
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from portal.config import ROOT


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds on the clock, seconds of CPU, peak resident memory in bytes, and what the work returned."""

    seconds: float
    cpu: float
    peak: int
    result: Any


def measure(work: Callable[..., Any], *arguments: Any, times: int = 3, warm: bool = False) -> Measured:
    """Runs `work(*arguments)` `times` times, each in a new process. The run with the median time counts.

    With `warm` the same work was done once in that process before.
    """
    runs = sorted((_once(work, arguments, warm=warm) for _ in range(times)), key=lambda run: run.seconds)
    return next(run for run in runs if run.seconds == median(run.seconds for run in runs))


def _once(work: Callable[..., Any], arguments: tuple[Any, ...], *, warm: bool) -> Measured:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, work, arguments, warm))
    process.start()
    there.close()
    measured = here.recv()
    process.join()
    return measured


def _run(answer: Connection, work: Callable[..., Any], arguments: tuple[Any, ...], warm: bool) -> None:
    if warm:
        work(*arguments)
    before, started = _cpu(), time.perf_counter()
    result = work(*arguments)
    seconds, after = time.perf_counter() - started, _cpu()
    answer.send(Measured(seconds, after - before, _peak(), result))


def _tree() -> list[psutil.Process]:
    """This process and those it started, such as Spark's."""
    here = psutil.Process()
    return [here, *here.children(recursive=True)]


def _cpu() -> float:
    """Of those that have ended too: Spark does before its figures are read."""
    times = [process.cpu_times() for process in _tree()]
    ended = times[0].children_user + times[0].children_system
    return ended + sum(spent.user + spent.system for spent in times)


def _peak() -> int:
    """The kernel's high-water marks (getrusage would count what the parent held when it started this process)."""
    found = [
        line.split() for process in _tree() for line in Path(f"/proc/{process.pid}/status").read_text().splitlines()
    ]
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return 1024 * (ended + sum(int(words[1]) for words in found if words and words[0] == "VmHWM:"))


def machine() -> str:
    """Processor, cores, how busy they already are, Python and commit: a figure without them cannot be compared."""
    return (
        f"{_processor()}, {os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f} before,"
        f" Python {platform.python_version()}, commit {_commit()}"
    )


def _commit() -> str:
    """The commit that is measured. The page that this very run has written a section into does not make it dirty."""
    commit = _git("describe", "--always")
    return f"{commit}-dirty" if _git("diff", "--name-only", "HEAD", "--", ":(exclude)docs") else commit or "-"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def heading(title: str) -> str:
    """The title, and the machine under it."""
    return f"{title}\n  {machine()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()
