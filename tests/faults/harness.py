"""What a run outside of pytest needs: a process that can make records, and a fresh database of either kind."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from portal import models
from portal.config import ROOT, Settings
from portal.models.keys import keyring
from portal.services import issuing, passwords
from reports import page
from tests import databases

BUILD = ROOT / "build"


@contextmanager
def settings(kind: str) -> Generator[Settings]:
    """Settings of an instance in a folder of its own, on a migrated, empty database; both are gone afterwards.

    A run that is told to end (SIGTERM) ends what it started.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    BUILD.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=BUILD))
    databases.open_run()
    try:
        sqlite = kind == "sqlite"
        url = databases.copy_sqlite(folder / "ieum.sqlite") if sqlite else databases.copy_postgresql("ieum_faults")
        made = databases.settings_for(url, folder)
        prepare(made)
        yield made
    finally:
        databases.close_run()
        shutil.rmtree(folder, ignore_errors=True)


def prepare(made: Settings) -> None:
    """Loads tables, keys, password costs and fonts into this process, as create_app does."""
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"portal.models.{module.name}")
    keyring.load(made.data_keys, made.index_key)
    passwords.configure(made.password_cost)
    issuing.configure(made.base_url, demo=made.demo)
    page.register_fonts(made.fonts)
