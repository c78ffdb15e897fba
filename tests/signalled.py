"""Makes businesses that share something or nothing, and looks for signals as a worker does."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.signals import JudgeSignal, Rule, Verdict
from portal.models.merchants import Merchant
from portal.models.signals import Signal
from portal.queries.programmes import Published
from portal.services import jobs, signal_rounds, signals
from portal.storage.lines import LineStore
from portal.storage.objects import Stores
from tests import cases
from tests.cases import Applied
from tests.factories import AT

ACCOUNT = "3019999999999"
REASON = "부부가 한 계좌를 쓰는 것을 통장 사본과 혼인관계로 확인했습니다."


def apart(merchant: Merchant) -> Merchant:
    """Gives it a phone that no other business has: made ones share theirs, and their street."""
    merchant.phone = f"010{merchant.id:08d}"
    return merchant


def applied(session: Session, stores: Stores, programme: Published, **more: object) -> Applied:
    """An application of a business that shares nothing, unless told otherwise."""
    case = cases.apply(session, stores, programme, **more)  # ty: ignore[invalid-argument-type]
    apart(case.application.merchant)
    session.flush()
    return case


def pair(session: Session, stores: Stores, programme: Published) -> list[Applied]:
    """Two businesses of two persons with one account."""
    return [
        applied(session, stores, programme, trade_name=name, account_number=ACCOUNT)
        for name in ("섬진강 국밥", "산수유 분식")
    ]


def look(
    session: Session, lines: LineStore, by: Actor, *, at: datetime = AT, merchant_id: int | None = None
) -> dict[str, int]:
    """Asks for a round and does it; its outcome."""
    asked = signal_rounds.ask(session, by=by, at=at, merchant_id=merchant_id)
    held = jobs.take_up(session, asked.job.id, at=at)
    assert held is not None
    write = signal_rounds.compute(
        lambda: nullcontext(session), lines, asked.round.id, progress=lambda _done, _of: None, at=at
    )
    write(session, at)
    jobs.finish(session, held.id, str(held.token), None, at=at)
    return dict(asked.round.outcome or {})


def of_rule(session: Session, rule: Rule) -> list[Signal]:
    session.expire_all()
    return list(session.scalars(select(Signal).where(Signal.rule == rule).order_by(Signal.id)))


def judged(
    session: Session, signal: Signal, verdict: Verdict, by: Actor, *, reason: str = REASON, at: datetime = AT
) -> Signal:
    return signals.judge(session, signal.id, JudgeSignal(verdict, reason), by=by, at=at)


def in_every_stage(session: Session, lines: LineStore, by: Actor) -> None:
    """A look at everybody's county, where all businesses give one street and phone; the first signals are judged."""
    look(session, lines, by)
    found = session.scalars(select(Signal).order_by(Signal.id).limit(len(Verdict))).all()
    for signal, verdict in zip(found, Verdict, strict=False):
        judged(session, signal, verdict, by)
