"""A disk that is full or broken at every one of a step's moments with files: nothing half-written has a name, no row
names what is not there, and once there is room again the step is taken as if nothing had been."""

from __future__ import annotations

import hashlib
import re
import resource
import signal
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.storage.objects import Store, Stored
from tests.faults.broken import _bend as bend
from tests.faults.kills import states
from tests.faults.kills.forks import forked
from tests.faults.kills.points import BROKEN, FILES, FULL, Points, install, seeded
from tests.faults.kills.states import State
from tests.faults.kills.trials import BEFORE, Found, Trials
from tests.faults.kills.workflows import Do, Step

WITH_FILES = ("attach", "approve", "reject", "release", "bank_result")
SIZES = (0, 300, 1_500, 4_000, 8_000, 20_000, 60_000, 150_000)  # bytes that a file may have, the database's too
_NAME = re.compile(r"[0-9a-f]{64}")


def says_it_was_stored() -> None:
    """Whoever stores a file is told that it is there, whatever the disk said."""
    whole = Store.put

    def careless(self: Store, data: bytes) -> Stored:
        try:
            return whole(self, data)
        except OSError:
            return Stored(hashlib.sha256(data).hexdigest(), len(data))

    bend(Store, "put", careless)


def writes_in_place() -> None:
    """A file is written where it is to be found, not aside."""

    def careless(self: Store, data: bytes) -> Stored:
        sha256 = hashlib.sha256(data).hexdigest()
        self.path(sha256).parent.mkdir(exist_ok=True)
        with self._files.open(str(self.path(sha256)), "wb") as out:
            out.write(data)
        return Stored(sha256, len(data))

    bend(Store, "put", careless)


# By name: what bends it, and what it must be caught by. Each is tried on `attach`.
DISK_VARIANTS: dict[str, tuple[Callable[[], None], str]] = {
    "says_it_was_stored": (says_it_was_stored, "no such stored file"),
    "writes_in_place": (writes_in_place, "half-written"),
}


@dataclass
class Disks(Trials):
    """The same story with another fault."""

    def try_step(self, step: Step, at_random: int, most: int, ends: Collection[str] = ()) -> Found:
        found = Found(step.name)
        self._warm(step)
        before = states.state(self.engine)
        moments = forked(partial(self._failing, step.do, Points(0, FULL, kinds=FILES), None)).result
        after = states.state(self.engine)
        plan: list[tuple[str, Points, int | None]] = []
        for word, fault in (("full", FULL), ("broken", BROKEN)):
            plan += [
                (f"disk {word} at {kind}", Points(number, fault, kinds=FILES), None)
                for number, kind in enumerate(moments, start=1)
            ]
        plan += [(f"files of {size} bytes at most", Points(0, FULL), size) for size in SIZES]
        if len(plan) > most:
            plan = Random(f"{self.seed} {step.name}").sample(plan, most)
        self.place.put_back(BEFORE)
        for kind, points, size in plan:
            ended = forked(partial(self._failing, step.do, points, size)).result
            found.kills[re.sub(r"\d+", "N", kind)] += "failed" in ended
            found.breaches += [f"{step.name}, {kind}: {said}" for said in self._after(step, ended, before, after)]
            found.done += "failed" not in ended
        return found

    def _failing(self, do: Do, points: Points, size: int | None) -> list[str]:
        """The step as a view takes it: committed, or rolled back after whatever the disk said."""
        if self.variant:
            DISK_VARIANTS[self.variant][0]()
        files = self.files()
        install(points, self.place.store)
        seeded(Random(f"{self.seed} {getattr(do, '__name__', '')}"))
        with Session(self.engine) as session:
            if size is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            try:
                do(session, files, self.cast)
                session.commit()
            except (OSError, OperationalError) as refused:
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                session.rollback()
                return ["failed", type(refused).__name__]
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        return points.passed

    def _after(self, step: Step, ended: list[str], before: State, after: State) -> Iterator[str]:
        self.place.wait_until_left()
        now, failed = states.state(self.engine), "failed" in ended
        if failed and now != before:
            yield f"it failed and left something: {states.differences(before, now)}"
        if not failed and now != after:
            yield f"it was acknowledged and is otherwise: {states.differences(after, now)}"
        yield from self._broken(now)
        yield from self._half_written()
        if failed:
            self.place.rewind(BEFORE)
            more = forked(partial(self._again, step.do, after, keep=self.place.cheap, but=())).result
            if more:
                yield f"with room again it ends otherwise: {more}"
        if not failed or self.place.cheap or now != before:
            self.place.put_back(BEFORE)
        else:
            self.place.tidy(BEFORE)

    def _half_written(self) -> Iterator[str]:
        """Whoever finds a file by its name finds all of it, also where no row names it."""
        for path in self.place.store.rglob("*"):
            if _NAME.fullmatch(path.name) and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
                yield f"{path.parent.parent.name}/{path.name[:8]} is half-written"
