"""Approvals at the same moment through HTTP, on both databases, and the control: `make faults`.

IEUM_FAULTS_TRIALS says how many races on PostgreSQL (1,000; half of it on SQLite), IEUM_FAULTS_SEED which.
"""

from __future__ import annotations

import os
import secrets
import sys

from tests.databases import KINDS
from tests.faults import harness, page, seeds
from tests.faults.races.racing import APPLICANTS, SERVERS, THREADS, Outcome, run

NAME = "races"
TRIALS = int(os.environ.get("IEUM_FAULTS_TRIALS") or 1_000)
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
CONTROL = 10
_HEAD = ("database", "trials", "with too few places", "approved", "refused", "5xx", "broken")
_ABOUT = """Seed {seed}. In each trial {applicants} officials press "approve" for {applicants} applications at the same
moment, at {servers} server processes of {threads} threads, against a budget that holds 1, 2, 3, 4 or more of them. As
many are told that they approved as the budget holds, as much is committed on every line, and as many letters exist;
nobody is answered 5xx. Control: the same with a budget that is looked at first and written later."""


def race(kind: str, seed: int, trials: int, *, broken: bool = False) -> Outcome:
    with harness.settings(kind) as settings:
        found = run(settings, trials, seed, broken=broken)
    print(f"  {kind}{', careless' * broken}: {found.trials} trials, {dict(found.answers)}", flush=True)
    return found


def main() -> None:
    print(f"Races: {TRIALS:,} trials, seed {SEED}", flush=True)
    rows, caught = [], []
    for kind in KINDS:
        trials = TRIALS if kind == "postgresql" else TRIALS // 2
        for seed in (*seeds.failed_before(NAME), SEED):
            found = race(kind, seed, trials if seed == SEED else CONTROL)
            if found.breaches:
                seeds.remember(NAME, seed)
                sys.exit("\n".join([f"seed {seed} on {kind}:", *found.breaches[:10]]))
        errors = sum(number for status, number in found.answers.items() if status >= 500)
        approved = found.answers[302]
        refused = found.answers.total() - approved - errors
        rows.append((kind, found.trials, found.scarce, approved, refused, errors, len(found.breaches)))
        careless = race(kind, SEED, CONTROL, broken=True)
        if not careless.breaches:
            sys.exit(f"the careless budget was not noticed on {kind}: the harness proves nothing")
        caught.append(f"- {kind}: {careless.breaches[0]}")
    about = _ABOUT.format(seed=SEED, applicants=APPLICANTS, servers=SERVERS, threads=THREADS)
    page.keep(page.section("Races for the last won", about, _HEAD, rows, "\n".join(["Control:", "", *caught])))


if __name__ == "__main__":
    main()
