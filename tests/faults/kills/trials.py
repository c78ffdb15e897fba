"""A step of a workflow killed at every one of its moments: it was done or not done, nothing told is lost, and doing it
once more ends where a run that nobody killed ended."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.webhooks import WebhookMessage
from portal.services import reconcile
from tests.faults.kills import states
from tests.faults.kills.acting import REFUSED, Acting
from tests.faults.kills.bank import Bank, banking
from tests.faults.kills.forks import forked
from tests.faults.kills.states import State
from tests.faults.kills.story import YEAR, with_steps
from tests.faults.kills.workflows import Do, Step

BEFORE = "before"
ENDINGS = ("commit", "committed", "told")
ALL = 10_000
SHOPS = 3
BEFORE_CLAIMS = [step.name for step in YEAR].index("publish")
Moment = tuple[str, int, float | None]  # its kind, its number (0: none), seconds after which it comes


@dataclass
class Found:
    """What came of one step: kills by moment, how often it was found done, and everything that was broken."""

    step: str
    kills: Counter[str] = field(default_factory=Counter)
    done: int = 0
    breaches: list[str] = field(default_factory=list)


@dataclass
class Trials(Acting):
    """Every step of a story in one place, each killed and judged; this process is the parent, and never acts."""

    bank: Bank = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._known: dict[int, list[str]] = {}

    def run(
        self, wanted: Collection[str], *, at_random: int = 0, most: int = ALL, ends: Collection[str] = ENDINGS
    ) -> Generator[Found]:
        """A story as far as it is wanted; each such step is killed at its moments, `most` of them and all that end
        it (`ends`: the kinds of these), and `at_random` times besides."""
        with banking(self.place.folder / "bank.jsonl") as bank:
            for step in self._story(wanted, bank):
                self.place.keep(BEFORE)
                yield self.try_step(step, at_random, most, ends)
                self.place.put_back(BEFORE)

    def _story(self, wanted: Collection[str], bank: Bank) -> Iterator[Step]:
        """Each step that is wanted, when everything before it has been done."""
        story = with_steps(wanted)
        last = max(number for number, name in enumerate(story.names) if name in wanted)
        built = forked(partial(self._build, story.build, shops=SHOPS if last > BEFORE_CLAIMS else 0)).result
        self.cast, self.bank = built | {"bank": bank.port}, bank
        gone_by: list[Do] = []
        for step in story.steps[: last + 1]:
            gone_by += [step.before] if step.before else []
            if step.name in wanted:
                forked(partial(self._go_by, gone_by)).result  # noqa: B018
                gone_by = []
                yield step
            gone_by += [] if step.aside else [step.do]

    def try_step(self, step: Step, at_random: int, most: int, ends: Collection[str] = ENDINGS) -> Found:
        found, random = Found(step.name), Random(f"{self.seed} {step.name} moments")
        self._warm(step)
        before = states.state(self.engine)
        way = self._goes(step)
        began = time.monotonic()
        moments = forked(partial(self.act, step.do, variant=self.variant)).result
        lasts = time.monotonic() - began
        after, whole = states.state(self.engine), states.happened(self.engine)
        found.breaches += forked(partial(_everything, self)).result
        assert before != after, f"{step.name} changes nothing"
        plan: list[Moment] = [(kind, number, None) for number, kind in enumerate(moments, start=1)]
        plan = [each for each in plan if each[0] in ends] + random.sample(plan, min(most, len(plan)))
        plan += [("any moment", 0, random.uniform(0, 1.1 * lasts)) for _ in range(at_random)]
        self.place.put_back(BEFORE)
        for number, (kind, at, seconds) in enumerate(dict.fromkeys(plan), start=1):
            self.listener.took.clear()
            self.bank.forget()
            work = partial(self.act, step.do, at=at, number=number, variant=self.variant)
            ended = forked(work, kill_after=seconds)
            if self.variant and not ended.killed:  # the broken variant has made the step another one
                self.place.put_back(BEFORE)
                continue
            assert ended.killed or seconds is not None, f"{step.name} went by its moment {at} unkilled"
            keep = self.place.cheap or kind == "commit"
            found.kills[kind] += ended.killed
            if step.later:
                said = list(self._judged_later(step.later, number, found))
            elif step.taken_over:
                then = partial(self.act, step.taken_over, variant=self.variant)
                said = list(self._judged_taken_over(step, number, then, way, after, whole, found))
            else:
                said = list(self._judged(step, number, before, after, found, keep=keep))
            found.breaches += [f"{step.name}, killed at {at or seconds} ({kind}): {each}" for each in said]
        return found

    def _goes(self, step: Step) -> list[str]:
        """The marks of what a job commits on its way, for a step that is one."""
        way = forked(partial(self._way, step.do)).result if step.taken_over else []
        if way:
            self.place.wait_until_left()
            self.place.put_back(BEFORE)
        return way

    def _warm(self, step: Step) -> None:
        """Does the step in this process, so that what is forked from it finds every statement compiled already."""
        if not step.threads and not step.later and not step.taken_over:
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
        chance = " again" if done else ""
        more = forked(partial(self._again, step.do, after, keep=keep or done, but=but, chance=chance)).result
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

    def _judged_later(self, later: Do, number: int, found: Found) -> Iterator[str]:
        """What is wrong after a kill of what speaks to somebody outside between its commits: that was told at most
        once, and what the portal does by itself afterwards ends where the outside says that it ended."""
        self.place.wait_until_left()
        self.bank.wait_until_quiet()
        yield from self._broken(states.state(self.engine))
        told = bool(self.bank.told)
        if self._acknowledged(number) and not told:
            yield "was acknowledged and is lost"
        found.done += told
        forked(partial(self.act, later, variant=self.variant)).result  # noqa: B018
        yield from self._broken(states.state(self.engine))
        yield from forked(partial(self._ended, [order["id"] for order in self.bank.told])).result
        self.place.put_back(BEFORE)

    def _judged_taken_over(
        self,
        step: Step,
        number: int,
        then: Callable[[], object],
        way: list[str],
        after: State,
        whole: list[str],
        found: Found,
    ) -> Iterator[str]:
        """What is wrong after a kill of a job: it stands where a run that nobody killed has stood (`way`), and whoever
        takes it up (`then`) ends where that ended (`after`), with all that happened (`whole`) happening once.
        """
        self.place.wait_until_left()
        now = states.state(self.engine)
        found.done += now == after
        if states.mark(now) not in way:
            yield "stands where a run nobody killed never stood"
        if self._acknowledged(number) and now != after:
            yield "was acknowledged and is lost"
        yield from self._broken(now)
        for which in ("taken up", "taken up twice"):
            self.place.follow_on(BEFORE)
            forked(then).result  # noqa: B018
            self.place.wait_until_left()
            now = states.state(self.engine)
            if told := states.differences(after, now, but=step.again_in):
                yield f"{which}, ends otherwise than a run nobody killed: {told}"
            if (done := states.happened(self.engine)) != whole:
                odd = Counter(done) - Counter(whole) or Counter(whole) - Counter(done)
                yield f"{which}, more or less happened than in a run nobody killed: {list(odd)[:3]}"
            yield from self._broken(now)
        self.place.put_back(BEFORE)

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
