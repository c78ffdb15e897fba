"""What a claim rests on, line by line: for the page of the merchant or the official, and whole as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.domain.assessment import ExplainedLine, Reason
from portal.domain.money import E4
from portal.models.claims import Claim
from portal.services import assessments
from portal.storage.objects import Stores

PAGE = 100

TABLE = (
    *("ordered_at", "platform", "order_no", "item", "channel", "status", "cost_won", "amount_before_caps_won"),
    *("cuts", "counted_won", "reason", "article"),
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page of lines out of `number`; `reasons` counts all of them, `exact_e4` is the sum of all.

    `first` to `last` are shown, counted from 1; `earlier` and `later` begin the pages around.
    """

    lines: Sequence[ExplainedLine]
    number: int
    first: int
    last: int
    earlier: int | None
    later: int | None
    reasons: Sequence[tuple[Reason, int]]
    exact_e4: int


def page(stores: Stores, claim: Claim, *, start: int = 0) -> Explanation:
    """The lines from the `start`-th on that say something: an item an order had no cost for is left out."""
    told = list(_worth_telling(assessments.explained(stores, claim)))
    start = max(0, min(start, len(told) - 1) // PAGE * PAGE)
    counted = Counter(line.reason for line in told)
    return Explanation(
        lines=told[start : start + PAGE],
        number=len(told),
        first=min(start + 1, len(told)),
        last=min(start + PAGE, len(told)),
        earlier=start - PAGE if start else None,
        later=start + PAGE if start + PAGE < len(told) else None,
        reasons=[(reason, counted[reason]) for reason in reversed(Reason) if counted[reason]],
        exact_e4=sum(line.amount_e4 for line in told),
    )


def table(stores: Stores, claim: Claim) -> Iterator[tuple[object, ...]]:
    """Every line of the claim's explanation as a row under `TABLE`; amounts in won with four decimals."""
    return map(_row, assessments.explained(stores, claim))


def _row(line: ExplainedLine) -> tuple[object, ...]:
    return (
        line.ordered_at.isoformat(" "),
        line.platform,
        line.order_no,
        line.item,
        line.channel,
        line.status,
        line.basis,
        _exact(line.amount_before_caps_e4),
        "; ".join(f"{cut.what} {cut.per} {_exact(cut.taken_e4)} {cut.legal}".strip() for cut in line.cuts),
        _exact(line.amount_e4),
        line.reason.value,
        line.legal,
    )


def _worth_telling(lines: Sequence[ExplainedLine]) -> Iterator[ExplainedLine]:
    with_cost = {(line.platform, line.order_no, line.received_seq) for line in lines if line.basis > 0}
    told: set[tuple[str, str, int]] = set()
    for line in lines:
        key = (line.platform, line.order_no, line.received_seq)
        if line.basis > 0 or (key not in with_cost and key not in told):
            told.add(key)
            yield line


def _exact(e4: int) -> str:
    return f"{e4 // E4}.{e4 % E4:04d}"
