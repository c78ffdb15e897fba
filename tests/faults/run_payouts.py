"""Payouts through the hostile bank in full, on both databases, and the control: `make faults`.

IEUM_FAULTS_PAYOUTS says how many (20,000), IEUM_FAULTS_SEED which fates (new ones).
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping

from tests.databases import KINDS
from tests.faults import harness, page, seeds
from tests.faults.bank.payouts import Force, Outcome, pay_out

NAME, VARIANT = "payouts", "unknown_sent_again"
PAYOUTS = int(os.environ.get("IEUM_FAULTS_PAYOUTS") or 20_000)
SEED = int(os.environ.get("IEUM_FAULTS_SEED") or secrets.randbelow(1_000_000))
FULL = Force(workers=2, kills=max(5, PAYOUTS // 200), pause=(1.0, 4.0), rounds=2)
CONTROL = 200
_HEAD = ("database", "payments", "kills", "how they ended", "the bank's book", "words of the bank", "won", "broken")

_ABOUT = """Seed {seed}. {payouts:,} claims are paid through a bank that runs in a process of its own with its own book,
written to the disk before it answers. Of its answers 5 % never come although it paid, 2 % of the orders never reach it,
5 % are refused, 8 % only accepted at first, 3 % state another amount or account; 2 % of what it paid come back, half
of it without a call; a fifth is called about: early, twice, over another amount, over another account;
one question in ten gets no answer. Two workers are killed with SIGKILL 1 to 4 seconds after the last victim is up
again. What failed is paid again, twice. Judged by the bank's book: nothing is paid twice under one reference or for
one claim, whatever it paid is known as paid, nothing is left without an end, and its total is the ledger's and the
claims'."""


def run(kind: str, seed: int, payouts: int, force: Force, variant: str = "") -> Outcome:
    with harness.settings(kind) as settings:
        outcome = pay_out(settings, seed, payouts, force, variant=variant)
    name = f"{variant or 'the portal'}, {kind}, seed {seed}"
    print(f"  {name}: {outcome.payments:,} in {outcome.seconds:.0f} s, {len(outcome.breaches)} broken", flush=True)
    return outcome


def control(kind: str) -> str:
    """By which words it was caught. Stops where it was not."""
    # Whoever sends again what it does not know about never comes to an end: it is let go once it is caught.
    outcome = run(kind, SEED, CONTROL, Force(rounds=0, moves=3, to_first_double=True), VARIANT)
    said = next((breach for breach in outcome.breaches if breach.startswith("double")), None)
    if said is None:
        sys.exit(f"{VARIANT} was not noticed on {kind}: the harness proves nothing")
    return said


def main() -> None:
    print(f"Payouts: {PAYOUTS:,}, seed {SEED}")
    outcomes: dict[str, Outcome] = {}
    for kind in KINDS:
        for seed in (*seeds.failed_before(NAME), SEED):
            full = seed == SEED
            outcome = run(kind, seed, PAYOUTS if full else CONTROL, FULL if full else Force(kills=5))
            if outcome.breaches:
                seeds.remember(NAME, seed)
                sys.exit("\n".join([f"seed {seed} on {kind}:", *outcome.breaches[:50]]))
            outcomes[kind] = outcome
    page.keep(_section(outcomes, [control(kind) for kind in KINDS]))


def _section(outcomes: Mapping[str, Outcome], caught: list[str]) -> str:
    rows = [
        (
            kind,
            found.payments,
            found.kills,
            _listed(found.statuses),
            _listed(found.book),
            _listed(found.words),
            f"{found.won[0]:,} in the book, {found.won[1]:,} in the ledger",
            len(found.breaches),
        )
        for kind, found in outcomes.items()
    ]
    after = f"Control, noticed on both databases:\n\n- `{VARIANT}`: {caught[0]}"
    about = _ABOUT.format(seed=SEED, payouts=PAYOUTS)
    return page.section("Payouts through a hostile bank", about, _HEAD, rows, after)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))


if __name__ == "__main__":
    main()
