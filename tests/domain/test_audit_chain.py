"""The hash chain: every tampering of six kinds is found; what an anchor adds is shown by its lack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from portal.domain.audit_chain import BEGINNING, Head, content, differences, follow, line, read
from portal.domain.errors import FileRefused

AT = datetime(2026, 6, 15, tzinfo=UTC)
SEED, TIMES, EVENTS = 4130, 150, 24
Event = tuple[Any, ...]


def trail(random: Random) -> list[Event]:
    ids = sorted(random.sample(range(1, 90), EVENTS))
    return [(number, "claim", random.randrange(9), "approve", None, "approved", 3, 3, AT + timedelta(seconds=number),
             "비고", {"b": 1, "a": [2]}) for number in ids]  # fmt: skip


def written(events: list[Event], *places: int) -> list[Head]:
    heads = list(follow(BEGINNING, events))
    return [heads[place] for place in places]


def change(random: Random, events: list[Event]) -> None:
    place, column = random.randrange(len(events)), random.choice([1, 2, 3, 5, 6, 7, 8, 9, 10])
    event, other = list(events[place]), {2: -1, 6: 77, 7: 77, 8: AT, 10: {"a": [2], "b": 2}}
    event[column] = other.get(column, "something else")
    events[place] = tuple(event)


def delete(random: Random, events: list[Event]) -> None:
    del events[random.randrange(len(events))]


def insert(random: Random, events: list[Event]) -> None:
    free = random.choice([number for number in range(1, events[-1][0]) if number not in {e[0] for e in events}])
    events.append((free, *random.choice(events)[1:]))
    events.sort(key=lambda event: event[0])


def reorder(random: Random, events: list[Event]) -> None:
    one, other = random.sample(range(len(events)), 2)
    first, second = events[one], events[other]
    events[one], events[other] = (first[0], *second[1:]), (second[0], *first[1:])


def truncate(random: Random, events: list[Event]) -> None:
    del events[random.randrange(len(events)) :]


def replace_tail(random: Random, events: list[Event]) -> None:
    place = random.randrange(len(events))
    events[place:] = [(event[0], "other", *event[2:]) for event in events[place:]]


INSIDE, OUTSIDE = (change, delete, insert, reorder), (truncate, replace_tail)


@pytest.mark.parametrize("tamper", [*INSIDE, *OUTSIDE])
def test_every_tampering_is_found_with_the_anchor_and_by_whoever_cannot_write_seals_without_it(tamper: Any) -> None:
    random = Random(SEED)
    found_inside = found_outside = 0
    for _time in range(TIMES):
        events = trail(random)
        seals, anchors = written(events, 7, 15, EVENTS - 1), written(events, 11, EVENTS - 1)
        assert list(differences(events, seals, anchors)) == []
        tamper(random, events)
        found_inside += bool(list(differences(events, seals, [])))
        forged = written(events, len(events) - 1) if events else []  # whoever rules the database writes new seals too
        assert list(differences(events, forged, [])) == []  # the control: without an anchor nothing is noticed
        found_outside += bool(list(differences(events, forged, anchors)))
    assert (found_inside, found_outside) == (TIMES, TIMES)


def test_the_content_is_the_same_whatever_the_zone_and_the_order_of_keys() -> None:
    seoul = AT.astimezone(datetime.fromisoformat("2026-06-15T09:00+09:00").tzinfo)
    assert content((1, AT, {"b": 1, "a": 2}, "가")) == content((1, seoul, {"a": 2, "b": 1}, "가"))
    assert content((1, None)) != content((1, "None"))


def test_an_anchor_is_read_back_as_it_was_written() -> None:
    heads = written(trail(Random(1)), 3, 9)
    assert read("".join(line(head, AT) for head in heads)) == heads


@pytest.mark.parametrize("text", ["", "no json\n", '{"upto": 1}\n', '{"upto": 1, "count": 1, "hash": "zz"}\n'])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(FileRefused, match="not_an_anchor"):
        read(text)
