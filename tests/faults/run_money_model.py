"""The money core against its model in full, on both databases, and the seeded bugs: `make faults`.

IEUM_FAULTS_SEQUENCES says how many sequences (2,000), IEUM_FAULTS_SEED which (new ones).
"""

from __future__ import annotations

import os
import secrets
import sys
import time

from tests.databases import KINDS
from tests.faults import harness, page, seeds
from tests.faults.beside import beside
from tests.faults.bugs.bending import BUGS
from tests.faults.bugs.hunting import STEPS, hunt, play
from tests.faults.money.scene import made

NAME = "money"
SEQUENCES = int(os.environ.get("IEUM_FAULTS_SEQUENCES") or 2_000)
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
HUNTED = 300  # sequences for a bug, at most
MISSED = 1  # so many bugs may escape
_HEAD = ("database", "sequences", "steps each", "divergences", "seconds")
_ABOUT = """Seed {seed}. Hypothesis moves the money of one programme (awkward shares, a budget for some applicants) in
any order: appropriate, reduce, transfer, approve, release a commitment, draw a claim up, prepare, release, cancel,
take in results (done, refused, unknown, again, wrong amounts), reopen, return, recover in the year and after it,
demand, fulfil, write off, post the same cause again; some steps are rolled back before their commit. After every step
all balances, guards, statuses, shares, letters and reports of the portal are what a model in dictionaries holds, and
exactly what the model refuses was refused, for the same reason; at the end of each sequence the invariants hold."""


def hunted(seed: int, names: list[str]) -> dict[str, str]:
    """Name of each seeded bug -> by what it was found; empty where not. Stops where a sound portal is accused."""
    found = {}
    with harness.settings("sqlite") as settings:
        scene = made(settings.database_url, settings.instance)
        if said := hunt(scene, None, seed, HUNTED // 10):
            sys.exit(f"without any bug something is found: {said}")
        for name in names:
            found[name] = hunt(scene, BUGS[name], seed, HUNTED)
            print(f"  {name}: {found[name] or 'MISSED'}", flush=True)
    return found


def bugs(seed: int) -> list[str]:
    """By what each seeded bug was found, as lines of a table. Stops where more than one escaped."""
    names, cores = list(BUGS), os.cpu_count() or 1
    found: dict[str, str] = {}
    for some in beside(hunted, [(seed, names[core::cores]) for core in range(cores)]):
        found |= some
    missed = [name for name in names if not found[name]]
    if len(missed) > MISSED:
        sys.exit(f"not found: {missed}")
    return [
        f"{len(BUGS) - len(missed)} of {len(BUGS)} bugs of `tests/faults/bugs` found by the same machine:",
        "",
        "| seeded bug | found by |",
        "| --- | --- |",
        *(f"| {name} | {found[name].replace('|', '/')[:120] or '**not found**'} |" for name in names),
    ]


def played(kind: str, seed: int) -> tuple[str, int, int, int, int]:
    """One row of the table. Raises at the first divergence, which a later run tries again."""
    with harness.settings(kind) as settings:
        scene, began = made(settings.database_url, settings.instance), time.monotonic()
        try:
            play(scene, seed, SEQUENCES, shrink=True)
        except Exception:
            seeds.remember(NAME, seed)
            raise
        finally:
            scene.engine.dispose()
    row = (kind, SEQUENCES, STEPS, 0, round(time.monotonic() - began))
    print(f"  {row}", flush=True)
    return row


def main() -> None:
    print(f"Money model: {SEQUENCES:,} sequences, seed {SEED}", flush=True)
    for seed in seeds.failed_before(NAME):
        if seed != SEED:
            beside(played, [(kind, seed) for kind in KINDS])
    rows = beside(played, [(kind, SEED) for kind in KINDS])
    page.keep(page.section("Money against a model", _ABOUT.format(seed=SEED), _HEAD, rows, "\n".join(bugs(SEED))))


if __name__ == "__main__":
    main()
