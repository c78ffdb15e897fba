"""Requests that must not be done twice: one row per Idempotency-Key, with the answer that was given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import BigInt, Key, Model, Trace


class ApiRequest(Model):
    """Held by `token` until `held_until` while it is being done; done, it holds its `answer` for ever."""

    __tablename__ = "api_request"
    __table_args__ = (
        UniqueConstraint("api_client_id", "route", "key"),
        CheckConstraint("(answered_with IS NULL) = (answered_at IS NULL)", name="answered"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    api_client_id: Mapped[int] = mapped_column(BigInt, ForeignKey("api_client.id"))
    route: Mapped[str]
    key: Mapped[str]
    body_sha256: Mapped[str]
    token: Mapped[str]
    held_until: Mapped[datetime]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_with: Mapped[int | None]
    answer: Mapped[Any | None] = mapped_column(Trace)
