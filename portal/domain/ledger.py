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
    REVENUE = "revenue"  # came back after its year was closed: income of the later year (과년도 수입)
    RECEIVABLE = "receivable"  # ordered back and not back yet (환수 미수액)
    DEMANDED = "demanded"  # the other side of it: its balance is minus the receivable


class PostingKind(StrEnum):
    APPROPRIATE = "appropriate"
    REDUCE = "reduce"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    COMMIT = "commit"
    RELEASE = "release"
    DISBURSE = "disburse"
    RETURN = "return"
    RECOVER = "recover"
    RECOVER_LATE = "recover_late"
    DEMAND = "demand"
    FULFIL = "fulfil"
    WRITE_OFF = "write_off"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Recipe:
    """`debit` receives, `credit` gives.

    `uses`: +1 takes from what the budget line still holds, -1 gives back. `grants`: +1 raises its appropriation, -1
    lowers it.
    """

    debit: Account
    credit: Account
    uses: int = 0
    grants: int = 0


RECIPES: dict[PostingKind, Recipe] = {
    PostingKind.APPROPRIATE: Recipe(Account.AVAILABLE, Account.SOURCE, grants=+1),  # 배정, 추경 증액
    PostingKind.REDUCE: Recipe(Account.SOURCE, Account.AVAILABLE, grants=-1),  # 추경 감액, 불용
    # One entry on the line that gives and one on the line that receives, posted together (예산 전용·이체).
    PostingKind.TRANSFER_OUT: Recipe(Account.SOURCE, Account.AVAILABLE, grants=-1),
    PostingKind.TRANSFER_IN: Recipe(Account.AVAILABLE, Account.SOURCE, grants=+1),
    PostingKind.COMMIT: Recipe(Account.COMMITTED, Account.AVAILABLE, uses=+1),
    PostingKind.RELEASE: Recipe(Account.AVAILABLE, Account.COMMITTED, uses=-1),
    PostingKind.DISBURSE: Recipe(Account.PAID, Account.COMMITTED),
    PostingKind.RETURN: Recipe(Account.COMMITTED, Account.PAID),
    # Money that comes back in its own year may be spent again; later it is the later year's income (여입, 과년도 수입).
    PostingKind.RECOVER: Recipe(Account.AVAILABLE, Account.PAID, uses=-1),
    PostingKind.RECOVER_LATE: Recipe(Account.REVENUE, Account.PAID),
    PostingKind.DEMAND: Recipe(Account.RECEIVABLE, Account.DEMANDED),
    PostingKind.FULFIL: Recipe(Account.DEMANDED, Account.RECEIVABLE),
    PostingKind.WRITE_OFF: Recipe(Account.DEMANDED, Account.RECEIVABLE),
    PostingKind.WITHDRAW: Recipe(Account.DEMANDED, Account.RECEIVABLE),  # the order itself was taken back (인용)
}

# What is in these accounts of a line belongs to one application each: nobody takes from them beyond their own.
OF_ONE_CAUSE = frozenset({Account.COMMITTED, Account.PAID, Account.RECEIVABLE})

# What was paid out comes back in two ways, each up to all of it: the bank sends it back, or its payee pays it back.
# Both may happen to one payment, in any order: an account turns out wrong after its owner paid something back, and the
# claim is then paid anew in full. Until then less than nothing has reached the payee.
WAYS_BACK = (frozenset({PostingKind.RETURN}), frozenset({PostingKind.RECOVER, PostingKind.RECOVER_LATE}))

REGRANTED = "regrant:"  # how the source keys begin of what a changed grant becomes more or less
CARRIED = "carry:"  # how the source keys begin of what moves a commitment to the next year's line
LAPSED = "lapse:"  # how the source key begins of what a year leaves unused
# A year that is closed gives this away: it lowers what the line holds, not what was appropriated to it (예산현액).
CLOSING = {PostingKind.REDUCE: LAPSED, PostingKind.TRANSFER_OUT: CARRIED}
