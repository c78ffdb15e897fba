"""The storm over settlement data in full, on both databases, and every control: `make faults`.

IEUM_FAULTS_ROWS says how many rows (a million), IEUM_FAULTS_SEED which storm (a new one).
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Mapping

from tests.databases import KINDS
from tests.faults import harness, page, seeds
from tests.faults.broken import VARIANTS
from tests.faults.ingestion.storm import Force, Outcome, blow
from tests.faults.ingestion.world import World

NAME = "ingestion"
ROWS = int(os.environ.get("IEUM_FAULTS_ROWS") or 1_000_000)
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
FULL = Force(servers=2, senders=4, kills=max(5, ROWS // 20_000), pause=(4, 6))
CONTROL_ROWS = 800
_HEAD = ("database", "rows", "sent", "deliveries", "kills", "requests, and what became of them", "left over", "broken")

_ABOUT = """Seed {seed}. {rows:,} orders of two platforms that number them alike, each sent 1 to 5 times: the very same
bytes again, the same rows in another order, split in several files, some of them corrected; by two servers of the
partner API (CSV, NDJSON and JSON, plain and packed), `settlement deliver`, a watched folder and the page (read by
`flask worker`) at once. Bodies are cut in the middle, answers not waited for, keys used for other bodies; one row in
200 is bad. 4 to 6 seconds after the last victim is up again, the next process is killed with SIGKILL. Afterwards every
acknowledged delivery is there, once, with the counts that were told; accepted + refused is what was sent; every order
counts once with its true amounts (in the stored files, and as `PUT /statements` tells the platform); keys hold the
answers that were given; `flask reconcile` finds nothing."""


def world(seed: int, rows: int) -> World:
    """Parcels grow with the storm, so that what is measured is rows and not requests."""
    return World(seed, rows, min(max(rows // 8, 100), 20_000))


def storm(kind: str, seed: int, rows: int, force: Force, variant: str = "") -> Outcome:
    with harness.settings(kind) as settings:
        outcome = blow(settings, world(seed, rows), force, variant=variant)
    name = f"{variant or 'the portal'}, {kind}, seed {seed}"
    print(
        f"  {name}: {outcome.sent:,} rows sent in {outcome.seconds:.0f} s, {len(outcome.breaches)} broken", flush=True
    )
    return outcome


def controls() -> dict[str, str]:
    """Variant -> by which words it was caught on both databases. Stops where one was not."""
    caught = {}
    for variant, (_, pattern) in VARIANTS.items():
        kills = 6 if variant == "answered_before_commit" else 0
        found = []
        for kind in KINDS:
            outcome = storm(kind, SEED, CONTROL_ROWS, Force(kills=kills, pause=(0.5, 1.5)), variant)
            said = next((breach for breach in outcome.breaches if re.search(pattern, breach)), None)
            if said is None:
                sys.exit(f"{variant} was not noticed on {kind}: the harness proves nothing")
            found.append(said)
        caught[variant] = found[0]
    return caught


def main() -> None:
    print(f"Ingestion: {ROWS:,} rows, seed {SEED}")
    outcomes: dict[tuple[str, int], Outcome] = {}
    for kind in KINDS:
        for seed in (*seeds.failed_before(NAME), SEED):
            rows = ROWS if seed == SEED else CONTROL_ROWS
            outcomes[kind, seed] = storm(kind, seed, rows, FULL if seed == SEED else Force(kills=5))
            if outcomes[kind, seed].breaches:
                seeds.remember(NAME, seed)
                sys.exit("\n".join([f"seed {seed} on {kind}:", *outcomes[kind, seed].breaches]))
    page.keep(_section({kind: outcomes[kind, SEED] for kind in KINDS}, controls()))


def _section(outcomes: Mapping[str, Outcome], caught: Mapping[str, str]) -> str:
    about = _ABOUT.format(seed=SEED, rows=ROWS)
    rows = [
        (
            kind,
            ROWS,
            found.sent,
            found.deliveries,
            _listed(found.kills),
            _listed(found.tries),
            f"{found.leftovers[0]} line files, {found.leftovers[1]} unfinished folders, read by nobody",
            len(found.breaches),
        )
        for kind, found in outcomes.items()
    ]
    after = ["Controls, each noticed on both databases:", ""]
    after += [f"- `{name}`: {said[:160]}" for name, said in caught.items()]
    return page.section("Ingestion of settlement data", about, _HEAD, rows, "\n".join(after))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    main()
