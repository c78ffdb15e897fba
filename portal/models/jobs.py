"""Background jobs: the truth about what is to be done, whatever a queue remembers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.jobs import JobKind, JobStatus
from portal.models.accounts import User
from portal.models.base import Choice, Key, Model, one_of, ref


class Job(Model):
    """`subject`: the record it is about, of the kind's own table. A running job is held by `token` until `lease_until`.

    `done` of `steps` steps; `result_sha256` names its result among the reports, `problem` the code of its failure.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(one_of("kind", JobKind), name="kind"),
        CheckConstraint(one_of("status", JobStatus), name="status"),
        CheckConstraint("done >= 0 AND done <= steps AND attempts >= 0", name="progress"),
        CheckConstraint("status <> 'running' OR (token IS NOT NULL AND lease_until IS NOT NULL)", name="held"),
        Index("ix_job_kind_subject", "kind", "subject", unique=True),
        Index("ix_job_status_lease_until", "status", "lease_until"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    kind: Mapped[JobKind] = mapped_column(Choice(JobKind))
    subject: Mapped[int]
    asked_by: Mapped[int] = ref("account.id")
    asked_at: Mapped[datetime]
    status: Mapped[JobStatus] = mapped_column(Choice(JobStatus))
    token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    result_sha256: Mapped[str | None]
    problem: Mapped[str | None]

    asker: Mapped[User] = relationship(lazy="joined", innerjoin=True)
