"""The checker of procedure leaves no lifecycle out."""

from __future__ import annotations

from portal.domain import lifecycles
from portal.queries import lifecycle_invariants


def test_every_lifecycle_is_compared_with_its_audit_trail() -> None:
    checked = {lifecycle.noun for lifecycle, _ in lifecycle_invariants.LIFECYCLES}
    assert checked == {lifecycle.noun for lifecycle in lifecycles.ALL}
    assert len(checked) == len(lifecycle_invariants.LIFECYCLES)
