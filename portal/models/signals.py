"""Signals of duplicate or improper receipt with what was seen and the official's verdict, and the rounds that look."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.signals import JUDGED, Rule, SignalStatus
from portal.models.base import Choice, Key, Model, Trace, one_of, ref
from portal.models.merchants import Merchant


class SignalRound(Model):
    """One look at the businesses of an office, or at one of them. The job that does it (portal/models/jobs.py) says who
    asked and when. `outcome`: how many businesses were looked at and what changed; None until then.
    """

    __tablename__ = "signal_round"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    merchant_id: Mapped[int | None] = ref("merchant.id")
    outcome: Mapped[Any | None] = mapped_column(Trace)


class Signal(Model):
    """What a rule saw of a business at an office. `facts` is what was seen when, `fingerprint` tells whether it is the
    same still; `present`: whether the last round saw it. The verdict speaks of these facts and of no others.
    """

    __tablename__ = "signal"
    __table_args__ = (
        CheckConstraint(one_of("rule", Rule), name="rule"),
        CheckConstraint(one_of("status", SignalStatus), name="status"),
        CheckConstraint(
            f"NOT ({one_of('status', JUDGED)}) OR (judged_by IS NOT NULL AND judged_at IS NOT NULL AND reason <> '')",
            name="judged",
        ),
        UniqueConstraint("organisation_id", "merchant_id", "rule", "scope"),
        Index("ix_signal_organisation_id_status_id", "organisation_id", "status", "id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    merchant_id: Mapped[int] = ref("merchant.id")
    rule: Mapped[Rule] = mapped_column(Choice(Rule))
    scope: Mapped[str]
    status: Mapped[SignalStatus] = mapped_column(Choice(SignalStatus))
    facts: Mapped[Any] = mapped_column(Trace)
    fingerprint: Mapped[str]
    present: Mapped[bool]
    first_seen_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    judged_by: Mapped[int | None] = ref("account.id", index=False)
    judged_at: Mapped[datetime | None]
    reason: Mapped[str]

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
