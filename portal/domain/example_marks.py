"""The marks on values of a programme file that are ours and not the original's: dotted paths, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portal.domain.tables import Table


def read_marks(root: Table, document: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """The note and the paths; a path that leads nowhere is noted."""
    if not root.has("example"):
        return "", ()
    table = root.table("example")
    note, paths = table.text("note"), table.texts("paths")
    for path in paths:
        if not is_there(document, path):
            table.note("leads_nowhere", "paths", path)
    table.finish()
    return note, paths


def is_there(document: Mapping[str, object], path: str) -> bool:
    """Whether an example's path leads to something: `item.delivery.caps`, `eligibility.sales`."""
    return _leads_somewhere(document, path.split("."))


def _leads_somewhere(value: object, steps: Sequence[str]) -> bool:
    """Tables by key; lists of tables by the element's `code`, `per` or `source`."""
    if not steps:
        return True
    head, *rest = steps
    if isinstance(value, Mapping):
        return head in value and _leads_somewhere(value[head], rest)
    if isinstance(value, list):
        named = [e for e in value if isinstance(e, Mapping) and head in (e.get("code"), e.get("per"), e.get("source"))]
        return any(_leads_somewhere(each, rest) for each in named)
    return False
