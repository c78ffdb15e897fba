"""Ledgers filled at random, exported and added up again by hledger and beancount: `make faults`.

IEUM_FAULTS_SEED says which ledgers (new ones).
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.domain.actors import Role
from portal.queries import journal as look_up
from reports import journal
from tests import ledgers
from tests.databases import KINDS
from tests.factories import AT, GURYE, actor, make_official, make_programme
from tests.faults import harness, page, seeds

NAME = "journal"
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
ENTRIES = int(os.environ.get("IEUM_FAULTS_ENTRIES") or 4_000)
CONTROLS = 20
Read = Callable[[str, Path], tuple[ledgers.Sums, list[str]]]
_HEAD = ("database", "read by", "entries", "accounts and days compared", "differences", "controls refused")
_ABOUT = """Seed {seed}. Entries of every kind over two programmes and a year, posted by `services/ledger.post` in
amounts of 1 won to all that an account holds, exported with the writer of `flask journal`, and added up by hledger and
by beancount. What they find is compared, account by account and day by day, with the postings added up one by one.
Control: one amount, one closing balance or one movement (both of its sides) is a won higher; each such journal is
refused by the program that reads it."""


def by_hledger(text: str, folder: Path) -> tuple[ledgers.Sums, list[str]]:
    path = folder / "ieum.journal"
    path.write_text(text, encoding="utf-8")
    return ledgers.read_by_hledger(path)


READERS: dict[str, Read] = {"hledger": by_hledger, "beancount": lambda text, _folder: ledgers.read_by_beancount(text)}


def compared(kind: str, seed: int, settings: Settings) -> list[tuple[object, ...]]:
    """A row for each reader. Stops where one finds another sum, or lets a wrong journal through."""
    random, rows = Random(seed), []
    with closing(create_engine(settings.database_url).connect()) as connection, Session(connection) as session:
        for text in (GURYE, GURYE.replace('code = "gurye-2020-o2o"', 'code = "second"')):
            make_programme(session, text=text)
        by = actor(make_official(session, Role.APPROVER))
        ledgers.fill(session, ENTRIES, random, by=by, at=AT)
        true, entries = ledgers.added_up(session), 0
        for reader, read in READERS.items():
            found = look_up.journal(session, "gurye", 2026)
            text = "".join(journal.write(found, reader))
            entries = sum(1 for _ in look_up.journal(session, "gurye", 2026).entries)
            sums, problems = read(text, settings.instance)
            if problems or sums != true:
                seeds.remember(NAME, seed)
                sys.exit(f"{reader} on {kind}, seed {seed}: {problems[:3] or set(sums.items()) ^ set(true.items())}")
            refused = sum(bool(read(_wrong(text, random), settings.instance)[1]) for _ in range(CONTROLS))
            if refused < CONTROLS:
                sys.exit(f"{reader} let a wrong journal through: the harness proves nothing")
            rows.append((kind, reader, entries, len(true), 0, f"{refused} of {CONTROLS}"))
            print(f"  {rows[-1]}", flush=True)
    return rows


def _wrong(text: str, random: Random) -> str:
    return random.choice((ledgers.one_won_more, ledgers.one_won_moved))(text, random)


def main() -> None:
    print(f"Journal: seed {SEED}", flush=True)
    rows = []
    for kind in KINDS:
        for seed in (*seeds.failed_before(NAME), SEED):
            with harness.settings(kind) as settings:
                found = compared(kind, seed, settings)
            rows += found if seed == SEED else []
    about = _ABOUT.format(seed=SEED)
    page.keep(page.section("The journal in other programs", about, _HEAD, rows))


if __name__ == "__main__":
    main()
