"""A programme's published versions: proposed by one manager, published by another, never edited."""

from __future__ import annotations

from enum import StrEnum

from portal.domain.actors import Role
from portal.domain.lifecycle import Lifecycle, Step


class VersionStatus(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    REPLACED = "replaced"


S, R = VersionStatus, Role

LIFECYCLE = Lifecycle(
    "programme_version",
    S.PROPOSED,
    (
        Step(S.PROPOSED, "publish", S.PUBLISHED, R.MANAGER, apart_from=("propose",)),
        Step(S.PUBLISHED, "replace", S.REPLACED, R.MANAGER),
    ),
)
