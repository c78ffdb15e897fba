"""Proposals of platform firms, the services they offer, and the score sheets given to them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.domain.proposals import ALIVE, CHOSEN, Account, ProposalStatus
from portal.domain.rankings import Outcome
from portal.models.base import BigInt, Choice, Encrypted, Flag, Key, Model, one_of, ref
from portal.models.programmes import Programme, ProgrammeVersion

_ALIVE = text(one_of("status", ALIVE))


class Proposal(Model):
    """One firm's, the operator of `platform`; `version`: the call it answers. `score`: the average in hundredths.

    `agreement_*` stay when the account changes: then it waits to be checked and agreed to anew.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint(one_of("status", ProposalStatus), name="status"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome"),
        CheckConstraint("score IS NULL OR score BETWEEN 0 AND 10000", name="score"),
        CheckConstraint(f"NOT ({one_of('status', CHOSEN)}) OR rank IS NOT NULL", name="ranked"),
        CheckConstraint("status <> 'agreed' OR agreement_number IS NOT NULL", name="agreed"),
        CheckConstraint("agreement_ends_on IS NULL OR agreement_ends_on >= agreed_on", name="agreement"),
        Index("uq_proposal_alive", "programme_id", "platform", unique=True, sqlite_where=_ALIVE,
              postgresql_where=_ALIVE),
        {"sqlite_strict": True},
    )  # fmt: skip

    id: Mapped[Key]
    organisation_id: Mapped[int] = ref("organisation.id")
    programme_id: Mapped[int] = mapped_column(BigInt, ForeignKey("programme.id"))
    version_id: Mapped[int] = ref("programme_version.id")
    platform: Mapped[str]
    status: Mapped[ProposalStatus] = mapped_column(Choice(ProposalStatus))
    firm: Mapped[str]
    business_number: Mapped[str]
    representative: Mapped[str]
    plan: Mapped[str]
    conditions_declared: Mapped[bool] = mapped_column(Flag)
    bank_code: Mapped[str]
    account_number: Mapped[str] = mapped_column(Encrypted("proposal.account_number"))
    account_holder: Mapped[str]
    drafted_by: Mapped[int] = ref("account.id", index=False)
    drafted_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    rank: Mapped[int | None]
    score: Mapped[int | None]
    outcome: Mapped[Outcome | None] = mapped_column(Choice(Outcome))
    opinion: Mapped[str]
    agreement_number: Mapped[str | None]
    agreed_on: Mapped[date | None]
    agreement_ends_on: Mapped[date | None]

    programme: Mapped[Programme] = relationship(lazy="joined", innerjoin=True)
    version: Mapped[ProgrammeVersion] = relationship()
    offers: Mapped[list[Offer]] = relationship(back_populates="proposal", order_by="Offer.id")

    @property
    def account(self) -> Account:
        return Account(self.bank_code, self.account_number, self.account_holder)

    @property
    def trade_name(self) -> str:
        """As payees are called everywhere."""
        return self.firm


class Offer(Model):
    """One service of a proposal: `supply_value` is what a grant pays, `vat` what the merchant bears beside it."""

    __tablename__ = "offer"
    __table_args__ = (CheckConstraint("supply_value > 0 AND vat >= 0", name="amounts"), {"sqlite_strict": True})

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id")
    kind: Mapped[str]
    name: Mapped[str]
    terms: Mapped[str]
    supply_value: Mapped[int]
    vat: Mapped[int]

    proposal: Mapped[Proposal] = relationship(back_populates="offers", lazy="joined", innerjoin=True)


class ProposalSheet(Model):
    """Append-only: what one person gave one proposal, once."""

    __tablename__ = "proposal_sheet"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"), {"sqlite_strict": True})

    id: Mapped[Key]
    proposal_id: Mapped[int] = ref("proposal.id", index=False)
    account_id: Mapped[int] = ref("account.id", index=False)
    person_id: Mapped[int] = ref("person.id", index=False)
    comment: Mapped[str]
    given_at: Mapped[datetime]

    scores: Mapped[list[ProposalScore]] = relationship(lazy="selectin", order_by="ProposalScore.criterion")

    @property
    def total(self) -> int:
        return sum(score.points for score in self.scores)


class ProposalScore(Model):
    """Append-only: the points for one criterion of a sheet."""

    __tablename__ = "proposal_score"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 100", name="points"), {"sqlite_strict": True})

    sheet_id: Mapped[int] = mapped_column(BigInt, ForeignKey("proposal_sheet.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    points: Mapped[int]
