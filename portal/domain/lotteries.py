"""A draw that anybody can repeat: the list is fixed first, a sealed number is announced by its hash, a public value
that nobody can know yet is named in advance, and the order follows from the three.

Whoever makes the sealed number cannot steer the draw, because the public value comes later; whoever enters the public
value cannot, because the number stays sealed until then and everybody can look the value up. HMAC: RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.errors import Conflict, Incomplete, Problem

SEED_BYTES = 32
MIN_SOURCE = 10  # characters: which number of which day, so that anybody finds it
MAX_SOURCE = 200
MAX_VALUE = 100


@dataclass(frozen=True, slots=True)
class AnnounceDraw:
    """What is said before the draw: which public value will be used, and on which day it is drawn."""

    public_source: str
    draws_on: date


@dataclass(frozen=True, slots=True)
class Drawn:
    """A receipt number with its ticket (64 hexadecimal digits) and its place, from 1."""

    number: str
    ticket: str
    place: int


def list_text(numbers: Sequence[str]) -> str:
    """The list as it is published: one receipt number a line, in the order of text, each line ended."""
    if len(set(numbers)) != len(numbers):
        raise ValueError("a candidate stands on the list once")
    return "".join(f"{number}\n" for number in sorted(numbers))


def list_hash(numbers: Sequence[str]) -> str:
    return hashlib.sha256(list_text(numbers).encode()).hexdigest()


def new_seed(random_bytes: Callable[[int], bytes]) -> str:
    """A sealed number, as hexadecimal digits."""
    return random_bytes(SEED_BYTES).hex()


def commitment(seed: str, fixed_list: str) -> str:
    """What is announced: it binds the sealed number to the list of this hash, and gives neither away."""
    return hashlib.sha256(f"{seed}\n{fixed_list}\n".encode()).hexdigest()


def announcement_problems(command: AnnounceDraw, *, on: date) -> list[Problem]:
    """The value must lie in the future: one that is known already lets whoever made the number choose the order."""
    found = []
    length = len(command.public_source.strip())
    if length < MIN_SOURCE:
        found.append(Problem("reasons_too_short", "public_source"))
    if length > MAX_SOURCE:
        found.append(Problem("too_long", "public_source"))
    if command.draws_on <= on:
        found.append(Problem("draw_not_in_future", "draws_on", f"{command.draws_on}"))
    return found


def normal_value(typed: str) -> str:
    """A public value without blanks and in one form of its digits, so that ` 3, 14,27 ` and `3,14,27` draw alike."""
    return "".join(typed.split())


def value_problems(value: str) -> list[Problem]:
    if not value:
        return [Problem("required", "public_value")]
    if len(value) > MAX_VALUE or not value.isascii() or not value.isprintable():
        return [Problem("not_a_public_value", "public_value")]
    return []


def draw(numbers: Sequence[str], seed: str, public_value: str, *, announced: str) -> list[Drawn]:
    """All receipt numbers in the order of the draw.

    Raises Conflict where list or seed are not those that were announced, Incomplete without a value.
    """
    fixed = list_hash(numbers)
    if not hmac.compare_digest(commitment(seed, fixed), announced):
        raise Conflict("the list or the seed is not what was announced", [Problem("draw_altered")])
    if problems := value_problems(public_value):
        raise Incomplete(problems=problems)
    key = hmac.digest(bytes.fromhex(seed), f"{fixed}\n{public_value}\n".encode(), "sha256")
    tickets = sorted((hmac.new(key, number.encode(), "sha256").hexdigest(), number) for number in numbers)
    return [Drawn(number, ticket, place) for place, (ticket, number) in enumerate(tickets, start=1)]
