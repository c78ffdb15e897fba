"""Orders of which two deliveries of one platform say different things, and which of them counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.domain.periods import Month, month_of
from portal.domain.settlements import COLUMNS, SettlementLine, delivery_and_row

# What two statements about an order may differ in: all but its key, as inside one file.
COMPARED = tuple(column.name for column in COLUMNS if column.name not in ("platform", "order_no"))


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One order of one platform, whichever month's deliveries tell of it."""

    platform: str
    order_no: str


@dataclass(frozen=True, slots=True)
class OrderConflict:
    """`versions`: the last statement of each content, newest first; the first of them counts until somebody decides."""

    key: OrderKey
    versions: Sequence[SettlementLine]

    @property
    def number(self) -> int:
        """The receipt of the newest statement, which names the conflict until a later one comes."""
        return self.versions[0].received_seq

    @property
    def periods(self) -> list[Month]:
        """The month of each version's delivery, in the order of `versions`: a file's lines are all of its month."""
        return [month_of(line.ordered_at) for line in self.versions]

    @property
    def across_months(self) -> bool:
        """Whether files of several months tell of it: then it may also be two orders under one number."""
        return len(set(self.periods)) > 1

    @property
    def deliveries(self) -> list[int]:
        """The numbers of the deliveries that the versions came with, in the order of `versions`."""
        return [delivery_and_row(line.received_seq)[0] for line in self.versions]

    @property
    def differing(self) -> list[str]:
        """The columns in which the versions are not all alike."""
        return [name for name in COMPARED if len({getattr(line, name) for line in self.versions}) > 1]

    def version(self, received_seq: int) -> SettlementLine | None:
        return next((line for line in self.versions if line.received_seq == received_seq), None)


@dataclass(frozen=True, slots=True)
class DecideConflict:
    """`counts`: the receipt of the version that is to count; `reason`: why, for whoever asks later."""

    counts: int
    reason: str
