"""Plans with the versions of their text, and reports of what their sub-projects spent and reached.

Versions, reports and their figures are append-only; whether one of them counts is said beside it, in its check.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.plans import FigureKind, ReportStatus
from portal.models.accounts import Organisation
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref


class Plan(Model):
    __tablename__ = "plan"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)


class PlanVersion(Model):
    """The whole TOML as it was loaded; the last one of a plan that a second person confirmed is in force."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("plan_id", "number"), {"sqlite_strict": True})

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("plan.id"))
    number: Mapped[int]
    text: Mapped[str]
    content_hash: Mapped[str]
    loaded_by: Mapped[int] = ref("account.id", index=False)
    loaded_at: Mapped[datetime]

    plan: Mapped[Plan] = relationship(lazy="joined", innerjoin=True)


class PlanVersionCheck(Model):
    """Whether a version (`id`: the version's own) is in force: it waits for a second person. What was loaded before
    there were such checks has none, and is.
    """

    __tablename__ = "plan_version_check"
    __table_args__ = (
        CheckConstraint(one_of("status", ReportStatus), name="status"),
        CheckConstraint("status = 'waiting' OR decided_at IS NOT NULL", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decider"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(BigInt, ForeignKey("plan_version.id"), primary_key=True, autoincrement=False)
    status: Mapped[ReportStatus] = mapped_column(Choice(ReportStatus))
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")

    version: Mapped[PlanVersion] = relationship(lazy="joined", innerjoin=True)


class PlanReport(Model):
    """What a sub-project (`node`, its code) came to in `year` up to `as_of`, as one manager reports it.

    `document`: where that is written; a file of it may be kept under `document_sha256`.
    """

    __tablename__ = "plan_report"
    __table_args__ = (Index("ix_plan_report_plan_id_node", "plan_id", "node"), {"sqlite_strict": True})

    id: Mapped[Key]
    plan_id: Mapped[int] = ref("plan.id", index=False)
    version_id: Mapped[int] = ref("plan_version.id", index=False)
    node: Mapped[str]
    year: Mapped[int]
    as_of: Mapped[date]
    document: Mapped[str]
    note: Mapped[str]
    document_sha256: Mapped[str | None]
    document_name: Mapped[str | None]
    document_type: Mapped[str | None]
    reported_by: Mapped[int] = ref("account.id", index=False)
    reported_at: Mapped[datetime]

    plan: Mapped[Plan] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[PlanVersion] = relationship(lazy="joined", innerjoin=True)
    figures: Mapped[list[PlanFigure]] = relationship(order_by="PlanFigure.id")


class PlanFigure(Model):
    """One figure of a report: won spent of a source, or what an indicator reached. `key`: the source or indicator."""

    __tablename__ = "plan_figure"
    __table_args__ = (
        UniqueConstraint("report_id", "kind", "key"),
        CheckConstraint(one_of("kind", FigureKind), name="kind"),
        CheckConstraint("value >= 0", name="value"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(BigInt, ForeignKey("plan_report.id"))
    kind: Mapped[FigureKind] = mapped_column(Choice(FigureKind))
    key: Mapped[str]
    value: Mapped[int]


class PlanCheck(Model):
    """Whether a report (`id`: the report's own) counts: it waits for a second person, who confirms or refuses it."""

    __tablename__ = "plan_check"
    __table_args__ = (
        CheckConstraint(one_of("status", ReportStatus), name="status"),
        CheckConstraint("status = 'waiting' OR decided_at IS NOT NULL", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decider"),
        {"sqlite_strict": True},
    )

    id: Mapped[int] = mapped_column(BigInt, ForeignKey("plan_report.id"), primary_key=True, autoincrement=False)
    status: Mapped[ReportStatus] = mapped_column(Choice(ReportStatus))
    decided_by: Mapped[int | None] = ref("account.id", index=False)
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")

    report: Mapped[PlanReport] = relationship(lazy="joined", innerjoin=True)
