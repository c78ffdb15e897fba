"""A request is done once for its key: the answer is kept with its effect, and a refusal gives the key back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.domain.errors import Conflict, InFlight, KeyReused
from portal.models.api_requests import ApiRequest
from portal.services import api_requests
from portal.services.api_requests import HELD
from tests.api import register
from tests.factories import AT

ROUTE, KEY, BODY = "POST /api/v1/batches", "key-00000001", "a" * 64
SECOND = timedelta(seconds=1)


@pytest.fixture
def claim(session: Session) -> Callable[..., api_requests.Claim]:
    client = register(session).client.id
    session.commit()

    def made(*, among: Session = session, body: str = BODY, key: str = KEY, at=AT, route: str = ROUTE):
        return api_requests.claim(among, client, route, key, body, at=at)

    return made


def test_the_same_request_gets_the_answer_of_the_first(session: Session, claim) -> None:
    first = claim()
    api_requests.settle(session, first, 201, {"id": 7}, at=AT)
    again = claim(at=AT + timedelta(days=400))
    assert (again.answered_with, again.answer) == (201, {"id": 7})
    assert session.scalar(select(func.count()).select_from(ApiRequest)) == 1


def test_the_key_with_another_body_is_refused_and_belongs_to_its_route_alone(session: Session, claim) -> None:
    claim()
    with pytest.raises(KeyReused):
        claim(body="b" * 64)
    assert claim(route="POST /api/v1/batches/stream", body="b" * 64).answered_with is None


def test_while_it_is_being_done_the_same_request_waits_outside(session: Session, claim) -> None:
    claim()
    with pytest.raises(InFlight):
        claim(at=AT + HELD - SECOND)


def test_a_silent_process_loses_the_key_and_its_answer_is_not_kept(session: Session, claim) -> None:
    silent = claim()
    second = claim(at=AT + HELD)
    assert second.token != silent.token
    with pytest.raises(Conflict):
        api_requests.settle(session, silent, 201, {}, at=AT + HELD)
    api_requests.settle(session, second, 201, {"id": 8}, at=AT + HELD)
    assert claim(at=AT + HELD).answer == {"id": 8}


def test_a_refused_request_gives_its_key_back_but_an_answered_one_never(session: Session, claim) -> None:
    first = claim()
    api_requests.release(session, first)
    second = claim(body="b" * 64)
    api_requests.settle(session, second, 201, {}, at=AT)
    api_requests.release(session, second)
    assert claim(body="b" * 64).answered_with == 201


def test_of_many_at_once_one_gets_to_do_it(session: Session, claim, make_sessions: Callable[[], Session]) -> None:
    session.commit()
    outcomes: list[str] = []
    ready = threading.Barrier(6)

    def ask(among: Session) -> None:
        ready.wait()
        try:
            claim(among=among)
            among.commit()
            outcomes.append("mine")
        except InFlight:
            among.rollback()
            outcomes.append("in flight")

    threads = [threading.Thread(target=ask, args=(make_sessions(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in flight"] * 5 + ["mine"]
