"""The officials' work queue: one row per case with all that is needed to choose the next, a page at a time by key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, select, tuple_, union_all
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus
from portal.domain.reviews import Filters
from portal.models.accounts import Person, RoleGrant, User
from portal.models.applications import Application, Supplement
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.tags import Tag
from portal.queries.work_filters import UNDECIDED, WAITING, answer_late, due_soon, late, narrowed, of_office

PAGE = 30
SOON = 3  # working days
__all__ = ["UNDECIDED", "WAITING"]  # asked for as those of the queue
# name in the address -> (column, whether the largest comes first); nothing else can be sorted by
SORTS: dict[str, tuple[Any, bool]] = {
    "due": (Application.due_on, False),
    "received": (Application.submitted_at, True),
    "amount": (func.coalesce(Application.requested_amount, 0), True),
    "name": (Merchant.trade_name, False),
}


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
        of_office(
            select(
                Application.status,
                func.count(),
                func.count().filter(late(on)),
                func.count().filter(due_soon(on, soon)),
                func.count().filter(answer_late(on)),
            ),
            by,
        ).group_by(Application.status)
    ).all()
    past, near, waiting = (sum(row[column] for row in rows) for column in (2, 3, 4))
    return Counts({row[0]: row[1] for row in rows}, near, past, waiting)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter offers: (code, name) of programmes, (account, name) of who reviews, (id, name) of tags."""

    programmes: list[tuple[str, str]]
    officers: list[tuple[str, str]]
    tags: list[tuple[str, str]]


def choices(session: Session, by: Actor) -> Choices:
    """The organisation's own, in one statement: the list is looked at more often than anything else."""
    reviews = select(RoleGrant.user_id).where(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None))
    rows = session.execute(
        union_all(
            select(literal("programme"), Programme.code, Programme.name, Programme.id).where(
                Programme.organisation_id == by.organisation_id
            ),
            select(literal("officer"), cast(User.id, Text), Person.name, literal(0))
            .join(Person, Person.id == User.person_id)
            .where(User.organisation_id == by.organisation_id, User.active, User.id.in_(reviews)),
            select(literal("tag"), cast(Tag.id, Text), Tag.name, literal(0)).where(
                Tag.organisation_id == by.organisation_id, Tag.retired_at.is_(None)
            ),
        )
    ).all()
    found: dict[str, list[tuple[int, str, str]]] = {"programme": [], "officer": [], "tag": []}
    for kind, code, name, order in rows:
        found[kind].append((order, name, code))
    return Choices(*([(code, name) for _order, name, code in sorted(each)] for each in found.values()))


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
    row = of_office(select(column).select_from(Application).join(Merchant), by).where(Application.id == anchor)
    here, there = tuple_(column, Application.id), tuple_(row.correlate(None).scalar_subquery(), anchor)
    return here > there if larger else here < there


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
    query = of_office(query, by)
    query = query.outerjoin(User, User.id == Application.reviewer_id).outerjoin(Person, Person.id == User.person_id)
    return query.where(*narrowed(by, filters, on, soon))


def matching(session: Session, by: Actor, filters: Filters, *, on: date, soon: date, most: int) -> list[int]:
    """The cases that the filters leave, in the order in which they were accepted; at most so many."""
    query: Select[*tuple[Any, ...]] = select(Application.id).join(Merchant, Merchant.id == Application.merchant_id)
    query = of_office(query, by).where(*narrowed(by, filters, on, soon))
    order = Application.programme_id, Application.queue_number, Application.id
    return list(session.scalars(query.order_by(*order).limit(most)))


def ours(session: Session, by: Actor, application_ids: Collection[int]) -> list[int]:
    """Those of these cases that are the office's, in the order in which they were accepted."""
    query: Select[*tuple[Any, ...]] = of_office(select(Application.id), by).where(Application.id.in_(application_ids))
    return list(session.scalars(query.order_by(Application.programme_id, Application.queue_number, Application.id)))
