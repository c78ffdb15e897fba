"""Codes with which merchants take over the accounts that officials opened for them; only their hashes are kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Key, Model, ref


class Activation(Model):
    """`replaced_at`: a newer letter carries another code; `used_at`: the account was taken over with this one."""

    __tablename__ = "activation"
    __table_args__ = (
        CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name="once"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    account_id: Mapped[int] = ref("account.id")
    letter_id: Mapped[int] = ref("letter.id", index=False)
    code_hash: Mapped[str] = mapped_column(unique=True)
    issued_by: Mapped[int] = ref("account.id", index=False)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
