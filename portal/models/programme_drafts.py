"""Programmes being written, before anybody publishes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.programme_drafts import DraftStatus
from portal.models.base import Choice, Key, Model, one_of, ref
from portal.models.programmes import Programme


class ProgrammeDraft(Model):
    """`text`: the rule set as far as it is written. `source`: what it was made from; `programme_id`: the programme it
    amends, none for a new one; `base_version_id`: the version it was copied from; `version_id`: what it became."""

    __tablename__ = "programme_draft"
    __table_args__ = (
        CheckConstraint(one_of("status", DraftStatus), name="status"),
        CheckConstraint("(status = 'handed_over') = (version_id IS NOT NULL)", name="version"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    programme_id: Mapped[int | None] = ref("programme.id")
    base_version_id: Mapped[int | None] = ref("programme_version.id", index=False)
    version_id: Mapped[int | None] = ref("programme_version.id")
    status: Mapped[DraftStatus] = mapped_column(Choice(DraftStatus))
    source: Mapped[str]
    text: Mapped[str]
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    programme: Mapped[Programme | None] = relationship(lazy="joined")
