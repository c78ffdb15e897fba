"""A step of a workflow killed at every one of its moments: it was done or not done, nothing told is lost, and doing it
once more ends where a run that nobody killed ended."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.errors import Refusal
from portal.models.webhooks import WebhookMessage
from portal.services import reconcile
from portal.services.reconcile import Files
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.faults.book import Book
from tests.faults.kills import states
from tests.faults.kills.forks import forked
from tests.faults.kills.points import Points, install, kill, seeded
from tests.faults.kills.states import Place, State
from tests.faults.kills.variants import VARIANTS
from tests.faults.kills.workflows import STORY, Cast, Do, Step, build
from tests.listening import Listener

BEFORE = "before"
REFUSED = "refused"
ENDINGS = ("commit", "committed", "told")
ALL = 10_000
SHOPS = 3
BEFORE_CLAIMS = [step.name for step in STORY].index("publish")
Moment = tuple[str, int, float | None]  # its kind, its number (0: none), seconds after which it comes


@dataclass
class Found:
    """What came of one step: kills by moment, how often it was found done, and everything that was broken."""

    step: str
    kills: Counter[str] = field(default_factory=Counter)
    done: int = 0
    breaches: list[str] = field(default_factory=list)


@dataclass
class Trials:
    """Every step of the story in one place; `variant` is the protection that is taken away."""

    place: Place
    listener: Listener
    seed: int
    variant: str = ""
    cast: Cast = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = self.place.engine()
        self._known: dict[int, list[str]] = {}
        self.book = self.place.folder / "book.jsonl"

    def files(self) -> Files:
        return Files(stores_under(self.place.store), LineStore(self.place.store))

    def run(self, wanted: Collection[str], *, at_random: int = 0, most: int = ALL) -> Iterator[Found]:
        """The story as far as it is wanted; each such step is killed at its moments, `most` of them and all that end
        it, and `at_random` times besides."""
        last = max(number for number, step in enumerate(STORY) if step.name in wanted)
        self.cast = forked(partial(self._build, shops=SHOPS if last > BEFORE_CLAIMS else 0)).result
        for step in STORY[: last + 1]:
            if step.before:
                forked(partial(self.act, step.before)).result  # noqa: B018
            if step.name in wanted:
                self.place.keep(BEFORE)
                yield self._try(step, at_random, most)
                self.place.put_back(BEFORE)
            if not step.aside:
                forked(partial(self.act, step.do)).result  # noqa: B018

    def _build(self, shops: int) -> Cast:
        with Session(self.engine) as session:
            cast = build(session, self.files(), self.listener.url, shops)
            session.commit()
            return cast

    # In the child --------------------------------------------------------------------------------------------------

    def act(self, do: Do, *, at: int = 0, number: int = 0, variant: str = "") -> list[str]:
        """The step as a view takes it; killed at the moment `at`. Answers the moments that it passed."""
        if variant:
            VARIANTS[variant][0]()
        points, files = Points(at, kill), self.files()
        install(points, self.place.store)
        seeded(Random(f"{self.seed} {getattr(do, '__name__', '')}"))
        told = Book(self.book)
        with Session(self.engine) as session:
            do(session, files, self.cast)
            if variant == "acknowledged_before_commit":
                told.write(kind="acknowledged", number=number)
            session.commit()
            told.write(kind="acknowledged", number=number)
        points.pass_("told")
        return points.passed

    def _again(self, do: Do, after: State, *, keep: bool, but: Collection[str]) -> list[str]:
        """The step once more: refused, or with what differs afterwards. Where it is not kept it is not committed."""
        if self.variant in VARIANTS:
            VARIANTS[self.variant][0]()
        files = self.files()
        seeded(Random(f"{self.seed} {getattr(do, '__name__', '')}"))
        with Session(self.engine) as session:
            try:
                do(session, files, self.cast)
                session.flush()
            except Refusal as refused:
                return [REFUSED, type(refused).__name__]
            told = states.differences(after, states.read(session.connection()), but=but)
            session.commit() if keep else session.rollback()
            return told

    # In the parent -------------------------------------------------------------------------------------------------

    def _try(self, step: Step, at_random: int, most: int) -> Found:
        found, random = Found(step.name), Random(f"{self.seed} {step.name} moments")
        self._warm(step)
        before = states.state(self.engine)
        began = time.monotonic()
        moments = forked(partial(self.act, step.do, variant=self.variant)).result
        lasts = time.monotonic() - began
        after = states.state(self.engine)
        found.breaches += forked(partial(_everything, self)).result
        assert before != after, f"{step.name} changes nothing"
        plan: list[Moment] = [(kind, number, None) for number, kind in enumerate(moments, start=1)]
        plan = [each for each in plan if each[0] in ENDINGS] + random.sample(plan, min(most, len(plan)))
        plan += [("any moment", 0, random.uniform(0, 1.1 * lasts)) for _ in range(at_random)]
        self.place.put_back(BEFORE)
        for number, (kind, at, seconds) in enumerate(dict.fromkeys(plan), start=1):
            self.listener.took.clear()
            work = partial(self.act, step.do, at=at, number=number, variant=self.variant)
            ended = forked(work, kill_after=seconds)
            if self.variant and not ended.killed:
                continue  # what the broken variant left behind has made the step another one
            assert ended.killed or seconds is not None, f"{step.name} went by its moment {at} unkilled"
            keep = self.place.cheap or kind == "commit"
            found.kills[kind] += ended.killed
            said = list(self._judged(step, number, before, after, found, keep=keep))
            found.breaches += [f"{step.name}, killed at {at or seconds} ({kind}): {each}" for each in said]
        return found

    def _warm(self, step: Step) -> None:
        """Does the step in this process, so that what is forked from it finds every statement compiled already."""
        if not step.threads:
            with Session(self.engine) as session:
                step.do(session, self.files(), self.cast)
                session.rollback()
        self.place.wait_until_left()
        self.place.tidy(BEFORE)

    def _judged(
        self, step: Step, number: int, before: State, after: State, found: Found, *, keep: bool
    ) -> Iterator[str]:
        """What is wrong after a kill; the place is as it was before."""
        self.place.wait_until_left()
        now = states.state(self.engine)
        done = now == after
        found.done += done
        if not done and now != before:
            yield f"neither done nor undone: {states.differences(before, now)}"
        if not done and self._acknowledged(number):
            yield "was acknowledged and is lost"
        yield from self._broken(now)
        if not done:
            self.place.rewind(BEFORE)
        but = (*step.again_in, "audit_event") if done else ()
        more = forked(partial(self._again, step.do, after, keep=keep or done, but=but)).result
        refused = more[:1] == [REFUSED]
        if not done and refused:
            yield f"cannot be done any more: {more[1]}"
        elif not done and more:
            yield f"ends otherwise than a run nobody killed: {more}"
        elif done and more and not refused:
            yield f"done a second time: {more}"
        if keep or done or now != before:
            self.place.put_back(BEFORE)
        else:
            self.place.tidy(BEFORE)

    def _acknowledged(self, number: int) -> bool:
        lines = self.book.read_text(encoding="utf-8").splitlines() if self.book.exists() else []
        return bool(lines) and json.loads(lines[-1])["number"] == number

    def _broken(self, now: State) -> Iterator[str]:
        """The quick invariants of this state, every file that is named, and that nobody heard of what is not there."""
        state = hash(repr(now))
        with Session(self.engine) as session:
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            if state not in self._known:  # the same rows break the same rules
                results = reconcile.check_quickly(session, self.files())
                self._known[state] = [f"{result.code} {row}" for result in results for row in result.broken]
            yield from self._known[state]
            yield from reconcile.objects_intact(session, self.files())
            known = {f"msg_{number}" for number in session.scalars(select(WebhookMessage.id))}
        for _headers, body in self.listener.took:
            if json.loads(body)["id"] not in known:
                yield f"the platform was told of what never happened: {body.decode()[:200]}"


def _everything(trials: Trials) -> list[str]:
    """All invariants, also those that compute: in a child, for what it leaves running."""
    with Session(trials.place.engine()) as session:
        results = reconcile.check_all(session, trials.files())
        session.rollback()
    return [f"{result.code} {row}" for result in results for row in result.broken]
