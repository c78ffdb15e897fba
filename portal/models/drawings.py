"""Draw-ups asked for: a programme's month, the run that came of it, and what the run did."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Key, Model, Trace, ref
from portal.models.programmes import Programme


class Drawing(Model):
    """The job that computes it (portal/models/jobs.py) says who asked and when. `outcome`: see services/drawings.py."""

    __tablename__ = "drawing"
    __table_args__ = (
        CheckConstraint("(run_id IS NULL) = (outcome IS NULL)", name="outcome"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    programme_id: Mapped[int] = ref("programme.id")
    period: Mapped[str]
    run_id: Mapped[int | None] = ref("assessment_run.id")
    outcome: Mapped[Any | None] = mapped_column(Trace)

    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
