"""The portal's own processes, started as in production and killed without a word: servers, watchers, workers, commands.

Everything is asked through the outside: HTTP, the command line, folders.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psutil

from portal.config import ROOT, Settings

BIN = ROOT / ".venv" / "bin"
PATIENCE = 120  # seconds for a process to be ready, on a busy machine


@dataclass(frozen=True, slots=True)
class Deployment:
    """One instance with its database. `wsgi`: the module that serves it; a broken variant has its own."""

    settings: Settings
    wsgi: str = "wsgi:app"
    more: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What an operator would set."""
        told = self.settings
        keys = ",".join(f"{number}:{_text(key)}" for number, key in told.data_keys.items())
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(told.instance),
            "IEUM_INSTANCE": str(told.instance),
            "IEUM_DATABASE_URL": told.database_url,
            "IEUM_SECRET_KEY": told.secret_key,
            "IEUM_DATA_KEYS": keys,
            "IEUM_INDEX_KEY": _text(told.index_key),
            "IEUM_PACKAGES": str(told.packages),
            "IEUM_PASSWORD_COST": told.password_cost,
            "IEUM_API_RATE": "1000000 per minute",
            **self.more,
        }

    def flask(self, *arguments: str) -> list[str]:
        return [str(BIN / "flask"), "--app", self.wsgi, *arguments]

    def move_clock(self, by: timedelta) -> None:
        """The demo's clock of every process that starts from now on: what is held for minutes is given back sooner."""
        path = self.settings.instance / "demo-clock.json"
        before = json.loads(path.read_text())["shift_seconds"] if path.exists() else 0
        aside = path.with_suffix(".tmp")
        aside.write_text(json.dumps({"shift_seconds": before + by.total_seconds()}))
        aside.replace(path)


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def in_deployment(settings: Settings, *, variant: str = "") -> Deployment:
    """The portal itself, or with one of its protections taken away (tests/faults/broken.py)."""
    made = Deployment(settings)
    return replace(made, wsgi="tests.faults.broken:app", more={"IEUM_FAULTS_BREAK": variant}) if variant else made


class Running:
    """A process in a session of its own, which `kill` ends with everything in it. `kind`: what the figures call it."""

    def __init__(self, name: str, command: list[str], deployment: Deployment, *, kind: str = "") -> None:
        self.name, self.command, self.deployment, self.kind = name, command, deployment, kind or name
        self.log = deployment.settings.instance / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as said:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.deployment.environment(), stdin=subprocess.DEVNULL,
                stdout=said, stderr=said, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL to the whole group: no handler, no farewell, nothing flushed."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ended(self) -> int:
        """Waits for its end; the exit code, negative for a signal."""
        assert self.process is not None
        return self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ready(self) -> bool:
        return self.alive

    def wait(self) -> None:
        """Until it is ready. AssertionError with its log when it is not in time."""
        ends = time.monotonic() + PATIENCE
        while not self.ready():
            assert self.alive, f"{self.name} ended: {self.log.read_text()[-3000:]}"
            assert time.monotonic() < ends, f"{self.name} is not ready: {self.log.read_text()[-3000:]}"
            time.sleep(0.05)


class WebServer(Running):
    """The portal's server as docs/how-to/production.md starts it, on a port of its own."""

    def __init__(self, name: str, deployment: Deployment, *, threads: int = 4) -> None:
        self.port = free_port()
        command = [
            str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--blocking-threads", str(threads), "--no-ws", "--log-level", "error", deployment.wsgi,
        ]  # fmt: skip
        super().__init__(name, command, deployment, kind="server")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/login", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def serving(self) -> int:
        """The id of the process that answers requests: the child of the one that was started."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children()[0].pid


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
