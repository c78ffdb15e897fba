"""Through HTTP, at several processes at once: exactly as many are approved as the budget holds; a careless budget is
noticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import Settings
from tests.databases import Database, settings_for
from tests.faults import seeds
from tests.faults.races.racing import APPLICANTS, run

SEED = 3


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """An instance of its own: its processes leave files that no other test may find."""
    return settings_for(database.url, tmp_path)


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("races")])
def test_as_many_are_approved_as_the_budget_holds(settings: Settings, seed: int) -> None:
    found = run(settings, 2, seed)
    assert found.breaches == [], f"seed {seed}"
    assert found.answers.total() == 2 * APPLICANTS
    assert found.scarce


def test_a_budget_that_is_looked_at_first_and_written_later_is_noticed(settings: Settings) -> None:
    found = run(settings, 1, SEED, broken=True)
    assert any("were told that they approved" in said for said in found.breaches), found
