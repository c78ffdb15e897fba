"""Paying through a hostile bank, with workers killed: nothing twice, nothing lost, nothing without an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import Settings
from tests.databases import copy_sqlite, settings_for
from tests.faults import seeds
from tests.faults.bank.payouts import Force, pay_out

SEED = 7


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """On SQLite; `make faults` goes through both databases."""
    return settings_for(copy_sqlite(tmp_path / "ieum.sqlite"), tmp_path)


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("payouts")])
def test_what_the_bank_paid_is_what_the_ledger_says_whatever_the_bank_and_the_killer_do(
    settings: Settings, seed: int
) -> None:
    outcome = pay_out(settings, seed, 60, Force(workers=1, kills=2, pause=(0.2, 0.6)))
    assert list(outcome.breaches) == [], f"seed {seed}"
    assert outcome.kills >= 2
    assert outcome.book["paid"] > 50


def test_a_portal_that_sends_again_what_it_does_not_know_pays_twice(settings: Settings) -> None:
    outcome = pay_out(
        settings, SEED, 40, Force(workers=1, rounds=0, moves=2, to_first_double=True), variant="unknown_sent_again"
    )
    assert any(breach.startswith("double") for breach in outcome.breaches), outcome.breaches
