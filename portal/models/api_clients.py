"""API clients of partner platforms, their secrets and tokens (hashes alone), and the practice data of organisations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import User
from portal.models.base import BigInt, Encrypted, Key, Model, ref


class ApiClient(Model):
    """`organisation_id`: whose administrator opened it; `data_organisation_id`: whose data it reads and writes.

    The two differ for a client that practises. It acts through `account`, an account nobody can sign in to, so that
    deliveries and the audit trail name it like anybody else. `signing_key` signs its requests and its webhooks.
    """

    __tablename__ = "api_client"
    __table_args__ = (CheckConstraint("scopes <> ''", name="scopes"), {"sqlite_strict": True})

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    data_organisation_id: Mapped[int] = ref("organisation.id")
    account_id: Mapped[int] = ref("account.id")
    public_id: Mapped[str] = mapped_column(unique=True)
    platform: Mapped[str]
    name: Mapped[str]
    scopes: Mapped[str]
    signed: Mapped[bool]
    signing_key: Mapped[str] = mapped_column(Encrypted("api_client.signing_key"))
    registered_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    account: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    secrets: Mapped[list[ApiSecret]] = relationship(order_by="ApiSecret.id", lazy="selectin")

    @property
    def sandbox(self) -> bool:
        return self.organisation_id != self.data_organisation_id


class ApiSecret(Model):
    """`hint`: its last four characters, so that people can tell two secrets apart. A replaced one ends later."""

    __tablename__ = "api_secret"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    api_client_id: Mapped[int] = ref("api_client.id")
    secret_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ApiToken(Model):
    """One access token. The caller holds the token, the table only its hash."""

    __tablename__ = "api_token"
    __table_args__ = (
        Index("ix_api_token_api_client_id_expires_at", "api_client_id", "expires_at"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    api_client_id: Mapped[int] = mapped_column(BigInt, ForeignKey("api_client.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    client: Mapped[ApiClient] = relationship(lazy="joined", innerjoin=True)


class SandboxMerchant(Model):
    """An invented merchant of a twin: its links are seen there although it has applied for nothing."""

    __tablename__ = "sandbox_merchant"
    __table_args__ = ({"sqlite_strict": True},)

    merchant_id: Mapped[int] = mapped_column(BigInt, ForeignKey("merchant.id"), primary_key=True)
    organisation_id: Mapped[int] = ref("organisation.id")


class Sandbox(Model):
    """The practice twin of an organisation: an organisation without officials, programmes or money."""

    __tablename__ = "sandbox"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("organisation.id"), unique=True)
    sandbox_of: Mapped[int] = mapped_column(BigInt, ForeignKey("organisation.id"), unique=True)
