"""Tags (꼬리표): an office's own words on its cases. Colour only helps the eye: the name is always there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.errors import Problem

LONGEST_NAME = 20
MOST_TAGS = 30  # of one office: more cannot be told apart in a list


class Colour(StrEnum):
    GREY = "grey"
    BLUE = "blue"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class WriteTag:
    name: str
    colour: str


def problems_in(command: WriteTag) -> list[Problem]:
    """What is wrong with a name and a colour."""
    name = command.name.strip()
    found = [] if name else [Problem("required", "name")]
    if len(name) > LONGEST_NAME:
        found.append(Problem("too_long", "name"))
    if command.colour not in set(Colour):
        found.append(Problem("unknown_choice", "colour"))
    return found
