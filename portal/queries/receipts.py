"""Looks up files on their way in, and the jobs that read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, lazyload

from portal.domain.actors import Actor
from portal.domain.errors import FileRefused, NotFound
from portal.domain.jobs import OVER, JobKind
from portal.domain.receipts import ReceiptStatus, from_plain
from portal.models.jobs import Job
from portal.models.receipts import Receipt

PAGE = 50
OPEN = (ReceiptStatus.RECEIVED, ReceiptStatus.REFUSED)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A receipt with the job that reads it; None where it was read when it came in."""

    receipt: Receipt
    job: Job | None

    @property
    def id(self) -> int:
        return self.receipt.id

    @property
    def moving(self) -> bool:
        """Whether it waits for its turn or is being read."""
        return self.receipt.status is ReceiptStatus.RECEIVED and self.job is not None and self.job.status not in OVER

    @property
    def stuck(self) -> bool:
        """Whether it was not read, for a reason that is not the file's."""
        return self.receipt.status is ReceiptStatus.RECEIVED and not self.moving

    @property
    def waits_for_a_person(self) -> bool:
        return self.stuck or self.receipt.status is ReceiptStatus.REFUSED

    @property
    def refusal(self) -> FileRefused | None:
        return from_plain(self.receipt.refusal) if self.receipt.refusal else None


def page(session: Session, by: Actor, *, before: int | None = None) -> Sequence[Incoming]:
    """A page of the files that are not delivered and not closed, newest first: see `_visible`."""
    query = _incoming().where(_visible(by), Receipt.status.in_(OPEN))
    if before is not None:
        query = query.where(Receipt.id < before)
    rows = session.execute(query.order_by(Receipt.id.desc()).limit(PAGE))
    return [Incoming(receipt, job) for receipt, job in rows]


def number_open(session: Session, by: Actor) -> int:
    """How many files are on their way or wait for somebody to look at them."""
    return session.scalar(select(func.count(Receipt.id)).where(_visible(by), Receipt.status.in_(OPEN))) or 0


def of_organisation(session: Session, receipt_id: int, by: Actor) -> Incoming:
    """One file of those the person may know of. Raises NotFound."""
    return _one(session, receipt_id, _visible(by))


def by_id(session: Session, receipt_id: int) -> Incoming:
    """Anybody's file: for the worker. Raises NotFound."""
    return _one(session, receipt_id)


def _one(session: Session, receipt_id: int, *where: ColumnElement[bool]) -> Incoming:
    row = session.execute(_incoming().where(Receipt.id == receipt_id, *where)).one_or_none()
    if row is None:
        raise NotFound(f"receipt {receipt_id}")
    receipt, job = row
    return Incoming(receipt, job)


def _visible(by: Actor) -> ColumnElement[bool]:
    """The organisation's files; for a platform's person, those of the platform, whoever handed them in."""
    theirs = Receipt.organisation_id == by.organisation_id
    return and_(theirs, Receipt.platform == by.platform) if by.platform else theirs


def _incoming() -> Select[*tuple[Any, ...]]:
    """Who asked for the job is not joined: an inner join would lose the receipts that have none."""
    reads = (Job.kind == JobKind.READING) & (Job.subject == Receipt.id)
    return select(Receipt, Job).outerjoin(Job, reads).options(lazyload(Job.asker))
