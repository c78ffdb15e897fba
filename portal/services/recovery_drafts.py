"""What a case comes to: its principal by payment and source, the lines of its order, and the bounds of both."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.deadlines import period_of
from portal.domain.errors import Incomplete, InvalidTransition, Problem
from portal.domain.money import round_down
from portal.domain.periods import korean_date, month_of
from portal.domain.recoveries import MAX_DAYS, MAX_TEXT, MIN_REASON, NOT_WITH_FIRMS, ChargeKind, DraftOrder
from portal.domain.recovery_amounts import Charge, Part, charges, parts_of
from portal.models.recoveries import Recovery, RecoveryCharge, RecoveryPart
from portal.queries import recoveries


def expected(session: Session, recovery: Recovery, *, at: datetime, waived: bool | None = None) -> list[Charge]:
    """What an order would come to now, line by line; once it is issued, what it came to."""
    if recovery.ordered_on is not None:
        return recoveries.charges_of(session, recovery)
    on, rates = korean_date(at), data.recovery_rates_in_law()
    found = charges(
        [Part(part.payment_id, part.source, part.claimed, part.principal) for part in recovery.parts],
        recovery.cause,
        noticed=month_of(recovery.noticed_on or on),
        on=on,
        rates=rates,
        unit=unit(on),
        waive_surcharge=recovery.waive_surcharge if waived is None else waived,
    )
    # A firm owes what it was paid: interest and surcharge are for those who were granted money.
    return found if recovery.invoice_id is None else [line for line in found if line.kind is ChargeKind.PRINCIPAL]


def refuse_firm(recovery: Recovery, action: str) -> None:
    """Raises InvalidTransition for a step that is not taken with a firm."""
    if recovery.invoice_id is not None and action in NOT_WITH_FIRMS:
        raise InvalidTransition(f"recovery: {action} with a firm", [Problem("not_with_firms")])


def refuse_returned(session: Session, recovery: Recovery) -> None:
    """Raises Incomplete where the bank has sent a payment back since the draft: nobody owes what came back already."""
    where = (recovery.programme_id, recovery.merchant_id, recovery.period)
    paid = recoveries.paid_back(session, *where, apart_from=recovery.id, invoice_id=recovery.invoice_id)
    left = sum(sum(each.left.values()) for each in paid)
    if sum(part.principal for part in recovery.parts) > left:
        raise Incomplete(problems=[Problem("recovery_over_paid", "amount", f"{left:,}")])


def unit(on: date) -> int:
    """Below so many won nothing is counted (국고금 관리법 제47조)."""
    return data.recovery_rates_in_law().limit("smallest_unit", on).won


def charge_row(recovery: Recovery, line: Charge, on: date) -> RecoveryCharge:
    """A line as it is kept for good."""
    return RecoveryCharge(
        recovery_id=recovery.id,
        kind=line.kind,
        source=line.source,
        amount=line.amount,
        act=line.act,
        article=line.article,
        base=line.base,
        percent=line.percent,
        months=line.months,
        valid_from=line.valid_from,
        unverified=line.check,
        charged_on=on,
    )


def set_parts(session: Session, recovery: Recovery, amount: int, *, on: date) -> None:
    """The principal by payment and source, cut below ten won. Raises Incomplete for nothing, or more than was paid."""
    where = (recovery.programme_id, recovery.merchant_id, recovery.period)
    paid = recoveries.paid_back(session, *where, apart_from=recovery.id or 0)
    left = sum(sum(each.left.values()) for each in paid)
    whole = round_down(amount, unit(on))
    if whole <= 0:
        raise Incomplete(problems=[Problem("recovery_too_small", "amount")])
    if whole > left:
        raise Incomplete(problems=[Problem("recovery_over_paid", "amount", f"{left:,}")])
    if recovery.parts:
        recovery.parts = []
        session.flush()
    recovery.amount = whole
    recovery.parts = [
        RecoveryPart(payment_id=part.payment_id, source=part.source, claimed=part.claimed, principal=part.principal)
        for part in parts_of(whole, paid)
    ]


def check_draft(command: DraftOrder, at: datetime) -> None:
    on, rates = korean_date(at), data.recovery_rates_in_law()
    least = period_of(data.act_periods(), "public_money", "recovery_payment", on).days
    wrong = []
    if not least <= command.days <= MAX_DAYS:
        wrong.append(Problem("order_days", "days", str(least)))
    limit = rates.limit("surcharge_waiver", on).won
    if command.waive_surcharge and command.amount > limit:
        wrong.append(Problem("surcharge_not_waived", "waive_surcharge", f"{limit:,}"))
    if wrong:
        raise Incomplete(problems=wrong)


def reason_of(text: str, *, field: str = "reason") -> str:
    """Raises Incomplete where whoever reads it would not learn why."""
    text = text.strip()
    if len(text) < MIN_REASON:
        raise Incomplete(problems=[Problem("recovery_reason_too_short", field)])
    if len(text) > MAX_TEXT:
        raise Incomplete(problems=[Problem("too_long", field)])
    return text


def by_line(session: Session, recovery: Recovery) -> dict[int, int]:
    """Budget line id -> principal that it gets back."""
    lines = recoveries.lines_of(session, {part.payment_id for part in recovery.parts})
    amounts: dict[int, int] = {}
    for part in recovery.parts:
        line = lines[part.payment_id, part.source]
        amounts[line.id] = amounts.get(line.id, 0) + part.principal
    return amounts
