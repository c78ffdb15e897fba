"""Everything at once, and killed in between: each row is stored once; without its protections the portal fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.config import Settings
from tests.databases import copy_sqlite, settings_for
from tests.faults import seeds
from tests.faults.broken import VARIANTS
from tests.faults.ingestion.storm import Force, blow
from tests.faults.ingestion.world import World

SMALL = Force(servers=2, senders=3, kills=2, pause=(0.2, 1.0))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An instance of its own, on SQLite; `make faults` goes through both databases."""
    return settings_for(copy_sqlite(tmp_path / "ieum.sqlite"), tmp_path)


SEED = 15  # every way of sending comes up


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("ingestion")])
def test_rows_sent_by_everybody_at_once_and_killed_in_between_are_stored_once(settings: Settings, seed: int) -> None:
    outcome = blow(settings, World(seed, 400, 100), SMALL)
    assert list(outcome.breaches) == [], f"seed {seed}"
    assert sum(outcome.kills.values()) >= SMALL.kills
    assert outcome.sent > 800


def test_without_the_unique_key_the_same_storm_is_noticed(settings: Settings) -> None:
    """The other variants are tried by `make faults`, all of them on both databases."""
    outcome = blow(settings, World(46, 300, 150), Force(servers=1, senders=3), variant="no_unique_key")
    assert any(re.search(VARIANTS["no_unique_key"][1], breach) for breach in outcome.breaches), outcome.breaches
