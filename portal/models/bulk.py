"""One step for many cases: what was asked for and previewed, and what became of each case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.bulk import BulkAction, Result, RunStatus
from portal.models.base import BigInt, Choice, Flag, Key, Model, one_of, ref


class BulkRun(Model):
    """What the step needs: `reason` where cases change hands, a tag, or what is asked of applicants and for how long.

    `no_interest`: the person declared to have none in the cases of which they had said nothing.
    """

    __tablename__ = "bulk_run"
    __table_args__ = (
        CheckConstraint(one_of("action", BulkAction), name="action"),
        CheckConstraint(one_of("status", RunStatus), name="status"),
        CheckConstraint("(action IN ('tag', 'untag')) = (tag_id IS NOT NULL)", name="tag"),
        CheckConstraint("(status = 'prepared') = (confirmed_at IS NULL)", name="confirmed"),
        Index("ix_bulk_run_organisation_id_id", "organisation_id", "id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    prepared_by: Mapped[int] = ref("account.id")
    action: Mapped[BulkAction] = mapped_column(Choice(BulkAction))
    status: Mapped[RunStatus] = mapped_column(Choice(RunStatus))
    tag_id: Mapped[int | None] = ref("tag.id", index=False)
    reason: Mapped[str]
    items: Mapped[str]
    days: Mapped[int]
    no_interest: Mapped[bool] = mapped_column(Flag)
    prepared_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BulkRunPart(Model):
    """A part of the applications that the same request for supplement opens in each case."""

    __tablename__ = "bulk_run_part"
    __table_args__ = ({"sqlite_strict": True},)

    run_id: Mapped[int] = mapped_column(BigInt, ForeignKey("bulk_run.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)


class BulkCase(Model):
    """One case of a run. `seen`: what the preview saw of it; `officer_id`: who is to get it; `result` with the problem
    that stood in the way, before it was tried (`left_out`) or when it was.
    """

    __tablename__ = "bulk_case"
    __table_args__ = (
        CheckConstraint(f"result IS NULL OR {one_of('result', Result)}", name="result"),
        CheckConstraint("(result IS NULL OR result = 'done') = (problem = '')", name="problem"),
        UniqueConstraint("run_id", "application_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    run_id: Mapped[int] = ref("bulk_run.id", index=False)
    application_id: Mapped[int] = ref("application.id")
    seen: Mapped[str]
    officer_id: Mapped[int | None] = ref("account.id", index=False)
    result: Mapped[Result | None] = mapped_column(Choice(Result))
    problem: Mapped[str]
    value: Mapped[str]
    done_at: Mapped[datetime | None]
