"""What the machine draws: places counted round, sources, portions of what is there, words of the bank."""

from __future__ import annotations

from hypothesis import strategies as st

from portal.domain.ledger import PostingKind
from tests.faults.money.taking import SOURCES

Kind = PostingKind
place = st.integers(0, 7)  # of an application, a claim, a run: counted round
source_of = st.sampled_from(SOURCES)
seldom = st.integers(0, 4).map(lambda number: number == 4)
said = st.sampled_from(["done", "done", "refused", "unknown", ""])
portion = st.sampled_from(["all", "one more", "one", "half", "odd"])
BACK = [Kind.RECOVER, Kind.RECOVER_LATE]


def won_of(most: int, portion: str) -> int:
    """Won, at least 1: all that is there, one more than that, or some of it."""
    return max(1, {"all": most, "one more": most + 1, "one": 1, "half": most // 2, "odd": most * 7 // 11 | 1}[portion])
