"""Officials who press "approve" at the same moment, at several server processes, against a budget that holds some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from threading import Barrier

from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.domain.actors import Role
from portal.models.accounts import User
from portal.models.letters import Letter
from portal.services import reconcile
from portal.storage.objects import Stores, stores_under
from tests.factories import AT, make_official
from tests.faults.desk import Desk
from tests.faults.processes import Deployment, WebServer
from tests.faults.races.budgets import SHARES, committed, programme_for, recommended

APPLICANTS = 5
SERVERS, THREADS = 2, 4
BROKEN = "tests.faults.races.broken:app"


@dataclass
class Outcome:
    """How every press was answered, how many trials had a place too few, and everything that was wrong."""

    trials: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    scarce: int = 0
    breaches: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Counters:
    """The servers, the desk of every approver, and the ids of a reviewer and of these approvers."""

    engine: Engine
    stores: Stores
    urls: list[str]
    desks: list[Desk]
    handlers: list[int]

    def race(self, number: int, places: int, found: Outcome) -> None:
        """One programme with so many places, one case for every desk, all pressed at once."""
        with Session(self.engine) as session:
            programme = programme_for(session, number, places)
            programme_id = programme.programme.id
            handlers = [session.get_one(User, each) for each in self.handlers]
            cases = recommended(session, self.stores, programme, APPLICANTS, handlers=handlers)
            session.commit()
        start = Barrier(APPLICANTS)

        def press(desk: Desk, case: int, url: str) -> int:
            path = f"/office/applications/{case}/approval"
            token = desk.token(url, path)
            start.wait()
            return desk.send(url, path, {"csrf_token": token, "note": ""}).status_code

        with ThreadPoolExecutor(APPLICANTS) as pool:
            urls = [self.urls[place % len(self.urls)] for place in range(APPLICANTS)]
            answers = list(pool.map(press, self.desks, cases, urls))
        found.trials += 1
        found.answers.update(answers)
        found.scarce += places < APPLICANTS
        wrong = self._wrong(programme_id, min(APPLICANTS, places), cases, answers)
        found.breaches += [f"trial {number}, {places} places: {each}" for each in wrong]

    def _wrong(self, programme_id: int, expected: int, cases: list[int], answers: list[int]) -> Generator[str]:
        if bad := [answer for answer in answers if answer >= 500]:
            yield f"answered {bad}"
        if answers.count(302) != expected:
            yield f"{answers.count(302)} were told that they approved, {expected} fit: {sorted(answers)}"
        with Session(self.engine) as session:
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            found = committed(session, programme_id)
            if found != {source: share * expected for source, share in SHARES.items()}:
                yield f"committed {found} for {expected} places"
            letters = session.scalar(select(func.count(Letter.id)).where(Letter.application_id.in_(cases)))
            if letters != expected:
                yield f"{letters} letters for {expected} places"


@contextmanager
def counters(settings: Settings, *, broken: bool = False) -> Generator[Counters]:
    """Servers that live on the day of the tests, and signed-in approvers."""
    deployment = Deployment(settings, wsgi=BROKEN) if broken else Deployment(settings)
    deployment.move_clock(AT - datetime.now(UTC))
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        handlers = [make_official(session, role) for role in (Role.REVIEWER, *[Role.APPROVER] * APPLICANTS)]
        session.commit()
        ids, logins = [each.id for each in handlers], [each.login for each in handlers[1:]]
    with ExitStack() as ending:
        ending.callback(engine.dispose)
        servers = [WebServer(f"server{number}", deployment, threads=THREADS) for number in range(SERVERS)]
        for server in servers:
            ending.callback(server.kill)
            server.start()
        for server in servers:
            server.wait()
        desks = [Desk(login) for login in logins]
        for desk in desks:
            ending.callback(desk.close)
        yield Counters(engine, stores_under(settings.store), [server.url for server in servers], desks, ids)


def run(settings: Settings, trials: int, seed: int, *, broken: bool = False) -> Outcome:
    """So many races; then the invariants. A trial in four has a place for everybody, or for one alone."""
    random, found = Random(seed), Outcome()
    with counters(settings, broken=broken) as open_counters:
        for number in range(trials):
            places = random.choice((1, 2, 3, 4, APPLICANTS + 1))
            # With one place a careless server lets all of its desks through, whichever of them looks first.
            open_counters.race(number, 1 if broken else places, found)
        with Session(open_counters.engine) as session:
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
            found.breaches += [row for check in reconcile.CHECKS if check.sql for row in check.sql(session)]
    return found
