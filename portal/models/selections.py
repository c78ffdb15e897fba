"""The selection of a programme: its candidates, their score sheets, the lottery's list and numbers, and the minutes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.rankings import Outcome
from portal.domain.selection_rules import Basis
from portal.domain.selections import SelectionStatus
from portal.models.applications import Application
from portal.models.base import BigInt, Choice, Encrypted, Flag, Key, Model, one_of, ref
from portal.models.programmes import ProgrammeVersion


class Selection(Model):
    """One for a programme, under the version in force when the candidates were fixed.

    `list_sha256`: of the receipt numbers as published. A lottery: `commitment` announces `sealed`, which is given up to
    `seed` for everybody to read when it is drawn with `public_value`. `opinion`: what the committee resolved;
    `minutes_*`: its minutes as they were signed.
    """

    __tablename__ = "selection"
    __table_args__ = (
        CheckConstraint(one_of("status", SelectionStatus), name="status"),
        CheckConstraint(one_of("basis", Basis), name="basis"),
        CheckConstraint("basis = 'lottery' OR status NOT IN ('announced', 'drawn')", name="drawn"),
        CheckConstraint("basis = 'scored' OR status <> 'ranked'", name="ranked"),
        CheckConstraint("status <> 'announced' OR commitment IS NOT NULL", name="announced"),
        CheckConstraint("seed IS NULL OR (sealed IS NULL AND public_value IS NOT NULL)", name="revealed"),
        CheckConstraint("status <> 'confirmed' OR minutes_sha256 IS NOT NULL", name="minutes"),
        UniqueConstraint("programme_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"))
    version_id: Mapped[int] = ref("programme_version.id")
    basis: Mapped[Basis] = mapped_column(Choice(Basis))
    status: Mapped[SelectionStatus] = mapped_column(Choice(SelectionStatus))
    list_sha256: Mapped[str]
    fixed_by: Mapped[int] = ref("account.id", index=False)
    fixed_at: Mapped[datetime]
    public_source: Mapped[str]
    draws_on: Mapped[date | None]
    commitment: Mapped[str | None]
    sealed: Mapped[str | None] = mapped_column(Encrypted("selection.sealed"))
    seed: Mapped[str | None]
    public_value: Mapped[str | None]
    ordered_by: Mapped[int | None] = ref("account.id", index=False)
    ordered_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = ref("account.id", index=False)
    confirmed_at: Mapped[datetime | None]
    opinion: Mapped[str]
    minutes_sha256: Mapped[str | None]

    version: Mapped[ProgrammeVersion] = relationship(lazy="joined", innerjoin=True)
    candidates: Mapped[list[Candidate]] = relationship(order_by="Candidate.application_id")


class Candidate(Model):
    """`rank`: its place from 1, None before the ranking and below the pass mark. `score`: the average in hundredths of
    a point; `ticket`: of a lottery; `tied`: whether the tie rule decided.
    """

    __tablename__ = "selection_candidate"
    __table_args__ = (
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome"),
        CheckConstraint("rank IS NULL OR rank > 0", name="rank"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 10000", name="score"),
        CheckConstraint("outcome NOT IN ('selected', 'reserve') OR rank IS NOT NULL", name="ranked"),
        UniqueConstraint("selection_id", "rank"),
        {"sqlite_strict": True},
    )

    application_id: Mapped[int] = mapped_column(BigInt, ForeignKey("application.id"), primary_key=True)
    selection_id: Mapped[int] = ref("selection.id")
    rank: Mapped[int | None]
    score: Mapped[int | None]
    counted: Mapped[int | None]
    tied: Mapped[bool] = mapped_column(Flag, default=False)
    ticket: Mapped[str | None]
    outcome: Mapped[Outcome | None] = mapped_column(Choice(Outcome))

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)


class ScoreSheet(Model):
    """Append-only: what one person gave one candidate, once."""

    __tablename__ = "score_sheet"
    __table_args__ = (
        UniqueConstraint("application_id", "person_id"),
        Index("ix_score_sheet_selection_id", "selection_id"),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    selection_id: Mapped[int] = ref("selection.id", index=False)
    application_id: Mapped[int] = ref("selection_candidate.application_id", index=False)
    account_id: Mapped[int] = ref("account.id", index=False)
    person_id: Mapped[int] = ref("person.id", index=False)
    comment: Mapped[str]
    given_at: Mapped[datetime]

    scores: Mapped[list[Score]] = relationship(lazy="selectin", order_by="Score.criterion")

    @property
    def total(self) -> int:
        return sum(score.points for score in self.scores)


class Score(Model):
    """Append-only: the points for one criterion of a sheet."""

    __tablename__ = "score"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 100", name="points"), {"sqlite_strict": True})

    sheet_id: Mapped[int] = mapped_column(BigInt, ForeignKey("score_sheet.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
