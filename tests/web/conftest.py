"""Pages are asked while the portal's clock stands at `at`."""

from __future__ import annotations

import pytest

from tests.clocks import Clock


@pytest.fixture(autouse=True)
def _standing(clock: Clock) -> Clock:
    return clock
