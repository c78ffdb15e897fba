"""Simulations: the draft that was tried, on which months and for whom; the job that computes it holds the result."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.simulations import Participants, Window
from portal.models.base import Choice, Key, Model, one_of, ref
from portal.models.programmes import Programme, ProgrammeVersion


class Simulation(Model):
    """`text`: the draft's terms as TOML, never a version of the programme; `version_id`: the terms in force beside it.

    Months `since` to `until`, both included. `budget` in won where another than the programme's own was entered.
    """

    __tablename__ = "simulation"
    __table_args__ = (
        CheckConstraint(one_of("participants", Participants), name="participants"),
        CheckConstraint(one_of("counted", Window), name="counted"),
        CheckConstraint("since <= until", name="months"),
        CheckConstraint("budget IS NULL OR budget >= 0", name="budget"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    programme_id: Mapped[int] = ref("programme.id")
    version_id: Mapped[int] = ref("programme_version.id")
    text: Mapped[str]
    since: Mapped[str]
    until: Mapped[str]
    participants: Mapped[Participants] = mapped_column(Choice(Participants))
    counted: Mapped[Window] = mapped_column(Choice(Window))
    budget: Mapped[int | None]

    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[ProgrammeVersion] = relationship(lazy="joined", innerjoin=True)
