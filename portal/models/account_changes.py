"""Changes of the account that a merchant is paid to: what it was, what it is, from when on it is paid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Encrypted, Key, Model, ref
from portal.models.merchants import Merchant


class AccountChange(Model):
    """`claim_id`: the claim whose payment failed, where that was the reason. Two persons may confirm it earlier; one
    refuses it (`refusal` says why), and nothing is paid to it.
    """

    __tablename__ = "account_change"
    __table_args__ = (
        CheckConstraint(
            "second_confirmed_by IS NULL OR"
            " (first_confirmed_by IS NOT NULL AND second_confirmed_by <> first_confirmed_by)",
            name="two_confirm",
        ),
        {"sqlite_strict": True},
    )

    id: Mapped[Key]
    merchant_id: Mapped[int] = ref("merchant.id")
    claim_id: Mapped[int | None] = ref("claim.id")
    bank_code: Mapped[str]
    account_number: Mapped[str] = mapped_column(Encrypted("account_change.account_number"))
    account_holder: Mapped[str]
    before_bank_code: Mapped[str]
    before_account_number: Mapped[str] = mapped_column(Encrypted("account_change.before_account_number"))
    changed_by: Mapped[int] = ref("account.id")
    changed_at: Mapped[datetime]
    payable_from: Mapped[date]
    first_confirmed_by: Mapped[int | None] = ref("account.id")
    first_confirmed_at: Mapped[datetime | None]
    second_confirmed_by: Mapped[int | None] = ref("account.id")
    second_confirmed_at: Mapped[datetime | None]
    refused_by: Mapped[int | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(default="", server_default="")

    merchant: Mapped[Merchant] = relationship(lazy="joined", innerjoin=True)
