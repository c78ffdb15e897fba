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

from portal.config import ROOT


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds on the clock, seconds of CPU, peak resident memory in bytes, and what the work returned."""

    seconds: float
    cpu: float
    peak: int
    result: Any


def measure(work: Callable[..., Any], *arguments: Any, times: int = 3) -> Measured:
    """Runs `work(*arguments)` `times` times, each in a new process. The run with the median time counts."""
    runs = sorted((_once(work, arguments) for _ in range(times)), key=lambda run: run.seconds)
    return next(run for run in runs if run.seconds == median(run.seconds for run in runs))


def _once(work: Callable[..., Any], arguments: tuple[Any, ...]) -> Measured:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(there, work, arguments))
    process.start()
    there.close()
    measured = here.recv()
    process.join()
    return measured


def _run(answer: Connection, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    result = work(*arguments)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    answer.send(Measured(seconds, cpu, after.ru_maxrss * 1024, result))


def heading(title: str) -> str:
    """Title, machine and commit: a figure without them cannot be compared."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"{title}\n  {_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, commit {commit or '-'}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()
