"""What a new version of a plan changes in the one in force: for the second person who is to confirm it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.plans import Level, Node, Tree


class Change(StrEnum):
    ADDED = "added"
    TAKEN_AWAY = "taken_away"
    NAME = "name"
    PLANNED = "planned"
    TARGETS = "targets"
    PROGRAMME = "programme"
    SOURCES_KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Changed:
    """One node and what is different about it."""

    node: Node
    changes: tuple[Change, ...]


def changes(before: Tree | None, after: Tree) -> list[Changed]:
    """Node by node in the order of the new plan, then what it takes away; of a first version every field is new."""
    if before is None:
        return [Changed(node, (Change.ADDED,)) for node in after.root.children]
    known, new = ({node.code: node for node in tree.root.walk()} for tree in (before, after))
    found = []
    for code, node in new.items():
        different = tuple(_different(known[code], node)) if code in known else (Change.ADDED,)
        if different:
            found.append(Changed(node, different))
    return found + [Changed(node, (Change.TAKEN_AWAY,)) for code, node in known.items() if code not in new]


def counted(tree: Tree) -> dict[Level, int]:
    """How many nodes of each level."""
    levels = [node.level for node in tree.root.walk()]
    return {level: levels.count(level) for level in (Level.FIELD, Level.TASK, Level.PROJECT)}


def _different(old: Node, new: Node) -> Iterator[Change]:
    for change in (Change.NAME, Change.PLANNED, Change.TARGETS, Change.PROGRAMME, Change.SOURCES_KNOWN):
        if getattr(old, change.value) != getattr(new, change.value):
            yield change
