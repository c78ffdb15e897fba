"""What a test finds in a store of files."""

from __future__ import annotations

from portal.storage.objects import Store


def names(store: Store) -> list[str]:
    """The SHA-256 names of the objects kept, sorted; unfinished writes are not objects."""
    return sorted(path.name for path in store.root.glob("[0-9a-f][0-9a-f]/*"))
