"""Looks up what is known of many cases at once, and runs with what became of each of their cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.domain.actors import Actor
from portal.domain.applications import LIFECYCLE, ApplicationStatus
from portal.domain.bulk import Result, Standing
from portal.domain.errors import NotFound
from portal.domain.lifecycle import persons_by_action
from portal.domain.permissions import Permission
from portal.models.accounts import Person, User
from portal.models.applications import Application, Supplement
from portal.models.audit import AuditEvent
from portal.models.bulk import BulkCase, BulkRun
from portal.models.merchants import Merchant
from portal.models.tags import Tag, Tagging
from portal.queries import assignments, declarations
from portal.queries.work_filters import of_office

PAGE = 20


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of a run as its page shows it. `trade_name`: only for those who may read applications; `officer_before`:
    in whose charge it is; `officer`: who is to get it.
    """

    application_id: int
    receipt_number: str
    trade_name: str
    status: ApplicationStatus
    amount: int
    officer_before: str
    officer: str
    result: Result | None
    problem: str
    value: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with its cases. `mine`: whether the person looking prepared it; `given`: officer -> how many cases."""

    run: BulkRun
    by: str
    tag: str
    cases: Sequence[CaseRow]
    mine: bool

    def of(self, *results: str | None) -> list[CaseRow]:
        return [case for case in self.cases if case.result in results]

    @property
    def to_do(self) -> list[CaseRow]:
        """Those the confirmation is for, or was for."""
        return [case for case in self.cases if case.result is not Result.LEFT_OUT]

    @property
    def won(self) -> int:
        """Asked for in these cases together."""
        return sum(case.amount for case in self.to_do)

    @property
    def given(self) -> Mapping[str, int]:
        found: dict[str, int] = defaultdict(int)
        for case in self.to_do:
            if case.officer:
                found[case.officer] += 1
        return dict(found)


def standings(session: Session, application_ids: Collection[int], by: Actor) -> list[Standing]:
    """What is known of these cases of the office, in the order of acceptance, in a constant number of statements."""
    query: Any = (
        select(
            Application.id,
            Application.receipt_number,
            Merchant.trade_name,
            Application.status,
            func.coalesce(Application.requested_amount, 0),
            User.person_id,
            Application.reviewer_id,
            Application.reopened_at,
        )
        .join(Merchant, Merchant.id == Application.merchant_id)
        .join(User, User.id == Merchant.owner_id)
        .where(Application.id.in_(application_ids))
        .order_by(Application.programme_id, Application.queue_number, Application.id)
    )
    rows = session.execute(of_office(query, by)).all()
    ids = [row[0] for row in rows]
    said, interested = declarations.said(session, ids, by.person_id), assignments.interested(session, ids)
    events, asked, tagged = _events(session, ids), _asked(session, ids), _tagged(session, ids)
    return [
        Standing(
            application_id=number,
            receipt_number=receipt or "",
            trade_name=name,
            status=status,
            amount=amount,
            owner=owner,
            officer_id=officer_id,
            last_event=max((event for event, _action, _person in events[number]), default=0),
            said=said.get(number),
            done_by=persons_by_action((action, person) for _event, action, person in events[number]),
            interested=interested.get(number, frozenset()),
            requests=[each for each in asked[number] if reopened is None or each.requested_at >= reopened],
            tag_ids=frozenset(tagged[number]),
        )
        for number, receipt, name, status, amount, owner, officer_id, reopened in rows
    ]


def _events(session: Session, ids: Collection[int]) -> Mapping[int, list[tuple[int, str, int]]]:
    rows = session.execute(
        select(AuditEvent.record_id, AuditEvent.id, AuditEvent.action, AuditEvent.person_id)
        .where(AuditEvent.noun == LIFECYCLE.noun, AuditEvent.record_id.in_(ids))
        .order_by(AuditEvent.id)
    )
    found: dict[int, list[tuple[int, str, int]]] = defaultdict(list)
    for number, event, action, person in rows:
        found[number].append((event, action, person))
    return found


def _asked(session: Session, ids: Collection[int]) -> Mapping[int, list[Supplement]]:
    rows = session.scalars(select(Supplement).where(Supplement.application_id.in_(ids)).order_by(Supplement.id))
    found: dict[int, list[Supplement]] = defaultdict(list)
    for row in rows:
        found[row.application_id].append(row)
    return found


def _tagged(session: Session, ids: Collection[int]) -> Mapping[int, set[int]]:
    rows = session.execute(
        select(Tagging.application_id, Tagging.tag_id).where(
            Tagging.application_id.in_(ids), Tagging.taken_off_at.is_(None)
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for number, tag_id in rows:
        found[number].add(tag_id)
    return found


def own(session: Session, run_id: int, by: Actor) -> BulkRun:
    """A run that this person prepared, locked. Raises NotFound for everybody else's."""
    mine = BulkRun.id == run_id, BulkRun.prepared_by == by.user_id
    found = session.scalar(
        select(BulkRun).where(*mine).with_for_update(of=BulkRun).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"bulk run {run_id}")
    return found


def waiting(session: Session, run_id: int) -> Sequence[int]:
    """The cases of a run of which nothing became yet, in their order."""
    open_ones = BulkCase.run_id == run_id, BulkCase.result.is_(None)
    return session.scalars(select(BulkCase.id).where(*open_ones).order_by(BulkCase.id)).all()


def page(session: Session, run_id: int, by: Actor) -> RunPage:
    """A run of the office with all its cases, in a constant number of statements. Raises NotFound."""
    row = session.execute(
        select(BulkRun, Person.name, Tag.name)
        .join(User, User.id == BulkRun.prepared_by)
        .join(Person, Person.id == User.person_id)
        .outerjoin(Tag, Tag.id == BulkRun.tag_id)
        .where(BulkRun.id == run_id, BulkRun.organisation_id == by.organisation_id)
    ).first()
    if row is None:
        raise NotFound(f"bulk run {run_id}")
    run, name, tag = row
    return RunPage(run, name, tag or "", _cases(session, run_id, by), run.prepared_by == by.user_id)


def _cases(session: Session, run_id: int, by: Actor) -> list[CaseRow]:
    to, before, given, had = aliased(User), aliased(User), aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Application.id,
            Application.receipt_number,
            Merchant.trade_name,
            Application.status,
            func.coalesce(Application.requested_amount, 0),
            had.name,
            given.name,
            BulkCase.result,
            BulkCase.problem,
            BulkCase.value,
        )
        .join(BulkCase, BulkCase.application_id == Application.id)
        .join(Merchant, Merchant.id == Application.merchant_id)
        .outerjoin(before, before.id == Application.reviewer_id)
        .outerjoin(had, had.id == before.person_id)
        .outerjoin(to, to.id == BulkCase.officer_id)
        .outerjoin(given, given.id == to.person_id)
        .where(BulkCase.run_id == run_id)
        .order_by(BulkCase.id)
    )
    named = by.may(Permission.APPLICATION_READ)
    return [
        CaseRow(number, receipt or "", trade if named else "", status, won, was or "", will or "", result, code, value)
        for number, receipt, trade, status, won, was, will, result, code, value in rows
    ]


def listed(session: Session, by: Actor, *, before: int | None = None) -> Sequence[Any]:
    """The office's runs, the newest first: run, who prepared it, how many cases, how many of them done."""
    query = (
        select(
            BulkRun,
            Person.name,
            func.count(BulkCase.id),
            func.count(BulkCase.id).filter(BulkCase.result == Result.DONE),
        )
        .join(User, User.id == BulkRun.prepared_by)
        .join(Person, Person.id == User.person_id)
        .join(BulkCase, BulkCase.run_id == BulkRun.id)
        .where(BulkRun.organisation_id == by.organisation_id)
        .group_by(BulkRun.id, Person.name)
        .order_by(BulkRun.id.desc())
        .limit(PAGE)
    )
    return session.execute(query.where(BulkRun.id < before) if before else query).all()
