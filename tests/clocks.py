"""The portal's clock in tests: it stands still until it is moved."""

from __future__ import annotations

from datetime import datetime, timedelta

import time_machine


class Clock:
    """The clock of this whole process."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def move_to(self, moment: datetime) -> None:
        self._traveller.move_to(moment, tick=False)

    def shift(self, by: timedelta) -> None:
        self._traveller.shift(by)
