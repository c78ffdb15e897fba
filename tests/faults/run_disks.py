"""A full and a broken disk at every moment with files, on both databases, and the controls: `make faults`."""

from __future__ import annotations

import os
import re
import secrets
import sys

from tests.databases import KINDS
from tests.faults import harness, page, seeds
from tests.faults.kills.disks import DISK_VARIANTS, SIZES, WITH_FILES, Disks
from tests.faults.kills.states import Place
from tests.faults.kills.trials import BEFORE, Found
from tests.listening import listening

NAME = "disks"
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
_HEAD = ("step", *(f"{kind}: failures, broken" for kind in KINDS))
_ABOUT = """Seed {seed}. Steps that keep files (evidence, letters, the bank's file and its answers) while a disk is full
(ENOSPC) or broken (EIO) at one opening, half-written block, fsync or renaming after the other, and while no file may
grow beyond {sizes} bytes (on SQLite the database's files too). What failed left every row as it was; no file is
half-written under its name; no row names a file that is not there; with room again the step ends as if nothing had
been. Controls: stores that do not look what the disk took."""


def story(kind: str, seed: int, steps: tuple[str, ...], *, variant: str = "") -> list[Found]:
    with harness.settings(kind) as settings, listening() as listener:
        place = Place(kind, settings.instance / "disks", "ieum_disks")
        found = list(Disks(place, listener, seed, variant).run(steps))
        place.forget([BEFORE])
        return found


def main() -> None:
    print(f"Disks: seed {SEED}", flush=True)
    found: dict[tuple[str, str], Found] = {}
    for kind in KINDS:
        for seed in (*seeds.failed_before(NAME), SEED):
            for each in story(kind, seed, WITH_FILES):
                found[kind, each.step] = each
                print(f"  {kind} {each.step}: {dict(each.kills)}, {len(each.breaches)} broken", flush=True)
                if each.breaches:
                    seeds.remember(NAME, seed)
                    sys.exit("\n".join([f"seed {seed} on {kind}:", *each.breaches[:10]]))
    caught = []
    for variant, (_, pattern) in DISK_VARIANTS.items():
        (each,) = story("sqlite", SEED, ("attach",), variant=variant)
        said = next((breach for breach in each.breaches if re.search(pattern, breach)), None)
        if said is None:
            sys.exit(f"{variant} was not noticed: the harness proves nothing")
        caught.append(f"- `{variant}`: {said[:200]}")
    rows = [
        (step, *(f"{sum(found[kind, step].kills.values())}, {len(found[kind, step].breaches)}" for kind in KINDS))
        for step in WITH_FILES
    ]
    about = _ABOUT.format(seed=SEED, sizes=", ".join(f"{size:,}" for size in SIZES))
    page.keep(page.section("Disks full and broken", about, _HEAD, rows, "\n".join(["Controls:", "", *caught])))


if __name__ == "__main__":
    main()
