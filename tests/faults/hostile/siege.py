"""A live server, an official and a platform's program, and the whole corpus thrown at them."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.domain.actors import Role
from tests.api import register
from tests.factories import make_official
from tests.faults.desk import Desk
from tests.faults.hostile.prober import Prober
from tests.faults.hostile.throwing import Thrower, Thrown
from tests.faults.ingestion.platforms import Program
from tests.faults.processes import Running, WebServer, in_deployment

REVIEWER = "reviewer@example.kr"
OWN_CPU = 3.0  # seconds a request may cost the process that answers: to receive and unpack, never to read


@dataclass(frozen=True, slots=True)
class Siege:
    """What was thrown, and how an ordinary page answered before and meanwhile."""

    thrown: Sequence[Thrown]
    idle: Prober
    meanwhile: Prober

    @property
    def badly_answered(self) -> list[Thrown]:
        return [each for each in self.thrown if not each.answered_well]

    @property
    def read_by_the_server(self) -> list[Thrown]:
        """Those whose reading was done by the process that answers requests instead of by a child."""
        return [each for each in self.thrown if each.cpu > OWN_CPU]


@contextmanager
def besieged(settings: Settings, *, variant: str = "") -> Generator[Thrower]:
    """One server process with 4 threads and one worker, as in production."""
    engine = create_engine(settings.database_url)
    at = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        make_official(session, Role.REVIEWER, login=REVIEWER, at=at)
        program = Program.of(register(session, at=at))
    engine.dispose()
    deployment = in_deployment(settings, variant=variant)
    server, worker = WebServer("server", deployment), Running("worker", deployment.flask("worker"), deployment)
    with ExitStack() as ending:
        for running in (server, worker):
            running.start()
            ending.callback(running.kill)
        server.wait()
        desk = Desk(REVIEWER)
        ending.callback(desk.close)
        yield Thrower(server, desk, program)


def siege(settings: Settings, *, variant: str = "", idle: float = 5) -> Siege:
    """`idle`: seconds for which the page is asked before anything is thrown."""
    with besieged(settings, variant=variant) as thrower:
        quiet = Prober(thrower.server.port)
        quiet.start()
        time.sleep(idle)
        quiet.end()
        meanwhile = Prober(thrower.server.port)
        meanwhile.start()
        thrown = list(thrower.everything())
        meanwhile.end()
    return Siege(thrown, quiet, meanwhile)
