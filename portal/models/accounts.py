"""Organisations, the persons who act, their accounts and roles, and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.accounts import Level
from portal.domain.actors import OF_PEOPLE, Role
from portal.models.base import BigInt, Choice, Key, Model, one_of, ref
from portal.models.mandates import Mandate


class Organisation(Model):
    """A ministry, city or county; `contact_*` stand in its letters (민원처리법 시행령 제31조)."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint(one_of("level", Level), name="level"), {"sqlite_strict": True})

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    head_title: Mapped[str]
    level: Mapped[Level] = mapped_column(Choice(Level))
    region_code: Mapped[str]
    contact_unit: Mapped[str]
    contact_phone: Mapped[str]
    contact_email: Mapped[str]
    address: Mapped[str]


class Person(Model):
    """A human being. Four-eyes rules compare persons, because one person may hold several accounts."""

    __tablename__ = "person"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    name: Mapped[str]


class User(Model):
    """`platform`: whose person it is; then the account holds Role.PLATFORM or none, and else never that role."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("platform IS NULL OR (platform <> '' AND organisation_id IS NOT NULL)", name="platform"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    person_id: Mapped[int] = ref("person.id")
    organisation_id: Mapped[int | None] = ref("organisation.id")
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    platform: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    organisation: Mapped[Organisation | None] = relationship(lazy="joined")
    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="user", lazy="selectin", foreign_keys="RoleGrant.user_id"
    )


class RoleGrant(Model):
    """A role given to an account; kept after it is taken away (권한 부여·변경·말소 내역)."""

    __tablename__ = "role_grant"
    __table_args__ = (
        CheckConstraint(one_of("role", OF_PEOPLE), name="role"),
        UniqueConstraint("user_id", "role", "granted_at"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(Choice(Role))
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("account.id"))
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])


class LoginSession(Model):
    """One signed-in browser. The cookie holds the token, the table only its hash; `mandate_id`: by which mandate they
    act for a business at the moment."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_user_id_ended_at", "user_id", "ended_at"), {"sqlite_strict": True})

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(BigInt, ForeignKey("account.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    mandate_id: Mapped[int | None] = ref("mandate.id", index=False)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    mandate: Mapped[Mandate | None] = relationship(lazy="joined")


class LoginAttempt(Model):
    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_login_key_at", "login_key", "at"), {"sqlite_strict": True})

    id: Mapped[Key]
    login_key: Mapped[str]
    at: Mapped[datetime]
    succeeded: Mapped[bool]
