"""One storm: a portal is set up, everything is delivered to it by everybody at once while it is killed, then judged."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.domain.actors import Role
from tests.api import register
from tests.factories import make_official
from tests.faults import constraints
from tests.faults.book import Book
from tests.faults.desk import Desk
from tests.faults.ingestion import senders
from tests.faults.ingestion.checking import Reckoning
from tests.faults.ingestion.platforms import Program
from tests.faults.ingestion.senders import Post
from tests.faults.ingestion.sends import sends
from tests.faults.ingestion.world import PERIODS, PLATFORMS, Parcel, World
from tests.faults.killer import Killer
from tests.faults.processes import Running, WebServer, in_deployment

WATCHER = "watcher@example.kr"
DRAINED = 600  # seconds for what is left once nothing is killed any more


@dataclass(frozen=True, slots=True)
class Force:
    """How hard it blows: `kills` at least, `pause` (least, most) seconds between two of them."""

    servers: int = 2
    senders: int = 4
    kills: int = 0
    pause: tuple[float, float] = (4.0, 6.0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened. `breaches`: none when everything holds."""

    breaches: Sequence[str]
    sent: int
    deliveries: int
    acknowledged: int
    kills: Mapping[str, int]
    tries: Mapping[str, int]
    leftovers: tuple[int, int]
    seconds: float


def blow(settings: Settings, world: World, force: Force, *, variant: str = "") -> Outcome:
    """One storm on a migrated, empty database. `variant`: a protection that is taken away (tests/faults/broken.py)."""
    began = time.monotonic()
    deployment = in_deployment(settings, variant=variant)
    if variant == "no_unique_key":
        constraints.drop_unique(settings.database_url, "delivery")
    programs = _prepared(settings)
    folder = _folders(settings.instance)
    servers = [WebServer(f"server-{number}", deployment) for number in range(force.servers)]
    watch = deployment.flask("settlement", "watch", str(folder), "--by", WATCHER, "--every", "1", "--settle", "0")
    worker = Running("worker", deployment.flask("worker"), deployment)
    lasting: list[Running] = [*servers, Running("watch", watch, deployment), worker]
    killer = Killer(Random(world.seed), lasting, force.pause)
    with ExitStack() as ending:
        for running in lasting:
            running.start()
            ending.callback(running.kill)
        for running in lasting:
            running.wait()
        book = Book(settings.instance / "book.jsonl")
        ending.callback(book.close)
        desk = Desk(WATCHER)
        ending.callback(desk.close)
        post = Post(deployment, servers, programs, folder, desk, book, killer, deque(sends(world)))
        unheard = _delivered(post, world, force)
        reckoning = Reckoning(world, book, unheard, deployment, programs, servers[0].port)
        breaches = [*post.wrong, *killer.mishaps, *_mishaps(lasting), *reckoning.breaches()]
    return Outcome(
        breaches=breaches,
        sent=sum(parcel.times * len(parcel.entries()) for parcel in world.parcels),
        deliveries=len(reckoning.stored),
        acknowledged=len(reckoning.acknowledged),
        kills=dict(killer.kills),
        tries=dict(post.tries),
        leftovers=reckoning.leftovers(),
        seconds=time.monotonic() - began,
    )


def _delivered(post: Post, world: World, force: Force) -> list[Parcel]:
    """Returns once everything is acknowledged and nothing is killed any more; the parcels nobody waited for."""
    everything = list(post.waiting)
    threads = senders.several(post, force.senders, world.seed)
    if force.kills:
        post.killer.start()
    unheard = list(senders.unheard(post, world))
    for thread in threads:
        thread.join()
    if force.kills:
        again = Random(world.seed)
        while post.killer.kills.total() < force.kills:  # the rest of the kills meets what was delivered before
            post.waiting.extend(again.sample(everything, min(len(everything), 2 * force.senders)))
            for thread in senders.several(post, force.senders, again.getrandbits(32)):
                thread.join()
        post.killer.end()
    _drain(post)
    return unheard


def _drain(post: Post) -> None:
    ends = time.monotonic() + DRAINED
    post.collect()
    while (post.dropped or post.received) and time.monotonic() < ends:
        time.sleep(0.2)
        post.collect()
    post.wrong.extend(f"{name}: dropped and never taken" for name in post.dropped)
    post.wrong.extend(f"{send.key}: received as {receipt} and never read" for receipt, send in post.received.items())


def _prepared(settings: Settings) -> dict[str, Program]:
    """An organisation with the official in whose name files are taken in, and a client for each platform."""
    engine = create_engine(settings.database_url)
    at = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        make_official(session, Role.REVIEWER, login=WATCHER, at=at)
        programs = {name: Program.of(register(session, platform=name, at=at)) for name in PLATFORMS}
    engine.dispose()
    return programs


def _folders(instance: Path) -> Path:
    for platform in PLATFORMS:
        for period in PERIODS:
            (instance / "drops" / platform / period).mkdir(parents=True)
    (instance / "outbox").mkdir()
    return instance / "drops"


def _mishaps(lasting: Sequence[Running]) -> list[str]:
    """Tracebacks in the logs: whatever happens, the portal meets it with open eyes."""
    found: Counter[str] = Counter()
    for running in lasting:
        log = running.log.read_text(errors="replace")
        for piece in log.split("Traceback (most recent call last)")[1:]:
            last = next((line for line in piece.splitlines()[1:] if line and not line.startswith(" ")), "?")
            found[f"{running.name}: {last[:200]}"] += 1
    return [f"a traceback in the log of {what} ({count} times)" for what, count in found.items()]
