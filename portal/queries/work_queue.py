"""The officials' work queue: one row per case with all that is needed to choose the next, a page at a time by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus
from portal.domain.identifiers import digits_of, normalise_code
from portal.domain.reviews import Filters
from portal.domain.supplements import MOST_REQUESTS
from portal.models.accounts import Person, User
from portal.models.applications import Application, Supplement
from portal.models.merchants import Merchant
from portal.models.programmes import Programme

PAGE = 30
SOON = 3  # working days
S = ApplicationStatus
WAITING = (S.SUBMITTED, S.IN_REVIEW, S.RECOMMENDED)  # the office's turn; during a supplement its clock stands still
UNDECIDED = (*WAITING, S.SUPPLEMENT_REQUESTED)
# name in the address -> (column, whether the largest comes first); nothing else can be sorted by
SORTS: dict[str, tuple[Any, bool]] = {
    "due": (Application.due_on, False),
    "received": (Application.submitted_at, True),
    "amount": (func.coalesce(Application.requested_amount, 0), True),
    "name": (Merchant.trade_name, False),
}

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list. `answer_due_on`: by when the merchant answers a request for supplement."""

    id: int
    receipt_number: str
    status: ApplicationStatus
    submitted_at: datetime
    due_on: date | None
    requested_amount: int | None
    trade_name: str
    business_number: str
    representative: str
    region_code: str
    industry_edition: int
    industry_code: str
    programme: str
    reviewer: str | None
    answer_due_on: date | None

    @property
    def office_due_on(self) -> date | None:
        """By when the office acts; None while it is not its turn."""
        return self.due_on if self.status in WAITING else None


@dataclass(frozen=True, slots=True)
class Page:
    """`earlier` and `later` are the ids to go on from, None at the ends."""

    rows: Sequence[Row]
    earlier: int | None
    later: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases there are by status, how many are due soon or late, and on how many the applicant is late."""

    by_status: dict[ApplicationStatus, int]
    due_soon: int
    overdue: int
    answer_late: int

    @property
    def total(self) -> int:
        return sum(self.by_status.values())


def counts(session: Session, by: Actor, *, on: date, soon: date) -> Counts:
    """Over all cases of the official's organisation, whatever the list is narrowed to. `soon`: the last day of what
    is due soon.
    """
    rows = session.execute(
        _cases(
            select(
                Application.status,
                func.count(),
                func.count().filter(_late(on)),
                func.count().filter(_soon(on, soon)),
                func.count().filter(_answer_late(on)),
            ),
            by,
        ).group_by(Application.status)
    ).all()
    late, near, waiting = (sum(row[column] for row in rows) for column in (2, 3, 4))
    return Counts({row[0]: row[1] for row in rows}, near, late, waiting)


def programmes(session: Session, by: Actor) -> list[tuple[str, str]]:
    """Code and name of the organisation's programmes, for the filter."""
    query = select(Programme.code, Programme.name).where(Programme.organisation_id == by.organisation_id)
    return [(code, name) for code, name in session.execute(query.order_by(Programme.id))]


def page(
    session: Session,
    by: Actor,
    filters: Filters,
    *,
    on: date,
    soon: date | None = None,
    after: int | None = None,
    before: int | None = None,
) -> Page:
    """The rows after (or before) a case in the order of `filters.sort`; the first page without either."""
    column, largest_first = SORTS.get(filters.sort, SORTS["due"])
    backwards = before is not None
    query = _rows(by, filters, on, soon or on)
    anchor = before if backwards else after
    if anchor is not None:
        query = query.where(_beyond(column, anchor, by, larger=largest_first == backwards))
    falling = largest_first != backwards
    ordered = [column.desc(), Application.id.desc()] if falling else [column, Application.id]
    found = [Row(*row) for row in session.execute(query.order_by(*ordered).limit(PAGE + 1))]
    more, rows = len(found) > PAGE, found[:PAGE]
    if backwards:
        rows.reverse()
    if not rows:
        return Page((), None, None)
    earlier = rows[0].id if (more if backwards else after is not None) else None
    later = rows[-1].id if (backwards or more) else None
    return Page(rows, earlier, later)


def _beyond(column: Any, anchor: int, by: Actor, *, larger: bool) -> ColumnElement[bool]:
    """The address carries an id alone: the place it stands for is read from the row itself, if it is one of ours."""
    row = _cases(select(column).select_from(Application).join(Merchant), by).where(Application.id == anchor)
    here, there = tuple_(column, Application.id), tuple_(row.correlate(None).scalar_subquery(), anchor)
    return here > there if larger else here < there


def _cases(query: Query, by: Actor) -> Query:
    return query.join(Programme, Programme.id == Application.programme_id).where(
        Programme.organisation_id == by.organisation_id, Application.submitted_at.is_not(None)
    )


def _rows(by: Actor, filters: Filters, on: date, soon: date) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(
        Application.id,
        Application.receipt_number,
        Application.status,
        Application.submitted_at,
        Application.due_on,
        Application.requested_amount,
        Merchant.trade_name,
        Merchant.business_number,
        Merchant.representative,
        Merchant.region_code,
        Merchant.industry_edition,
        Merchant.industry_code,
        Programme.name,
        Person.name,
        select(func.max(Supplement.due_on))
        .where(Supplement.application_id == Application.id, Supplement.answered_at.is_(None))
        .scalar_subquery(),
    ).join(Merchant, Merchant.id == Application.merchant_id)
    query = _cases(query, by)
    query = query.outerjoin(User, User.id == Application.reviewer_id).outerjoin(Person, Person.id == User.person_id)
    return query.where(*_narrowed(by, filters, on, soon))


def _narrowed(by: Actor, filters: Filters, on: date, soon: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.text:
        conditions.append(_matches(filters.text))
    if filters.programme:
        conditions.append(Programme.code == filters.programme)
    if filters.status in set(S):
        conditions.append(Application.status == S(filters.status))
    if filters.view == "mine":
        conditions.append(Application.reviewer_id == by.user_id)
    elif filters.view == "undecided" and not filters.status and not filters.text:  # who searches looks everywhere
        conditions.append(Application.status.in_(UNDECIDED))
    elif filters.view == "my_turn":
        conditions.append(_my_turn(by, on))
    elif filters.view == "due_soon":
        conditions.append(_soon(on, soon))
    elif filters.view == "overdue":
        conditions.append(_late(on))
    elif filters.view == "answer_late":
        conditions.append(_answer_late(on))
    return conditions


def _matches(text: str) -> ColumnElement[bool]:
    found = [
        Merchant.trade_name.icontains(text, autoescape=True),
        Application.receipt_number.contains(normalise_code(text), autoescape=True),
    ]
    if len(digits := digits_of(text)) >= 3:
        found.append(Merchant.business_number.contains(digits))
    return or_(*found)


def _my_turn(by: Actor, on: date) -> ColumnElement[bool]:
    turns, handed_on = [Application.id < 0], Application.reviewer_id.is_(None)
    if by.has(Role.REVIEWER):
        turns.append(Application.status == S.SUBMITTED)
        mine = or_(Application.reviewer_id == by.user_id, handed_on)
        turns.append(and_(Application.status == S.IN_REVIEW, mine))
        turns.append(and_(_answer_late(on), _requests() < MOST_REQUESTS, mine))
    if by.has(Role.APPROVER):
        anothers = or_(Application.reviewer_id != by.user_id, handed_on)
        turns.append(and_(Application.status == S.RECOMMENDED, anothers))
        turns.append(and_(_answer_late(on), _requests() >= MOST_REQUESTS, anothers))
    return or_(*turns)


def _late(on: date) -> ColumnElement[bool]:
    return and_(Application.status.in_(WAITING), Application.due_on < on)


def _soon(on: date, soon: date) -> ColumnElement[bool]:
    return and_(Application.status.in_(WAITING), Application.due_on >= on, Application.due_on <= soon)


def _answer_late(on: date) -> ColumnElement[bool]:
    """The applicant was asked for a supplement, and the last day for it is over."""
    latest = select(func.max(Supplement.due_on)).where(Supplement.application_id == Application.id)
    return and_(Application.status == S.SUPPLEMENT_REQUESTED, latest.scalar_subquery() < on)


def _requests() -> Any:
    """How many times a supplement was asked for."""
    return select(func.count(Supplement.id)).where(Supplement.application_id == Application.id).scalar_subquery()
