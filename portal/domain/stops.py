"""The stop button: who may stop payments and let them go on, told from the events so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.errors import InvalidTransition, SamePerson


class StopKind(StrEnum):
    ASK = "ask"
    STOP = "stop"  # a second person confirms
    VIOLATION = "violation"  # the portal found an invariant broken
    DECLINE = "decline"  # what was asked for is taken back or turned down
    ASK_RESTART = "ask_restart"
    RESTART = "restart"


class StopStatus(StrEnum):
    RUNNING = "running"
    ASKED = "asked"
    STOPPED = "stopped"
    RESTART_ASKED = "restart_asked"


@dataclass(frozen=True, slots=True)
class StopEvent:
    """One event; `person_id` None: the portal itself."""

    kind: StopKind
    person_id: int | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StopState:
    """Where payments stand. `stoppers`: whose stop it is; `asker`: who waits for a second person."""

    status: StopStatus = StopStatus.RUNNING
    stoppers: frozenset[int] = frozenset()
    asker: int | None = None
    reason: str = ""
    since: datetime | None = None

    @property
    def stopped(self) -> bool:
        return self.status in (S.STOPPED, S.RESTART_ASKED)


K, S = StopKind, StopStatus
NEEDS_REASON = (K.ASK, K.ASK_RESTART)
STEPS: dict[tuple[StopStatus, StopKind], StopStatus] = {
    (S.RUNNING, K.ASK): S.ASKED,
    (S.ASKED, K.STOP): S.STOPPED,
    (S.ASKED, K.DECLINE): S.RUNNING,
    (S.STOPPED, K.ASK_RESTART): S.RESTART_ASKED,
    (S.RESTART_ASKED, K.RESTART): S.RUNNING,
    (S.RESTART_ASKED, K.DECLINE): S.STOPPED,
    # Nobody asks before the portal stops itself; a request to stop or to go on is over with it.
    **dict.fromkeys(((status, K.VIOLATION) for status in S), S.STOPPED),
}


def told_by(events: Iterable[StopEvent]) -> StopState:
    """Where payments stand after these events, oldest first."""
    state = StopState()
    for event in events:
        state = _after(state, event)
    return state


def _after(state: StopState, event: StopEvent) -> StopState:
    target = STEPS[state.status, event.kind]
    persons = frozenset(each for each in (state.asker, event.person_id) if each is not None)
    if target is S.RUNNING:
        return StopState()
    if target is S.ASKED:
        return StopState(target, frozenset(), event.person_id, event.reason, event.at)
    if event.kind is K.STOP:
        return StopState(target, persons, None, state.reason, event.at)
    if event.kind is K.VIOLATION:
        return StopState(target, state.stoppers, None, event.reason, event.at)
    asker = event.person_id if target is S.RESTART_ASKED else None
    return StopState(target, state.stoppers, asker, state.reason, state.since)


def check(state: StopState, kind: StopKind, person_id: int) -> None:
    """Raises InvalidTransition, or SamePerson: two stop, and two others let payments go on."""
    if kind is K.VIOLATION or (state.status, kind) not in STEPS:
        raise InvalidTransition(f"payment_stop: {kind} from {state.status}")
    if kind in (K.STOP, K.RESTART) and person_id == state.asker:
        raise SamePerson(f"payment_stop: {kind} apart from who asked")
    if kind in (K.ASK_RESTART, K.RESTART) and person_id in state.stoppers:
        raise SamePerson(f"payment_stop: {kind} apart from who stopped")


def open_to(state: StopState, person_id: int) -> list[StopKind]:
    """What this person may do now."""
    found = []
    for kind in K:
        try:
            check(state, kind, person_id)
        except (InvalidTransition, SamePerson):
            continue
        found.append(kind)
    return found
