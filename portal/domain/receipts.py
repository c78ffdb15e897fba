"""Files on their way into the portal: received and kept, read in the background, then stored, or refused and looked at.

A file that cannot be read stays until somebody has looked at it: an unknown layout is a question, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from portal.domain.errors import FileRefused, Problem
from portal.domain.layout_matching import ComparedColumn, Comparison, LayoutUnknown, Verdict
from portal.domain.lifecycle import Lifecycle, Step


class ReceiptStatus(StrEnum):
    """`received`: waits or is being read; `refused`: kept for a person; `closed`: looked at, nothing more comes."""

    RECEIVED = "received"
    STORED = "stored"
    REFUSED = "refused"
    CLOSED = "closed"


S = ReceiptStatus

# Who may deliver may close and read again; that is asked where it is done, as people of platforms may, too.
LIFECYCLE = Lifecycle(
    "receipt",
    S.RECEIVED,
    (
        Step(S.RECEIVED, "store", S.STORED, None),
        Step(S.RECEIVED, "refuse", S.REFUSED, None),
        Step(S.RECEIVED, "close", S.CLOSED, None),
        Step(S.REFUSED, "close", S.CLOSED, None),
    ),
)


def to_plain(refusal: FileRefused) -> dict[str, Any]:
    """Why a file was refused, as JSON."""
    plain: dict[str, Any] = {"problems": [asdict(problem) for problem in refusal.problems]}
    if isinstance(refusal, LayoutUnknown):
        plain["comparison"] = asdict(refusal.comparison)
    return plain


def from_plain(plain: Mapping[str, Any]) -> FileRefused:
    """The refusal again."""
    problems = [Problem(**problem) for problem in plain["problems"]]
    if "comparison" not in plain:
        return FileRefused(problems=problems)
    columns = (
        ComparedColumn(column["expected"], column["found"], Verdict(column["verdict"]))
        for column in plain["comparison"]["columns"]
    )
    return LayoutUnknown(Comparison(plain["comparison"]["layout"], tuple(columns)), problems)
