"""What a worker does with the outside world of money: sends payments, asks the bank, asks registers.

Nothing outside is spoken to inside a transaction: what is to be said is read first, what was said is written after.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask

from portal.clock import now
from portal.domain.bank_orders import SILENCE, SILENT_AT_MOST, Order, Word
from portal.domain.errors import Refusal
from portal.domain.snapshots import RegisterAccess, SnapshotAnswer
from portal.gateways import account_holder, bank, tax_office
from portal.models.base import transaction_apart
from portal.services import bank_orders, snapshots
from portal.storage.objects import Stores

logger = logging.getLogger(__name__)
_ACCOUNTS = 50  # questions about account holders in one round


def pay(app: Flask) -> int:
    """Sends the payments that are due, and asks what became of those sent before; how many answers were written.

    One at a time: it was written down as being sent before it leaves, and the answer is written before the next.
    """
    access = app.config["SETTINGS"].bank
    if access is None:
        return 0
    settled = silent = 0
    with app.app_context(), bank.connected(access) as line:
        stores = app.extensions["ieum_stores"]
        while silent < SILENT_AT_MOST:
            with transaction_apart() as session:
                order = bank_orders.take_up(session, at=now())
            if order is None:
                break
            word = line.ask(order, at=now()) if order.enquiry else line.send(order, at=now())
            settled += _settled(stores, order, word, safe=access.safe)
            silent = silent + 1 if word.outcome in SILENCE else 0
    return settled


def _settled(stores: Stores, order: Order, word: Word, *, safe: timedelta) -> bool:
    """Writes an answer; one that our own books refuse is set aside, and keeps no other payment waiting."""
    try:
        with transaction_apart() as session:
            return bank_orders.settle(session, stores, order, word, safe=safe, at=now()) is not None
    except Refusal:
        logger.exception("the bank's word on %s cannot be booked", order.reference)
        with transaction_apart() as session:
            bank_orders.set_aside(session, order, word, at=now())
        return True


def look(app: Flask) -> int:
    """Asks the registers about whom they have to be asked; how many answers were written, silence among them."""
    settings = app.config["SETTINGS"]
    with app.app_context():
        taxpayers = _taxpayers(settings.tax_office) if settings.tax_office else 0
        return taxpayers + (_holders(settings.account_holders) if settings.account_holders else 0)


def _taxpayers(access: RegisterAccess) -> int:
    written = 0
    while True:
        with transaction_apart() as session:
            asked = snapshots.taxpayers_to_ask(session, at=now(), most=tax_office.MOST)
        if not asked:
            return written
        heard = tax_office.status(access, [number for _, number in asked])
        with transaction_apart() as session:
            snapshots.keep_tax_status(session, asked, heard, at=now())
        written += len(asked)


def _holders(access: RegisterAccess) -> int:
    with transaction_apart() as session:
        questions = snapshots.accounts_to_ask(session, at=now(), most=_ACCOUNTS)
    for written, question in enumerate(questions, start=1):
        answer, raw_sha256 = account_holder.holder(access, question)
        with transaction_apart() as session:
            snapshots.keep_account_holder(session, question, answer, raw_sha256, at=now())
        if answer is SnapshotAnswer.UNAVAILABLE:
            return written  # the next round asks the others
    return len(questions)
