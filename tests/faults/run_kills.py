"""Every step of the workflows killed at every moment on both databases, and every control: `make faults`.

IEUM_FAULTS_KILLS says how many kills there are at least (10,000), IEUM_FAULTS_SEED which (new ones).
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections import Counter
from math import ceil

from tests.databases import KINDS
from tests.faults import harness, page, seeds
from tests.faults.beside import beside
from tests.faults.kills.states import Place
from tests.faults.kills.story import STORIES
from tests.faults.kills.trials import BEFORE, Found, Trials
from tests.faults.kills.variants import VARIANTS
from tests.listening import listening

NAME = "kills"
KILLS = int(os.environ.get("IEUM_FAULTS_KILLS") or 10_000)
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
MOMENTS = 2_900  # about so many do the stories have together
STEPS = [name for story in STORIES for name in story.names]
_HEAD = ("step", *(f"{kind}: kills, found done, broken" for kind in KINDS), "killed at")
_ABOUT = """Seed {seed}. Each step is taken as its view takes it (one service, one commit) in a process of its own that
is killed with SIGKILL: once before every statement and commit, at every file's opening, half-written block, fsync and
renaming, every connection and every look at an answer, after the commit, after the answer was written down (fsynced)
and, {each} times a step, at any moment. After each kill the database is, row by row, as before the step or as after a
run that nobody killed; what was acknowledged is there; every file that a row names is whole; the invariants hold; the
platform heard of nothing that did not happen; and the step taken once more ends, to the byte, where the run that nobody
killed ended, or is refused. Chance is seeded and numbers used up by a rollback are given again, so that rows can be
compared. SQLite is put back after every kill; PostgreSQL after kills at a commit and later, else the second try is
looked at and undone. `pay` is a worker's whole round, which speaks to the bank between its commits, and is judged by
the bank's own book (fsynced before it answers, by a process nobody kills): workers at work again ten minutes, two days
and five days later ask about the order by our reference; the bank was told of it at most once; what it paid is paid
here, and what it never heard of is unknown until a person gives it up and it is paid anew. A job that commits on its
way (`distribute`, `request_from_many`, `look_for_signals`) stands after a kill where the run that nobody killed stood
after one of its commits; another worker, when the lease has run out, takes it up and ends, to the byte, where that run
ended, each case done once; and a third changes nothing."""


def stories(kind: str, seed: int, steps: list[str], *, at_random: int = 0, variant: str = "") -> list[Found]:
    """What came of these steps, each story in a place of its own."""
    found = []
    with harness.settings(kind) as settings, listening() as listener:
        for number, story in enumerate(STORIES):
            if mine := [name for name in story.names if name in steps]:
                place = Place(kind, settings.instance / f"kills{number}", "ieum_kills")
                for each in Trials(place, listener, seed, variant).run(mine, at_random=at_random):
                    killed = sum(each.kills.values())
                    print(f"  {kind} {each.step}: {killed} kills, {len(each.breaches)} broken", flush=True)
                    found.append(each)
                place.forget([BEFORE])
    return found


def caught(kind: str, seed: int, variant: str) -> str:
    """By which words the variant was noticed; empty where it was not."""
    _, step, pattern = VARIANTS[variant]
    (found,) = stories(kind, seed, [step], variant=variant)
    return next((breach for breach in found.breaches if re.search(pattern, breach)), "")


def controls() -> list[str]:
    """How each variant was caught on both databases. Stops where one was not."""
    calls = [(kind, SEED, variant) for variant in VARIANTS for kind in KINDS]
    told = dict(zip(((variant, kind) for kind, _, variant in calls), beside(caught, calls), strict=True))
    if unnoticed := [where for where, said in told.items() if not said]:
        sys.exit(f"{unnoticed} not noticed: the harness proves nothing")
    return [f"- `{variant}`: {told[variant, KINDS[0]][:200]}" for variant in VARIANTS]


def main() -> None:
    too_late = 1.2  # of six kills at any moment one comes when the step is over
    at_random = max(1, ceil(too_late * (KILLS - len(KINDS) * MOMENTS) / (len(KINDS) * len(STEPS))))
    print(f"Kills: {KILLS:,}, seed {SEED}", flush=True)
    calls = [
        (kind, seed, at_random if seed == SEED else 1) for seed in (*seeds.failed_before(NAME), SEED) for kind in KINDS
    ]
    found: dict[tuple[str, str], Found] = {}
    for (kind, seed, _), steps in zip(calls, beside(all_stories, calls), strict=True):
        found |= {(kind, each.step): each for each in steps}
        if breaches := [breach for each in steps for breach in each.breaches]:
            seeds.remember(NAME, seed)
            sys.exit("\n".join([f"seed {seed} on {kind}:", *breaches[:10]]))
    noticed = controls()
    rows = [(step, *(_told(found[kind, step]) for kind in KINDS), _moments(found, step)) for step in STEPS]
    kills = sum(sum(each.kills.values()) for each in found.values())
    after = "\n".join([f"{kills:,} kills in all. Controls, each noticed on both databases:", "", *noticed])
    page.keep(page.section("Killed at every moment", _ABOUT.format(seed=SEED, each=at_random), _HEAD, rows, after))


def all_stories(kind: str, seed: int, at_random: int) -> list[Found]:
    return stories(kind, seed, STEPS, at_random=at_random)


def _told(found: Found) -> str:
    return f"{sum(found.kills.values()):,}, {found.done:,}, {len(found.breaches)}"


def _moments(found: dict[tuple[str, str], Found], step: str) -> str:
    together: Counter[str] = sum((found[kind, step].kills for kind in KINDS), Counter())
    return ", ".join(f"{kind} {number}" for kind, number in sorted(together.items()))


if __name__ == "__main__":
    main()
