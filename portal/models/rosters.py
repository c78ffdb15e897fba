"""Associations' applications for their members: the list, the papers with signatures, and each member of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.rosters import MemberStatus, RosterStatus, Way
from portal.models.applications import Application
from portal.models.base import Choice, Encrypted, Key, Model, one_of, ref
from portal.models.programmes import Programme

_LISTED = text("status <> 'removed'")


class Roster(Model):
    """One association's application in a programme. `account_id`: who acts for the association."""

    __tablename__ = "roster"
    __table_args__ = (CheckConstraint(one_of("status", RosterStatus), name="status"), {"sqlite_strict": True})

    id: Mapped[Key]
    programme_id: Mapped[int] = ref("programme.id")
    account_id: Mapped[int] = ref("account.id")
    status: Mapped[RosterStatus] = mapped_column(Choice(RosterStatus))
    association: Mapped[str]
    number: Mapped[str]
    market: Mapped[str]
    region_code: Mapped[str]
    phone: Mapped[str]
    opened_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]

    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
    papers: Mapped[list[RosterPaper]] = relationship(order_by="RosterPaper.id")


class RosterPaper(Model):
    """A scanned list of signatures (동의 연명부); the bytes lie in the object store under `document_sha256`."""

    __tablename__ = "roster_paper"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    roster_id: Mapped[int] = ref("roster.id")
    document_sha256: Mapped[str]
    document_name: Mapped[str]
    document_type: Mapped[str]
    added_by: Mapped[int] = ref("account.id", index=False)
    added_at: Mapped[datetime]


class RosterMember(Model):
    """One member as listed. `paper_id`: the list that it signed; `application_id`: its own, once handed in.

    What is listed of a business is kept here until it is handed in; then what is registered counts.
    """

    __tablename__ = "roster_member"
    __table_args__ = (
        CheckConstraint(one_of("status", MemberStatus), name="status"),
        CheckConstraint(one_of("way", Way), name="way"),
        CheckConstraint("status <> 'handed_in' OR application_id IS NOT NULL", name="handed_in"),
        CheckConstraint("status <> 'signed' OR paper_id IS NOT NULL", name="signed"),
        # A business stands on a list once.
        Index(
            "uq_roster_member_listed", "roster_id", "business_number", unique=True,
            sqlite_where=_LISTED, postgresql_where=_LISTED,
        ),
        Index("ix_roster_member_business_number", "business_number"),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    roster_id: Mapped[int] = ref("roster.id")
    status: Mapped[MemberStatus] = mapped_column(Choice(MemberStatus))
    way: Mapped[Way] = mapped_column(Choice(Way))
    business_number: Mapped[str]
    trade_name: Mapped[str]
    representative: Mapped[str]
    born_on: Mapped[str] = mapped_column(Encrypted("roster_member.born_on"))
    phone: Mapped[str]
    address: Mapped[str]
    industry_edition: Mapped[int]
    industry_code: Mapped[str]
    opened_on: Mapped[date | None]
    regular_workers_tenths: Mapped[int | None]
    bank_code: Mapped[str]
    account_number: Mapped[str] = mapped_column(Encrypted("roster_member.account_number"))
    account_holder: Mapped[str]
    store_id: Mapped[str]
    paper_id: Mapped[int | None] = ref("roster_paper.id", index=False)
    application_id: Mapped[int | None] = ref("application.id")
    answered_by: Mapped[int | None] = ref("account.id", index=False)
    answered_at: Mapped[datetime | None]

    roster: Mapped[Roster] = relationship(lazy="joined", innerjoin=True)
    application: Mapped[Application | None] = relationship()
