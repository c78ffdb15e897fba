"""Vouchers: drafting one with its document, and what another person makes of it. Posted through the ledger alone."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.domain.actors import Actor
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted, Problem
from portal.domain.ledger import PostingKind
from portal.domain.periods import korean_date
from portal.domain.vouchers import (
    CORRECTIONS,
    LIFECYCLE,
    DraftVoucher,
    Side,
    VoucherKind,
    problems_in,
)
from portal.models.ledger import LedgerEntry
from portal.models.vouchers import Voucher, VoucherDocument
from portal.queries import audit, budget, vouchers
from portal.queries.vouchers import LineOf
from portal.services import ledger, reservations, steps
from portal.storage.objects import Store

_OF_A_PAYMENT = "disburse:payment:"
_CORRECTED = {VoucherKind.RELEASE: PostingKind.COMMIT, VoucherKind.RETURN: PostingKind.DISBURSE}


def draft(session: Session, store: Store, command: DraftVoucher, *, by: Actor, at: datetime) -> Voucher:
    """Puts a voucher before another person. Raises Incomplete with all that is wrong, NotFound for a foreign line,
    AlreadyDone where one that says the same waits.
    """
    problems = [] if command.reason.strip() else [Problem("required", "reason")]
    problems += _problems(session, command.kind, command.amount, command.line_id, command.to_line_id,
                          command.corrects, by=by, on=korean_date(at))  # fmt: skip
    if problems:
        raise Incomplete(problems=problems)
    to_line_id = command.to_line_id if command.kind is VoucherKind.TRANSFER else None
    corrects_id = command.corrects if command.kind in CORRECTIONS else None
    reason = command.reason.strip()
    voucher = Voucher(
        organisation_id=by.organisation_id,
        kind=command.kind,
        line_id=command.line_id,
        to_line_id=to_line_id,
        amount=command.amount,
        corrects_id=corrects_id,
        reason=reason,
        says=f"{command.kind} {command.line_id} {to_line_id} {command.amount} {corrects_id} {reason}",
        drafted_by=by.user_id,
        drafted_at=at,
    )
    try:
        steps.begin(session, voucher, LIFECYCLE, "draft", by=by, at=at)
    except IntegrityError as waits:
        raise AlreadyDone(problems=[Problem("voucher_waits", "reason")]) from waits
    file, stored = command.file, store.put(command.file.content)
    session.add(
        VoucherDocument(
            voucher_id=voucher.id,
            filename=file.filename,
            media_type=file.media_type,
            size=stored.size,
            sha256=stored.sha256,
        )
    )
    session.flush()
    return voucher


def post(session: Session, voucher_id: int, *, by: Actor, at: datetime) -> Voucher:
    """Posts it, dated today. Raises SamePerson for the drafter, Incomplete for what became wrong meanwhile."""
    seen = vouchers.one(session, voucher_id, by)
    lines = budget.beside(session, [line for line in (seen.line_id, seen.to_line_id) if line is not None])
    ledger.hold(session, lines)
    voucher = vouchers.one(session, voucher_id, by, held=True)
    LIFECYCLE.check(LIFECYCLE.step(voucher.status, "post"), by, audit.done_by(session, LIFECYCLE.noun, voucher.id))
    wrong = _problems(session, voucher.kind, voucher.amount, voucher.line_id, voucher.to_line_id,
                      voucher.corrects_id, by=by, on=korean_date(at))  # fmt: skip
    if wrong:
        raise Incomplete(problems=wrong)
    steps.take(session, voucher, LIFECYCLE, "post", by=by, at=at)
    voucher.posted_at = at
    if voucher.to_line_id is not None:
        _move(session, PostingKind.TRANSFER_OUT, voucher, voucher.line_id, "voucher:out", by=by, at=at)
        _move(session, PostingKind.TRANSFER_IN, voucher, voucher.to_line_id, "voucher:in", by=by, at=at)
    else:
        _move(session, PostingKind(voucher.kind.value), voucher, voucher.line_id, "voucher", by=by, at=at)
    for programme_id in sorted(set(lines.values())):
        reservations.fill(session, programme_id, by=by, at=at)
    return voucher


def refuse(session: Session, voucher_id: int, *, note: str, by: Actor, at: datetime) -> Voucher:
    """Turns it down, for good."""
    if not note.strip():
        raise Incomplete(problems=[Problem("required", "note")])
    voucher = vouchers.one(session, voucher_id, by, held=True)
    steps.take(session, voucher, LIFECYCLE, "refuse", by=by, at=at, note=note)
    return voucher


def withdraw(session: Session, voucher_id: int, *, by: Actor, at: datetime) -> Voucher:
    """Its drafter takes it back. Raises NotPermitted for anybody else: they refuse it with a reason."""
    voucher = vouchers.one(session, voucher_id, by, held=True)
    if by.person_id not in audit.done_by(session, LIFECYCLE.noun, voucher.id).get("draft", ()):
        raise NotPermitted("voucher: taken back by its drafter alone")
    steps.take(session, voucher, LIFECYCLE, "withdraw", by=by, at=at)
    return voucher


def _move(
    session: Session, kind: PostingKind, voucher: Voucher, line_id: int, key: str, *, by: Actor, at: datetime
) -> None:
    corrected = session.get(LedgerEntry, voucher.corrects_id) if voucher.corrects_id else None
    ledger.post(
        session,
        kind,
        {line_id: voucher.amount},
        source_key=f"{key}:{voucher.id}",
        by=by,
        at=at,
        application_id=corrected.application_id if corrected else None,
        note=voucher.reason,
    )


def _problems(
    session: Session, kind: VoucherKind, amount: int, line_id: int, to_line_id: int | None, corrects: int | None,
    *, by: Actor, on: date,
) -> list[Problem]:  # fmt: skip
    """Everything in the way, with the field of the form it belongs to."""
    known = {each.line.id: each for each in vouchers.lines(session, by)}
    if line_id not in known or (to_line_id is not None and to_line_id not in known):
        raise NotFound("no such budget line")
    left: int | None = None if kind is VoucherKind.APPROPRIATE else known[line_id].left
    if kind in CORRECTIONS:
        found = vouchers.entry_on(session, corrects, line_id)
        if found is None or found[0].kind is not _CORRECTED[kind]:
            return [Problem("corrects_nothing", "corrects", str(corrects or ""))]
        if found[0].source_key.startswith(_OF_A_PAYMENT):
            return [Problem("payment_returned_elsewhere", "corrects")]
        left = vouchers.left_of(session, kind, *found, line_id)
        if kind is VoucherKind.RELEASE:
            left = min(left, vouchers.unclaimed(session, found[0].application_id, on=on))
    to = _side(known[to_line_id], None) if to_line_id is not None else None
    return problems_in(kind, amount, _side(known[line_id], left), to)


def _side(of: LineOf, left: int | None) -> Side:
    return Side(of.line.id, of.line.source, of.line.fiscal_year, of.closed, left)
