"""A real portal for benches: the servers of docs/how-to/production.md on the demo county, waiting for their disk."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import requests

from portal.config import ROOT
from portal.demo.people import PASSWORD
from tests import databases

WORKERS, THREADS = 2, 2  # of those who serve people
API_WORKERS, GIVES_WAY = 1, 10  # of those who serve programs
BIN = ROOT / ".venv" / "bin"


@dataclass(frozen=True, slots=True)
class Portal:
    """A portal that answers people at `port` of this machine, programs at `api_port`."""

    port: int
    api_port: int
    servers: tuple[psutil.Process, ...]
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def flask(self, *words: str) -> str:
        """What a command of the portal prints."""
        return _run([str(BIN / "flask"), "--app", "wsgi", *words], self.environment)

    def cpu(self) -> float:
        """Seconds of CPU that the servers' processes and the children they have ended have used."""
        whole = (each for server in self.servers for each in (server, *server.children(recursive=True)))
        times = [each.cpu_times() for each in whole]
        return sum(spent.user + spent.system + spent.children_user + spent.children_system for spent in times)

    def signed_in(self, login: str) -> str:
        """The cookie of somebody who signed in through the page."""
        with requests.Session() as browser:
            token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(f"{self.url}/login", timeout=60).text)
            if token is None:
                raise RuntimeError("the page to sign in at has no form")
            form = {"login": login, "password": PASSWORD, "csrf_token": token[1]}
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = browser.post(f"{self.url}/login", form, headers=headers, timeout=60, allow_redirects=False)
            if answer.status_code != 302:
                raise RuntimeError(f"{login} could not sign in")
            return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)

    def token(self, platform: str) -> str:
        """A token of a new client of the platform."""
        opened = self.flask(
            "partner", "register", "--platform", platform, "--name", "bench", "--by", "admin1@gurye.example"
        )
        pair = tuple(re.findall(r"client_(?:id|secret): (\S+)", opened))
        form = {"grant_type": "client_credentials"}
        return requests.post(f"http://127.0.0.1:{self.api_port}/api/v1/token", form, auth=pair, timeout=60).json()[
            "access_token"
        ]


@contextmanager
def portal(kind: str, home: Path) -> Generator[Portal]:
    """The demo county on a database of this kind in the empty folder `home`, served until the block ends."""
    with _database(kind, home) as url, socket.socket() as free, socket.socket() as other:
        free.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        port, api_port = free.getsockname()[1], other.getsockname()[1]
        environment = {
            **os.environ,
            "IEUM_INSTANCE": str(home / "instance"),
            "IEUM_DATABASE_URL": url,
            "IEUM_API_RATE": "1000000 per minute",
            "PORT": str(port),
        }
        _run([str(BIN / "flask"), "--app", "wsgi", "setup"], environment)
        free.close()
        other.close()
        with (
            (home / "server.log").open("wb") as log,
            _serving(_command(port, WORKERS), environment, log) as people,
            _serving(["nice", "-n", str(GIVES_WAY), *_command(api_port, API_WORKERS)], environment, log) as programs,
        ):
            for each in (port, api_port):
                _wait(f"http://127.0.0.1:{each}/healthz")
            yield Portal(port, api_port, (people, programs), environment)


@contextmanager
def _serving(command: list[str], environment: dict[str, str], log: IO[bytes]) -> Generator[psutil.Process]:
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(30)


def _command(port: int, workers: int) -> list[str]:
    words = f"--interface wsgi --host 127.0.0.1 --port {port} --workers {workers} --blocking-threads {THREADS} --no-ws"
    return [str(BIN / "granian"), *words.split(), "--log-level", "error", "wsgi:app"]


@contextmanager
def _database(kind: str, home: Path) -> Generator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{home / 'ieum.sqlite'}"
        return
    cluster = home / "cluster"
    databases.start_cluster(cluster, "-c listen_addresses= -c max_connections=50")
    try:
        yield databases.url_in(cluster, "postgres")
    finally:
        databases.stop_cluster(cluster)


def _wait(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=60).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout
