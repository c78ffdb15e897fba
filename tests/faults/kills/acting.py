"""What the children of the harness do: a step as its view takes it, once more, or in passing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import event
from sqlalchemy.orm import Session

from portal.domain.errors import Refusal
from portal.services.reconcile import Files
from portal.storage.lines import LineStore
from portal.storage.objects import stores_under
from tests.faults.book import Book
from tests.faults.kills import bank_way, states
from tests.faults.kills.points import Points, install, kill, seeded
from tests.faults.kills.states import Place, State
from tests.faults.kills.story import Build
from tests.faults.kills.variants import VARIANTS
from tests.faults.kills.workflows import Cast, Do
from tests.listening import Listener

REFUSED = "refused"


@dataclass
class Acting:
    """The people of the story in one place; `variant` is the protection that is taken away."""

    place: Place
    listener: Listener
    seed: int
    variant: str = ""
    cast: Cast = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.engine = self.place.engine()
        self.book = self.place.folder / "book.jsonl"

    def files(self) -> Files:
        return Files(stores_under(self.place.store), LineStore(self.place.store))

    def _build(self, build: Build, shops: int) -> Cast:
        with Session(self.engine) as session:
            cast = build(session, self.files(), self.listener.url, shops)
            session.commit()
            return cast

    def act(self, do: Do, *, at: int = 0, number: int = 0, variant: str = "") -> list[str]:
        """The step as a view takes it; killed at the moment `at`. Answers the moments that it passed."""
        if variant:
            VARIANTS[variant][0]()
        points, files = Points(at, kill), self.files()
        install(points, self.place.store)
        self._seed(do)
        told = Book(self.book)
        with Session(self.engine) as session:
            do(session, files, self.cast)
            if variant == "acknowledged_before_commit":
                told.write(kind="acknowledged", number=number)
            session.commit()
            told.write(kind="acknowledged", number=number)
        points.pass_("told")
        return points.passed

    def _way(self, do: Do) -> list[str]:
        """The marks of all that a run nobody kills has committed on its way, from before its first commit."""
        told = [states.mark(states.state(self.engine))]
        event.listen(Session, "after_commit", lambda _session: told.append(states.mark(states.state(self.engine))))
        self.act(do, variant=self.variant)
        return told

    def _go_by(self, steps: Collection[Do]) -> None:
        """Steps that nobody kills, in one child."""
        files = self.files()
        for do in steps:
            self._seed(do)
            with Session(self.engine) as session:
                do(session, files, self.cast)
                session.commit()

    def _seed(self, do: Do, which: str = "") -> None:
        seeded(Random(f"{self.seed} {getattr(do, '__name__', '')}{which}"))

    def _again(self, do: Do, after: State, *, keep: bool, but: Collection[str], chance: str = "") -> list[str]:
        """The step once more: refused, or with what differs afterwards. Where it is not kept it is not committed.

        `chance`: another than the first time, where that was done: two of something would have two numbers by chance.
        """
        if self.variant in VARIANTS:
            VARIANTS[self.variant][0]()
        files = self.files()
        self._seed(do, chance)
        with Session(self.engine) as session:
            try:
                do(session, files, self.cast)
                session.flush()
            except Refusal as refused:
                return [REFUSED, type(refused).__name__]
            told = states.differences(after, states.read(session.connection()), but=but)
            session.commit() if keep else session.rollback()
            return told

    def _ended(self, told: list[str]) -> list[str]:
        """What is wrong with what the bank was told of; what it never heard of can be given up and paid anew."""
        with Session(self.engine) as session:
            wrong = bank_way.judged_by(session, told)
            if not wrong and not told:
                bank_way.give_up_order(session, self.files(), self.cast)
            session.rollback()
            return wrong
