"""An office's tags, and the cases that carry them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.tags import Colour
from portal.models.base import Choice, Key, Model, one_of, ref

_LIVES = text("retired_at IS NULL")
_ON = text("taken_off_at IS NULL")


class Tag(Model):
    """A retired one is on no case any more; its name may be used again."""

    __tablename__ = "tag"
    __table_args__ = (
        CheckConstraint(one_of("colour", Colour), name="colour"),
        CheckConstraint("name <> ''", name="name"),
        Index(
            "uq_tag_name", "organisation_id", "name", unique=True, sqlite_where=_LIVES, postgresql_where=_LIVES,
        ),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id", index=False)
    name: Mapped[str]
    colour: Mapped[Colour] = mapped_column(Choice(Colour))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Tagging(Model):
    """A tag on a case, until it is taken off; then the row stays as history."""

    __tablename__ = "tagging"
    __table_args__ = (
        CheckConstraint("(taken_off_at IS NULL) = (taken_off_by IS NULL)", name="taken_off"),
        Index("uq_tagging_on", "application_id", "tag_id", unique=True, sqlite_where=_ON, postgresql_where=_ON),
        Index("ix_tagging_tag_id", "tag_id", sqlite_where=_ON, postgresql_where=_ON),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    application_id: Mapped[int] = ref("application.id", index=False)
    tag_id: Mapped[int] = ref("tag.id", index=False)
    put_on_by: Mapped[int] = ref("account.id", index=False)
    put_on_at: Mapped[datetime]
    taken_off_by: Mapped[int | None] = ref("account.id", index=False)
    taken_off_at: Mapped[datetime | None]
