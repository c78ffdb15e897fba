"""What the bank is told of a run by file: which payments, in which layout, and that they are what was prepared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from portal.domain.errors import Conflict, Incomplete, Problem
from portal.domain.money import Won
from portal.domain.payments import Channel, PaymentStatus
from portal.domain.periods import korean_date
from portal.models.payments import Payment, PaymentRun
from reports import bank_file, payment_initiation
from reports.payment_initiation import Debtor


def leaving(run: PaymentRun) -> list[Payment]:
    """The run's payments but for those that were held back."""
    return [payment for payment in run.payments if payment.status is not PaymentStatus.HELD]


def moved(run: PaymentRun) -> list[Payment]:
    """Those of them that the bank moves: not what recoveries take whole."""
    return [payment for payment in leaving(run) if payment.amount]


def check(run: PaymentRun, netted_before: Mapping[int, Won]) -> None:
    """What the bank is told is what was prepared, claim by claim and in total. Raises Conflict.

    `netted_before`: claim id -> won that an earlier, returned payment of it had netted.
    """
    payments = leaving(run)
    wrong = [
        payment.reference
        for payment in payments
        if payment.whole != payment.claim.payable - netted_before.get(payment.claim_id, 0)
    ]
    if wrong or (len(payments), sum(payment.amount for payment in payments)) != (run.payment_count, run.total):
        raise Conflict(problems=[Problem("run_changed", "run", ", ".join(wrong) or run.reference)])


def written(run: PaymentRun, channel: Channel, debtor: Debtor | None, *, at: datetime) -> bytes:
    """The file for the bank, in the layout of this channel. Raises Incomplete where ISO 20022 lacks our own account."""
    if channel is Channel.CSV:
        return bank_file.render(_transfers(run, at))
    if debtor is None:
        raise Incomplete(problems=[Problem("no_paying_account", "channel")])
    return payment_initiation.render(_transfers(run, at), debtor, at=at)


def _transfers(run: PaymentRun, at: datetime) -> bank_file.TransferFile:
    return bank_file.TransferFile(
        reference=run.reference,
        created_on=korean_date(at),
        transfers=tuple(
            bank_file.Transfer(
                payment_id=payment.reference,
                bank_code=payment.bank_code,
                account_number=payment.account_number,
                holder=payment.account_holder,
                amount=payment.amount,
                memo=payment.claim.period,
            )
            for payment in moved(run)
        ),
    )
