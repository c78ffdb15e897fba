"""The whole story, in its order: what a shop, an office and a bank do in a year, until its books are closed."""

from __future__ import annotations

from tests.faults.kills import bank_way, first_places, money_back, workflows, years
from tests.faults.kills.workflows import Step

STORY: tuple[Step, ...] = (
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
