"""Asks for an ordinary page on a connection of its own, over and over, and writes down how long each answer took."""

from __future__ import annotations

import http.client
import threading
import time

EVERY = 0.02  # seconds between an answer and the next question


class Prober(threading.Thread):
    def __init__(self, port: int, path: str = "/login") -> None:
        super().__init__(name="prober", daemon=True)
        self.port, self.path = port, path
        self.answers: list[float] = []
        self.failed = 0
        self._ending = threading.Event()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self._ending.wait(EVERY):
            began = time.monotonic()
            try:
                connection.request("GET", self.path)
                answer = connection.getresponse()
                answer.read()
                self.failed += answer.status != 200
            except (OSError, http.client.HTTPException):
                self.failed += 1
                connection.close()
            self.answers.append(time.monotonic() - began)

    def end(self) -> None:
        self._ending.set()
        self.join()

    def within(self, share: float) -> float:
        """Seconds within which this share of the answers came."""
        return sorted(self.answers)[min(len(self.answers) - 1, int(len(self.answers) * share))]
