"""What an application took over from the portal's own records, field by field, until it is changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import BigInt, Model, ref


class TakenOver(Model):
    """`field`: plan, contact_phone or `file-<code>`; `source_id`: the earlier application, none for the business's own
    record."""

    __tablename__ = "taken_over"
    __table_args__ = ({"sqlite_strict": True},)

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = ref("application.id", index=False)
    taken_at: Mapped[datetime]
