"""A worker that does nothing but speak to the bank, round after round; the clock of the demo may move meanwhile."""

from __future__ import annotations

import importlib
import json
import os
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from portal import bank_jobs, clock
from portal.app import create_app

ROUND = 0.1


def main() -> None:
    """With IEUM_FAULTS_BREAK, the portal with one of its protections taken away."""
    broken = os.environ.get("IEUM_FAULTS_BREAK")
    app = importlib.import_module("tests.faults.broken").app if broken else create_app()
    moved = Path(os.environ["IEUM_INSTANCE"]) / "demo-clock.json"
    print("at work", flush=True)
    while True:
        if moved.exists():
            clock.shift(timedelta(seconds=json.loads(moved.read_text())["shift_seconds"]))
        try:
            bank_jobs.pay(app)
        except OperationalError:
            print("the database was busy", flush=True)
        time.sleep(ROUND)


if __name__ == "__main__":
    main()
