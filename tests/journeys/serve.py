"""Serves the portal for journeys: `python serve.py <socket descriptor> <ISO moment> <database URL> <instance>`."""

from __future__ import annotations

import importlib
import sys
from datetime import datetime
from pathlib import Path

import time_machine
from werkzeug.serving import make_server

from tests.databases import settings_for


def main(descriptor: int, moment: datetime, url: str, instance: Path) -> None:
    """Runs until it is ended. The clock starts at `moment` and goes on from there."""
    with time_machine.travel(moment, tick=True):
        app = importlib.import_module("portal.app").create_app(settings_for(url, instance))
        make_server("127.0.0.1", 0, app, threaded=True, fd=descriptor).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
