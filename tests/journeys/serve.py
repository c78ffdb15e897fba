"""Serves the portal for one journey, in a process forked from one that has imported it already."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import time_machine
from flask import request
from werkzeug.serving import make_server

from portal.app import create_app
from tests.databases import settings_for

_AT_ONCE = ("/static/", "/api/", "/healthz")


def serve(listening: socket.socket, moment: datetime, url: str, instance: Path) -> None:
    """Runs until it is ended. The clock starts at `moment` and goes on; `instance`/server.log is its log.

    IEUM_SLOW_PAGES lets every answer wait so many seconds: a journey that does not wait for its pages fails then.
    """
    log = os.open(instance / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    settings = settings_for(url, instance)
    settings = replace(settings, api_rate=os.environ.get("IEUM_API_RATE", settings.api_rate))
    with time_machine.travel(moment, tick=True):
        app = create_app(settings)
        if pause := float(os.environ.get("IEUM_SLOW_PAGES") or 0):
            app.before_request(lambda: None if request.path.startswith(_AT_ONCE) else time.sleep(pause))
        make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno()).serve_forever()
