"""Posting recipes of the budget ledger: each kind moves an amount from one account of a budget line to another.

One debit and one credit of the same amount: a posting that does not sum to zero cannot be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """Accounts of one budget line (organisation, programme, fiscal year, funding source)."""

    SOURCE = "source"  # where the budget comes from: its balance is minus the appropriation (예산현액)
    AVAILABLE = "available"  # appropriated, not promised (집행잔액)
    COMMITTED = "committed"  # promised by a decision, not paid (교부결정액 중 미지급)
    PAID = "paid"  # confirmed by the bank (실집행액)


class PostingKind(StrEnum):
    APPROPRIATE = "appropriate"
    COMMIT = "commit"
    RELEASE = "release"
    DISBURSE = "disburse"
    RETURN = "return"
    RECOVER = "recover"


@dataclass(frozen=True, slots=True)
class Recipe:
    """`debit` receives, `credit` gives. `uses`: +1 takes from what the budget line still holds, -1 gives back."""

    debit: Account
    credit: Account
    uses: int


RECIPES: dict[PostingKind, Recipe] = {
    PostingKind.APPROPRIATE: Recipe(Account.AVAILABLE, Account.SOURCE, 0),
    PostingKind.COMMIT: Recipe(Account.COMMITTED, Account.AVAILABLE, +1),
    PostingKind.RELEASE: Recipe(Account.AVAILABLE, Account.COMMITTED, -1),
    PostingKind.DISBURSE: Recipe(Account.PAID, Account.COMMITTED, 0),
    PostingKind.RETURN: Recipe(Account.COMMITTED, Account.PAID, 0),
    PostingKind.RECOVER: Recipe(Account.AVAILABLE, Account.PAID, -1),
}
