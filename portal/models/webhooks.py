"""Addresses where platforms want to be told, the outbox of what they are told, and every try of telling it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.webhooks import Event
from portal.models.api_clients import ApiClient
from portal.models.base import BigInt, Choice, Key, Model, Trace, one_of, ref

_LIVING = text("ended_at IS NULL")


class Webhook(Model):
    """An address that an administrator registered for a client; a client has one at a time."""

    __tablename__ = "webhook"
    __table_args__ = (
        Index("uq_webhook_living", "api_client_id", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    api_client_id: Mapped[int] = mapped_column(BigInt, ForeignKey("api_client.id"))
    url: Mapped[str]
    registered_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    client: Mapped[ApiClient] = relationship(lazy="joined", innerjoin=True)


class WebhookMessage(Model):
    """Waits (`due_at`), was delivered, or was given up. While it is being sent, `token` holds it until `held_until`."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        CheckConstraint(one_of("event", Event), name="event"),
        CheckConstraint(
            "CASE WHEN due_at IS NULL THEN 0 ELSE 1 END + CASE WHEN delivered_at IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN given_up_at IS NULL THEN 0 ELSE 1 END = 1",
            name="one_fate",
        ),
        Index("ix_webhook_message_due_at", "due_at"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    webhook_id: Mapped[int] = ref("webhook.id")
    event: Mapped[Event] = mapped_column(Choice(Event))
    about: Mapped[Any] = mapped_column(Trace)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None]
    held_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]

    webhook: Mapped[Webhook] = relationship(lazy="joined", innerjoin=True)
    log: Mapped[list[WebhookTry]] = relationship(order_by="WebhookTry.id", lazy="selectin")


class WebhookTry(Model):
    """One try: the status that came back, or why none did."""

    __tablename__ = "webhook_try"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    message_id: Mapped[int] = ref("webhook_message.id")
    tried_at: Mapped[datetime]
    answered_with: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")


class ApiSignature(Model):
    """A signature that was used: the same request, caught and sent again, is refused."""

    __tablename__ = "api_signature"
    __table_args__ = ({"sqlite_strict": True},)

    id: Mapped[Key]
    signature: Mapped[str] = mapped_column(unique=True)
    seen_at: Mapped[datetime] = mapped_column(index=True)
