"""Signals: written as a round saw them, judged by officials. Nothing is refused, held back or changed by one.

지방보조금법 제6조제3항; no decision is made automatically (개인정보 보호법 제37조의2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import Incomplete
from portal.domain.signals import LIFECYCLE, WAITING, JudgeSignal, Seen, SignalStatus, problems_in
from portal.models.signals import Signal
from portal.queries import signals
from portal.services import declarations, steps


@dataclass(slots=True)
class Changes:
    """What a round changed: signals that are new, of which something else was seen, and that are not there any more."""

    new: int = 0
    otherwise: int = 0
    gone: int = 0
    unchanged: int = 0


def write(
    session: Session,
    organisation_id: int,
    seen: Mapping[int, Iterable[Seen]],
    looked_at: Collection[int],
    *,
    by: Actor,
    at: datetime,
) -> Changes:
    """Brings the signals of the businesses `looked_at` to what was `seen` (by merchant id).

    The same again changes nothing, and a verdict holds. Something else opens the signal anew: what was judged stays in
    the audit trail, with the facts that the verdict spoke of.
    """
    signals.lock(session, organisation_id)
    held = signals.held_of(session, organisation_id, looked_at)
    known = {(each.merchant_id, each.rule, each.scope): each for each in held}
    changes = Changes()
    for merchant_id, found in sorted(seen.items()):
        for each in found:
            signal = known.pop((merchant_id, each.rule, each.scope), None)
            if signal is None:
                _begin(session, organisation_id, merchant_id, each, by=by, at=at)
                changes.new += 1
            elif _again(session, signal, each, by=by, at=at):
                changes.otherwise += 1
            else:
                changes.unchanged += 1
    for signal in known.values():
        changes.gone += _not_seen(session, signal, by=by, at=at)
    session.flush()
    return changes


def judge(session: Session, signal_id: int, command: JudgeSignal, *, by: Actor, at: datetime) -> Signal:
    """An official's verdict, with the reason; it may be changed later, by another verdict.

    Raises NotFound, NotPermitted (also about one's own business, or with a declared interest in a case of it),
    Incomplete without a reason, InvalidTransition where it was judged like that already.
    """
    if problems := problems_in(command):
        raise Incomplete(problems=problems)
    signal = signals.to_judge(session, signal_id, by)
    declarations.keep_own_away(session, [each for each, *_ in signals.applications_of(session, signal)], by=by)
    step = LIFECYCLE.step(signal.status, command.verdict.value)
    LIFECYCLE.check(step, by, {})
    # First what the table asks of a judged signal, then the status: a flush in between must not find one without it.
    signal.judged_by, signal.judged_at, signal.reason = by.user_id, at, command.reason.strip()
    details = {"rule": signal.rule.value, "fingerprint": signal.fingerprint, "facts": signal.facts}
    steps.take(session, signal, LIFECYCLE, command.verdict.value, by=by, at=at, note=signal.reason, details=details)
    return signal


def _begin(session: Session, organisation_id: int, merchant_id: int, seen: Seen, *, by: Actor, at: datetime) -> None:
    signal = Signal(
        organisation_id=organisation_id,
        merchant_id=merchant_id,
        rule=seen.rule,
        scope=seen.scope,
        facts=dict(seen.facts),
        fingerprint=seen.fingerprint,
        present=True,
        first_seen_at=at,
        seen_at=at,
        reason="",
    )
    steps.begin(session, signal, LIFECYCLE, "see", by=by, at=at)


def _again(session: Session, signal: Signal, seen: Seen, *, by: Actor, at: datetime) -> bool:
    """Whether what is seen is otherwise than before."""
    signal.present = True
    if signal.fingerprint == seen.fingerprint and signal.status is not SignalStatus.GONE:
        return False
    before = {"fingerprint": signal.fingerprint, "facts": signal.facts}
    steps.take(session, signal, LIFECYCLE, "see_anew", by=by, at=at, details=before)
    signal.facts, signal.fingerprint, signal.seen_at = dict(seen.facts), seen.fingerprint, at
    signal.judged_by, signal.judged_at, signal.reason = None, None, ""
    return True


def _not_seen(session: Session, signal: Signal, *, by: Actor, at: datetime) -> int:
    """What waits for a verdict needs none any more; a verdict that was given stays, of what was seen then."""
    was_there, signal.present = signal.present, False
    if signal.status in WAITING:
        steps.take(session, signal, LIFECYCLE, "vanish", by=by, at=at)
    return int(was_there)
