"""The hash chain over the audit trail: what is hashed, in which order, and what an anchor outside the database says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from portal.domain.errors import FileRefused, Problem

START = "0" * 64  # the hash before the first event


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain after event `upto`, the `count`-th in the order of ids."""

    upto: int
    count: int
    hash: str


BEGINNING = Head(0, 0, START)


def content(event: Sequence[Any]) -> bytes:
    """The columns of an event in their fixed order as canonical JSON, the same on both databases."""
    said = [each.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(each, datetime) else each
            for each in event]  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def follow(head: Head, events: Iterable[Sequence[Any]]) -> Iterator[Head]:
    """The head after each event: SHA-256 of the hash before and the event's content. The id comes first in an event."""
    for event in events:
        digest = hashlib.sha256(head.hash.encode() + content(event)).hexdigest()
        head = Head(event[0], head.count + 1, digest)
        yield head


def differences(events: Iterable[Sequence[Any]], seals: Sequence[Head], anchors: Sequence[Head]) -> Iterator[str]:
    """Walks the whole trail once. `seals`, `anchors`: heads that were written down earlier, inside and outside.

    Every head written down must be met exactly; what is missing, added, changed or moved before it makes another.
    """
    expected: dict[int, list[tuple[str, Head]]] = {}
    for name, heads in (("seal", seals), ("anchor", anchors)):
        for head in heads:
            expected.setdefault(head.upto, []).append((name, head))
    for head in follow(BEGINNING, events):
        for name, written in expected.pop(head.upto, ()):
            if written != head:
                yield f"{name} after event {written.upto}: {written.count} events then, {head.count} now, another hash"
    for upto in sorted(expected):
        yield from (f"{name} after event {upto}: there is no such event any more" for name, _head in expected[upto])


def line(head: Head, at: datetime) -> str:
    """A line of the anchor file."""
    return json.dumps(asdict(head) | {"at": at.astimezone(UTC).isoformat(timespec="seconds")}) + "\n"


def read(text: str, *, file: str = "") -> list[Head]:
    """The heads of an anchor file, oldest first. Raises FileRefused for a line that is none, or for no line at all."""
    found = []
    for number, each in enumerate(text.splitlines(), start=1):
        try:
            found.append(_head(json.loads(each)))
        except (ValueError, KeyError, TypeError):
            raise FileRefused(problems=[Problem("not_an_anchor", file=file, row=number)]) from None
    if not found:
        raise FileRefused(problems=[Problem("not_an_anchor", file=file)])
    return found


def _head(said: Mapping[str, Any]) -> Head:
    head = Head(int(said["upto"]), int(said["count"]), str(said["hash"]))
    if len(bytes.fromhex(head.hash)) != 32:
        raise ValueError(head.hash)
    return head
