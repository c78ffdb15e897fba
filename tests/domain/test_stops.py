"""The stop button: two persons stop, two others let payments go on, in every order somebody might try."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from portal.domain.errors import InvalidTransition, SamePerson
from portal.domain.stops import STEPS, StopEvent, StopKind, StopState, StopStatus, check, open_to, told_by

K, S = StopKind, StopStatus
AT = datetime(2026, 6, 15, tzinfo=UTC)


def after(*steps: tuple[StopKind, int | None]) -> StopState:
    return told_by(StopEvent(kind, person, f"{kind} by {person}", AT) for kind, person in steps)


def test_two_stop_and_two_others_let_go_on() -> None:
    asked = after((K.ASK, 1))
    assert (asked.status, asked.stopped, asked.reason) == (S.ASKED, False, "ask by 1")
    stopped = after((K.ASK, 1), (K.STOP, 2))
    assert (stopped.stopped, stopped.stoppers, stopped.reason) == (True, {1, 2}, "ask by 1")
    waiting = after((K.ASK, 1), (K.STOP, 2), (K.ASK_RESTART, 3))
    assert (waiting.status, waiting.stopped, waiting.stoppers) == (S.RESTART_ASKED, True, {1, 2})
    assert after((K.ASK, 1), (K.STOP, 2), (K.ASK_RESTART, 3), (K.RESTART, 4)) == StopState()


def test_who_may_do_what_at_each_moment() -> None:
    assert [open_to(after(), 1)] == [[K.ASK]]
    assert [open_to(after((K.ASK, 1)), who) for who in (1, 2)] == [[K.DECLINE], [K.STOP, K.DECLINE]]
    stopped = ((K.ASK, 1), (K.STOP, 2))
    assert [open_to(after(*stopped), who) for who in (1, 2, 3)] == [[], [], [K.ASK_RESTART]]
    asked = (*stopped, (K.ASK_RESTART, 3))
    assert [open_to(after(*asked), who) for who in (1, 3, 4)] == [[K.DECLINE], [K.DECLINE], [K.DECLINE, K.RESTART]]


def test_what_the_portal_stops_anybody_but_one_alone_lets_go_on() -> None:
    stopped = after((K.VIOLATION, None))
    assert (stopped.stopped, stopped.stoppers, open_to(stopped, 1)) == (True, frozenset(), [K.ASK_RESTART])
    assert after((K.VIOLATION, None), (K.ASK_RESTART, 1), (K.VIOLATION, None)).status is S.STOPPED


def test_a_request_turned_down_leaves_things_as_they_were() -> None:
    assert after((K.ASK, 1), (K.DECLINE, 2)) == StopState()
    back = after((K.ASK, 1), (K.STOP, 2), (K.ASK_RESTART, 3), (K.DECLINE, 1))
    assert (back.status, back.stoppers, back.asker) == (S.STOPPED, {1, 2}, None)


def test_whatever_is_not_in_the_table_is_refused() -> None:
    reached = {S.RUNNING: (), S.ASKED: ((K.ASK, 1),), S.STOPPED: ((K.ASK, 1), (K.STOP, 2))}
    reached[S.RESTART_ASKED] = (*reached[S.STOPPED], (K.ASK_RESTART, 3))
    for status, kind in itertools.product(S, K):
        state = after(*reached[status])
        if kind is K.VIOLATION or (status, kind) not in STEPS:
            with pytest.raises(InvalidTransition):
                check(state, kind, 9)
        else:
            check(state, kind, 9)
    with pytest.raises(SamePerson):
        check(after(*reached[S.ASKED]), K.STOP, 1)
