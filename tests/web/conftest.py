"""Pages are asked while the portal's clock stands at `at`."""

from __future__ import annotations

import pytest

from tests import catalogues
from tests.clocks import Clock


@pytest.fixture(autouse=True)
def _standing(clock: Clock) -> Clock:
    return clock


@pytest.fixture(scope="session", autouse=True)
def _catalogue() -> None:
    """English is there also where nobody has run `make setup` since the catalogue was changed."""
    catalogues.compile_newer()
