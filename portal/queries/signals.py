"""Looks up signals: the office's list, one with its history, those of a business on other pages, figures by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.errors import NotFound, NotPermitted, Problem
from portal.domain.jobs import OVER, JobKind
from portal.domain.signals import LIFECYCLE, WAITING, Rule, SignalStatus
from portal.models.accounts import Organisation, Person, RoleGrant, User
from portal.models.applications import Application
from portal.models.jobs import Job
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.signals import Signal, SignalRound
from portal.queries import audit

PAGE = 50
S = SignalStatus


@dataclass(frozen=True, slots=True)
class Asked:
    """A round with the job that does it."""

    round: SignalRound
    job: Job

    @property
    def over(self) -> bool:
        return self.job.status in OVER


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the list, the latest first; `before`: the id to go on from, None at the end."""

    rows: Sequence[Signal]
    before: int | None


@dataclass(frozen=True, slots=True)
class SignalPage:
    """One signal. `applications`: (id, receipt number, programme) of the business at the office; `own`: it is about a
    business of the person looking; `actions`: the verdicts they may give.
    """

    signal: Signal
    judge: str
    applications: Sequence[tuple[int, str, str]]
    timeline: Sequence[audit.Happening]
    own: bool
    actions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Tally:
    """How the signals of one rule were judged, each as it stands."""

    rule: Rule
    by_status: Mapping[SignalStatus, int]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def judged(self) -> int:
        """Those of which somebody knows what they are worth."""
        return self.by_status.get(S.UNFOUNDED, 0) + self.by_status.get(S.CONFIRMED, 0)

    @property
    def false_percent(self) -> int | None:
        """How many of a hundred judged ones were unfounded, rounded down; None while none was judged."""
        return self.by_status.get(S.UNFOUNDED, 0) * 100 // self.judged if self.judged else None


def of_organisation(session: Session, signal_id: int, by: Actor) -> Signal:
    """One signal of the official's organisation. Raises NotFound."""
    found = session.get(Signal, signal_id)
    if found is None or found.organisation_id != by.organisation_id:
        raise NotFound(f"signal {signal_id}")
    return found


def to_judge(session: Session, signal_id: int, by: Actor) -> Signal:
    """The signal as it is now, locked. Raises NotFound, NotPermitted where it is about one's own business."""
    of_organisation(session, signal_id, by)
    held = select(Signal).where(Signal.id == signal_id).with_for_update(of=Signal, key_share=True)
    signal = session.scalars(held.execution_options(populate_existing=True)).one()
    if _owner(session, signal) == by.person_id:
        raise NotPermitted("nobody judges what is about their own business", [Problem("own_application")])
    return signal


def applications_of(session: Session, signal: Signal) -> Sequence[tuple[int, str, str]]:
    """The submitted applications of the business at the organisation, the latest first."""
    rows = session.execute(
        select(Application.id, func.coalesce(Application.receipt_number, ""), Programme.name)
        .join(Programme, Programme.id == Application.programme_id)
        .where(Application.merchant_id == signal.merchant_id, Application.submitted_at.is_not(None))
        .where(Programme.organisation_id == signal.organisation_id)
        .order_by(Application.id.desc())
    )
    return [(number, receipt, name) for number, receipt, name in rows]


def page_of(session: Session, by: Actor, *, view: str, rule: str = "", before: int | None = None) -> Rows:
    """`view` is waiting, all or a status; `rule`: one of them or all."""
    query = select(Signal).where(Signal.organisation_id == by.organisation_id, *_narrowed(view, rule))
    if before is not None:
        query = query.where(Signal.id < before)
    found = session.scalars(query.order_by(Signal.id.desc()).limit(PAGE + 1)).all()
    return Rows(found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None)


def counts(session: Session, by: Actor) -> Mapping[SignalStatus, int]:
    rows = session.execute(
        select(Signal.status, func.count()).where(Signal.organisation_id == by.organisation_id).group_by(Signal.status)
    )
    return dict(rows.all())


def tallies(session: Session, by: Actor) -> list[Tally]:
    """Every rule with how its signals were judged at the organisation: what a false alarm costs is seen here."""
    rows = session.execute(
        select(Signal.rule, Signal.status, func.count())
        .where(Signal.organisation_id == by.organisation_id)
        .group_by(Signal.rule, Signal.status)
    )
    found: dict[Rule, dict[SignalStatus, int]] = defaultdict(dict)
    for rule, status, number in rows:
        found[rule][status] = number
    return [Tally(rule, found.get(rule, {})) for rule in Rule]


def page(session: Session, signal_id: int, by: Actor) -> SignalPage:
    """Raises NotFound."""
    signal = of_organisation(session, signal_id, by)
    judge = session.scalar(
        select(Person.name).join(User, User.person_id == Person.id).where(User.id == signal.judged_by)
    )
    own = _owner(session, signal) == by.person_id
    return SignalPage(
        signal=signal,
        judge=judge or "",
        applications=applications_of(session, signal),
        timeline=audit.timeline(session, LIFECYCLE.noun, signal.id),
        own=own,
        actions=[] if own else [each for each in LIFECYCLE.actions(signal.status, by, {}) if each not in _OF_PORTAL],
    )


def of_merchants(session: Session, merchant_ids: Collection[int], by: Actor) -> Mapping[int, Sequence[Signal]]:
    """What is to be known of businesses before deciding or paying: all that is seen still, and what was confirmed."""
    rows = session.scalars(
        select(Signal)
        .where(Signal.organisation_id == by.organisation_id, Signal.merchant_id.in_(merchant_ids))
        .where(Signal.status != S.GONE, or_(Signal.present, Signal.status == S.CONFIRMED))
        .order_by(Signal.merchant_id, Signal.id.desc())
    )
    found: dict[int, list[Signal]] = defaultdict(list)
    for signal in rows:
        found[signal.merchant_id].append(signal)
    return found


def lock(session: Session, organisation_id: int) -> None:
    """One round of an office writes at a time: what two of them see new is written once."""
    session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update(key_share=True))


def held_of(session: Session, organisation_id: int, merchant_ids: Collection[int]) -> Sequence[Signal]:
    """All signals of these businesses, locked in the order of their ids."""
    query = select(Signal).where(Signal.organisation_id == organisation_id, Signal.merchant_id.in_(merchant_ids))
    held = query.order_by(Signal.id).with_for_update(of=Signal, key_share=True)
    return session.scalars(held.execution_options(populate_existing=True)).all()


def round_by_id(session: Session, round_id: int) -> Asked:
    """Anybody's round: for the worker. Raises NotFound."""
    row = session.execute(_asked().where(SignalRound.id == round_id)).one_or_none()
    if row is None:
        raise NotFound(f"round of signals {round_id}")
    return Asked(*row)


def last_round(session: Session, organisation_id: int, merchant_id: int | None = None) -> Asked | None:
    """The last round asked for: of the whole office, or of one business."""
    about = SignalRound.merchant_id.is_(None) if merchant_id is None else SignalRound.merchant_id == merchant_id
    query = _asked().where(SignalRound.organisation_id == organisation_id, about)
    row = session.execute(query.order_by(SignalRound.id.desc()).limit(1)).one_or_none()
    return Asked(*row) if row is not None else None


def offices(session: Session) -> Sequence[int]:
    """The organisations at which anybody applied."""
    query = select(Programme.organisation_id).join(Application, Application.programme_id == Programme.id)
    submitted = query.where(Application.submitted_at.is_not(None)).distinct()
    return session.scalars(submitted.order_by(Programme.organisation_id)).all()


def first_reviewer(session: Session, organisation_id: int) -> User | None:
    """The reviewer of the office with the oldest account."""
    found = select(User).join(RoleGrant, RoleGrant.user_id == User.id)
    theirs = found.where(User.organisation_id == organisation_id, User.active, RoleGrant.role == Role.REVIEWER)
    return session.scalars(theirs.where(RoleGrant.revoked_at.is_(None)).order_by(User.id).limit(1)).first()


def _asked() -> Any:
    return select(SignalRound, Job).join(Job, (Job.kind == JobKind.SIGNALS) & (Job.subject == SignalRound.id))


def _owner(session: Session, signal: Signal) -> int:
    """The person whose business it is about."""
    query = select(User.person_id).join(Merchant, Merchant.owner_id == User.id)
    return session.scalars(query.where(Merchant.id == signal.merchant_id)).one()


_OF_PORTAL = frozenset(step.action for step in LIFECYCLE.steps if step.role is None)


def _narrowed(view: str, rule: str) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = [Signal.rule == Rule(rule)] if rule in tuple(Rule) else []
    if view == "all":
        return narrowed
    return [*narrowed, Signal.status == S(view) if view in tuple(S) else Signal.status.in_(WAITING)]
