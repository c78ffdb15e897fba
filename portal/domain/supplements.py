"""Requests for supplement (보완): how often, how long, when extended, and when an application is returned.

민원처리법 제22조, 시행령 제24조·제25조: a fair time, which the applicant may ask to extend twice; one more request
of at most ten days where the first was not answered fully; then the application may be returned with reasons (반려).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from portal.domain.errors import Incomplete, InvalidTransition, Problem
from portal.domain.periods import document_date

MOST_REQUESTS = 2
MIN_REASON = 5  # characters
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class ExtendSupplement:
    """By how many days the applicant asks to have the time extended, and why."""

    days: int
    reason: str


class Request(Protocol):
    """A request as it is stored; `due_on` is its last day, extensions included."""

    @property
    def due_on(self) -> date: ...

    @property
    def answered(self) -> bool: ...


def open_of(requests: Sequence[Request]) -> Request | None:
    """The request that waits for an answer."""
    return requests[-1] if requests and not requests[-1].answered else None


def days_late(request: Request, answered_on: date) -> int:
    """Days after the last day, 0 in time."""
    return max(0, (answered_on - request.due_on).days)


def refuse_request(requests: Sequence[Request], on: date) -> None:
    """Raises InvalidTransition where no further request may be made: two were, or the one before still runs."""
    if len(requests) >= MOST_REQUESTS:
        raise InvalidTransition(
            "asked twice", [Problem("supplement_asked_twice", value=document_date(requests[-1].due_on))]
        )
    waiting = open_of(requests)
    if waiting is not None and on <= waiting.due_on:
        raise InvalidTransition(
            "still running", [Problem("supplement_still_running", value=document_date(waiting.due_on))]
        )


def refuse_extension(
    requests: Sequence[Request], extensions: int, on: date, *, most: int, command: ExtendSupplement, longest: int
) -> None:
    """Raises InvalidTransition or Incomplete where the applicant's time is not extended.

    `extensions`: granted so far for the request that waits; `most`: how many there may be (시행령 제24조제2항);
    `longest`: days that one extension may have.
    """
    waiting = open_of(requests)
    if waiting is None:
        raise InvalidTransition("nothing was asked")
    if len(requests) >= MOST_REQUESTS:
        raise InvalidTransition("asked again", [Problem("supplement_again_not_extended")])
    if on > waiting.due_on:
        raise InvalidTransition("too late", [Problem("supplement_extension_late")])
    if extensions >= most:
        raise InvalidTransition("extended already", [Problem("supplement_extended_enough", value=str(most))])
    wrong = [] if 1 <= command.days <= longest else [Problem("days_out_of_range", "days", str(longest))]
    if len(command.reason.strip()) < MIN_REASON:
        wrong.append(Problem("too_short", "reason"))
    if len(command.reason) > MAX_REASON:
        wrong.append(Problem("too_long", "reason"))
    if wrong:
        raise Incomplete(problems=wrong)


def may_ask_again(requests: Sequence[Request], on: date) -> bool:
    """Whether the first request ran out without an answer, so that the one more may be made."""
    waiting = open_of(requests)
    return waiting is not None and len(requests) < MOST_REQUESTS and on > waiting.due_on


def may_return(requests: Sequence[Request], on: date) -> bool:
    """Whether both requests were made and the second ran out, or was answered without mending what was asked for."""
    if len(requests) < MOST_REQUESTS:
        return False
    waiting = open_of(requests)
    return waiting is None or on > waiting.due_on


def withheld(requests: Sequence[Request], on: date) -> frozenset[str]:
    """Steps of an application that its lifecycle allows and these rules do not, or not yet."""
    found = set()
    if len(requests) >= MOST_REQUESTS:
        found.add("request_supplement")
    if not may_ask_again(requests, on):
        found.add("request_again")
    if not may_return(requests, on):
        found.add("return")
    return frozenset(found)
