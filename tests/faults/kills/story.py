"""The stories, each in its order and in a world of its own: the year of a shop, an office and a bank until its books
are closed, and the shorter ones of what else is done in a portal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.services.reconcile import Files
from tests.faults.kills import (
    bank_way,
    choices,
    first_places,
    in_kind,
    in_place,
    many,
    money_back,
    planning,
    workflows,
    years,
)
from tests.faults.kills.workflows import Cast, Step

Build = Callable[[Session, Files, str, int], Cast]  # given a platform's listener, and how many shops there are


@dataclass(frozen=True, slots=True)
class Story:
    """Steps one after the other, and who makes the world in which the first begins."""

    build: Build
    steps: tuple[Step, ...]

    @property
    def names(self) -> list[str]:
        return [step.name for step in self.steps]


YEAR: tuple[Step, ...] = (
    Step("attach", workflows.attach),
    Step("submit", workflows.submit),
    Step("confirm_link", workflows.confirm_link),
    Step("recommend", workflows.recommend, before=workflows.take_up),
    Step("approve", workflows.approve),
    Step("reject", workflows.reject),
    *first_places.STEPS,
    Step("publish", workflows.publish),
    Step("draw_up", workflows.draw_up, again_in=("assessment_run",), threads=True),
    Step("approve_claims", workflows.approve_claims),
    Step("prepare", workflows.prepare),
    Step("cancel", workflows.cancel, aside=True),
    Step("release", workflows.release),
    Step("bank_result", workflows.bank_result),
    Step("bank_result_of_unknown", workflows.bank_result_of_unknown),
    *bank_way.ACCOUNT,
    Step("reopen", workflows.reopen),
    *years.BUDGET,
    *years.STOPS,
    *bank_way.ORDERS,
    *money_back.STEPS,
    *years.CLOSING,
)
STORIES: tuple[Story, ...] = (
    Story(workflows.build, YEAR),
    Story(in_kind.build, in_kind.STEPS),
    Story(choices.build, choices.STEPS),
    Story(many.build, many.STEPS),
    Story(in_place.build, in_place.STEPS),
    Story(planning.build, planning.STEPS),
)


def with_steps(wanted: Collection[str]) -> Story:
    """The story in which all of these steps are."""
    return next(story for story in STORIES if set(wanted) <= set(story.names))
