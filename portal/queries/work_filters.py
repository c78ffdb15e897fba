"""What narrows the work queue: whose cases, in whose charge, with which tag, late or due soon, whose turn."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.domain.actors import Actor, Role
from portal.domain.applications import ApplicationStatus
from portal.domain.identifiers import digits_of, normalise_code
from portal.domain.reviews import NOBODY, Filters
from portal.domain.supplements import MOST_REQUESTS
from portal.models.applications import Application, Supplement
from portal.models.merchants import Merchant
from portal.models.programmes import Programme
from portal.models.tags import Tagging

S = ApplicationStatus
WAITING = (S.SUBMITTED, S.IN_REVIEW, S.RECOMMENDED)  # the office's turn; during a supplement its clock stands still
UNDECIDED = (*WAITING, S.SUPPLEMENT_REQUESTED)

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def of_office(query: Query, by: Actor) -> Query:
    """The cases of the official's organisation; drafts are the merchant's own affair."""
    return query.join(Programme, Programme.id == Application.programme_id).where(
        Programme.organisation_id == by.organisation_id, Application.submitted_at.is_not(None)
    )


def narrowed(by: Actor, filters: Filters, on: date, soon: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.text:
        conditions.append(_matches(filters.text))
    if filters.programme:
        conditions.append(Programme.code == filters.programme)
    if filters.status in set(S):
        conditions.append(Application.status == S(filters.status))
    conditions += _in_charge(filters.officer)
    if _is_id(filters.tag):
        conditions.append(_tagged(int(filters.tag)))
    if filters.view == "mine":
        conditions.append(Application.reviewer_id == by.user_id)
    elif filters.view == "undecided" and not filters.status and not filters.text:  # who searches looks everywhere
        conditions.append(Application.status.in_(UNDECIDED))
    elif filters.view == "my_turn":
        conditions.append(_my_turn(by, on))
    elif filters.view == "due_soon":
        conditions.append(due_soon(on, soon))
    elif filters.view == "overdue":
        conditions.append(late(on))
    elif filters.view == "answer_late":
        conditions.append(answer_late(on))
    return conditions


def _in_charge(officer: str) -> list[ColumnElement[bool]]:
    """`none`, or the id of an account; anything else narrows nothing."""
    if officer == NOBODY:
        return [Application.reviewer_id.is_(None)]
    return [Application.reviewer_id == int(officer)] if _is_id(officer) else []


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


def _tagged(tag_id: int) -> ColumnElement[bool]:
    carrying = select(Tagging.application_id).where(Tagging.tag_id == tag_id, Tagging.taken_off_at.is_(None))
    return Application.id.in_(carrying)


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
        mine = or_(Application.reviewer_id == by.user_id, handed_on)
        turns.append(and_(Application.status.in_((S.SUBMITTED, S.IN_REVIEW)), mine))
        turns.append(and_(answer_late(on), _requests() < MOST_REQUESTS, mine))
    if by.has(Role.APPROVER):
        anothers = or_(Application.reviewer_id != by.user_id, handed_on)
        turns.append(and_(Application.status == S.RECOMMENDED, anothers))
        turns.append(and_(answer_late(on), _requests() >= MOST_REQUESTS, anothers))
    return or_(*turns)


def late(on: date) -> ColumnElement[bool]:
    return and_(Application.status.in_(WAITING), Application.due_on < on)


def due_soon(on: date, soon: date) -> ColumnElement[bool]:
    return and_(Application.status.in_(WAITING), Application.due_on >= on, Application.due_on <= soon)


def answer_late(on: date) -> ColumnElement[bool]:
    """The applicant was asked for a supplement, and the last day for it is over."""
    latest = select(func.max(Supplement.due_on)).where(Supplement.application_id == Application.id)
    return and_(Application.status == S.SUPPLEMENT_REQUESTED, latest.scalar_subquery() < on)


def _requests() -> Any:
    """How many times a supplement was asked for."""
    return select(func.count(Supplement.id)).where(Supplement.application_id == Application.id).scalar_subquery()
