"""Runs of a harness side by side, one process for each core, so that a full run does not leave cores idle."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def beside(work: Callable[..., T], calls: Iterable[tuple[object, ...]]) -> list[T]:
    """What `work` returns for the arguments of each call, in their order; raises what one of them raises.

    Each call runs in a process that starts anew: harnesses fork, and a fork of a process with threads may hang.
    """
    calls = list(calls)
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=fresh, max_tasks_per_child=1) as pool:
        begun = [pool.submit(work, *call) for call in calls]
        try:
            return [each.result() for each in begun]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
