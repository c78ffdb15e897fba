"""A programme's published versions: proposed by one manager, published by another, never edited.

A version whose first day is still to come is announced; it takes effect on that day, and until then the one before it
is in force.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step


class VersionStatus(StrEnum):
    PROPOSED = "proposed"
    ANNOUNCED = "announced"
    PUBLISHED = "published"
    REPLACED = "replaced"


S, R = VersionStatus, Role

LIFECYCLE = Lifecycle(
    "programme_version",
    S.PROPOSED,
    (
        Step(S.PROPOSED, "publish", S.PUBLISHED, R.MANAGER, apart_from=("propose",)),
        Step(S.PROPOSED, "announce", S.ANNOUNCED, R.MANAGER, apart_from=("propose",)),
        Step(S.ANNOUNCED, "take_effect", S.PUBLISHED, None),
        Step(S.ANNOUNCED, "replace", S.REPLACED, None),
        Step(S.PUBLISHED, "replace", S.REPLACED, None),
    ),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a comparison: "added", "removed", "kept" or "gap" (kept lines left out)."""

    kind: str
    text: str


_KINDS = {"+": "added", "-": "removed", " ": "kept"}


def difference(before: str, after: str) -> Iterator[Change]:
    """What a version changes, line by line, with three lines around each change; nothing where nothing changed."""
    for line in list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm=""))[2:]:
        yield Change("gap", "") if line.startswith("@@") else Change(_KINDS[line[0]], line[1:])
