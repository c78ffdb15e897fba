"""Joint representatives (공동대표) of a business: who they are, and whom of them an application needs the signature of.

A person is told from another of the same name by the date of birth; no 주민등록번호 is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Problem

MOST = 10
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class AddRepresentative:
    name: str
    born_on: date


def identity_of(name: str, born_on: date) -> str:
    """What is the same for one person in whatever business they represent: the name without blanks, and the day."""
    return f"{''.join(name.split())}|{born_on.isoformat()}"


def problems_in(command: AddRepresentative, on: date, *, known: int) -> list[Problem]:
    """What is wrong with naming one more; `known`: how many are named already."""
    found = [] if command.name.strip() else [Problem("required", "name")]
    if len(command.name) > LONGEST_NAME:
        found.append(Problem("too_long", "name"))
    if command.born_on > on:
        found.append(Problem("date_in_future", "born_on"))
    if known >= MOST:
        found.append(Problem("representatives_too_many", "name", str(MOST)))
    return found
