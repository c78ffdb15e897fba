"""Looks for a bug with the machine of tests/faults/money, in a forked child; says by what it was found."""

from __future__ import annotations

import contextlib
import io
from functools import partial

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.bugs.bending import Bug, bend
from tests.faults.kills.forks import forked
from tests.faults.money.machine import Money
from tests.faults.money.scene import Scene

STEPS = 50


def settings(sequences: int, *, steps: int = STEPS, shrink: bool = False) -> hypothesis.settings:
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    return hypothesis.settings(
        max_examples=sequences, stateful_step_count=steps, phases=phases, database=None, deadline=None,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip


def play(scene: Scene, seed: int, sequences: int, *, steps: int = STEPS, shrink: bool = False) -> None:
    """So many sequences of so many steps at most. Raises what the first divergence raises."""
    played = type("Played", (Money,), {"scene": scene, "played": 0})
    hypothesis.seed(seed)(played)
    run_state_machine_as_test(played, settings=settings(sequences, steps=steps, shrink=shrink))


def hunt(scene: Scene, bug: Bug | None, seed: int, sequences: int) -> str:
    """By what the bug was found; empty where it was not. The scene has no connection open."""
    return forked(partial(_hunted, scene, bug, seed, sequences)).result


def _hunted(scene: Scene, bug: Bug | None, seed: int, sequences: int) -> str:
    if bug is not None:
        bend(bug)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            play(scene, seed, sequences)
    except Exception as found:
        said = " ".join(str(found).split("\n")[0].split())
        return f"{type(found).__name__}: {said}"[:160]
    return ""
