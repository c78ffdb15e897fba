"""The parts of an application as a request for supplement found and left them: before, after, and which it opened."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.supplement_parts import Standing
from portal.models.base import BigInt, Choice, Model, one_of


class SupplementPart(Model):
    """`before`: its value when the supplement was asked for; `after`: when it was answered, None until then."""

    __tablename__ = "supplement_part"
    __table_args__ = (CheckConstraint(one_of("standing", Standing), name="standing"), {"sqlite_strict": True})

    supplement_id: Mapped[int] = mapped_column(BigInt, ForeignKey("supplement.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    standing: Mapped[Standing] = mapped_column(Choice(Standing))
    before: Mapped[str]
    after: Mapped[str | None]
