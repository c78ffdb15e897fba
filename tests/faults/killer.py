"""Kills one of the portal's processes after the other with SIGKILL and starts it again, as a supervisor would."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from tests.faults.processes import Running

HELD = timedelta(minutes=11)  # a little more than anything is held for a process that fell silent


class Killer(threading.Thread):
    """`pause`: the least and the most seconds between a process that is up again and the next kill.

    `passing` are processes that end by themselves: they are killed, and whoever started them starts them again. About
    every second restart finds the clock moved on, so that what the dead held is given back; else it is still held.
    """

    def __init__(
        self, random: Random, lasting: Sequence[Running], pause: tuple[float, float], *, held: timedelta = HELD
    ) -> None:
        super().__init__(name="killer", daemon=True)
        self.held = held
        self.random, self.lasting, self.pause = random, lasting, pause
        self.passing: set[Running] = set()
        self.kills: Counter[str] = Counter()
        self.mishaps: list[str] = []
        self._ending = threading.Event()

    def run(self) -> None:
        while not self._ending.wait(self.random.uniform(*self.pause)):
            victims = [*self.lasting, *self.passing]
            victim = self.random.choice(victims)
            if not victim.alive and victim in self.lasting:
                self.mishaps.append(f"{victim.name} had ended by itself: {victim.log.read_text()[-2000:]}")
            self._kill(victim)

    def _kill(self, victim: Running) -> None:
        victim.kill()
        self.kills[victim.kind] += 1
        if victim in self.lasting:
            if self.random.random() < 0.5:
                victim.deployment.move_clock(self.held)
            victim.start()
            victim.wait()

    def end(self) -> None:
        """No more kills; everything that lasts is started anew, with what the dead held given back."""
        self._ending.set()
        self.join()
        for running in self.lasting:
            running.deployment.move_clock(self.held)
            running.kill()
            running.start()
        for running in self.lasting:
            running.wait()
