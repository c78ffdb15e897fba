"""Hostile files, each by one way in: refused in a sentence, and never read by the process that answers requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.config import Settings
from tests import databases
from tests.faults.hostile.corpus import FILES
from tests.faults.hostile.siege import OWN_CPU, badly_answered, besieged, read_by_the_server

ROWS = next(file for file in FILES if file.what == "far too many bad rows")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return databases.settings_for(databases.copy_sqlite(tmp_path / "ieum.sqlite"), tmp_path)


def test_every_file_is_refused_in_a_sentence_or_taken_row_by_row_and_read_by_a_child(settings: Settings) -> None:
    with besieged(settings) as thrower:
        thrown = list(thrower.sample())
        log = thrower.server.log.read_text()
    assert badly_answered(thrown) == []
    assert read_by_the_server(thrown) == []
    assert "Traceback" not in log, log[-3000:]


def test_a_portal_that_reads_in_its_web_process_is_noticed(settings: Settings) -> None:
    with besieged(settings, variant="reads_in_the_web_process") as thrower:
        by_page, by_program = thrower.files([ROWS])
    assert by_page.cpu < OWN_CPU < by_program.cpu  # what comes by the page is read by the worker
