"""Every lifecycle over the full product of status × action × role, with four eyes; and its diagram in the docs."""

from __future__ import annotations

import importlib
import itertools
import pkgutil

import pytest

from portal import domain
from portal.cli.lifecycles import PAGE
from portal.domain.actors import Actor, Role
from portal.domain.errors import InvalidTransition, NotPermitted, SamePerson
from portal.domain.lifecycle import Lifecycle, Step
from portal.domain.lifecycles import ALL, document

CELLS = [
    (lifecycle, status, action, role)
    for lifecycle in ALL
    for status, action, role in itertools.product(lifecycle.statuses, sorted(lifecycle.actions_known), Role)
]


def person(role: Role | None, person_id: int = 1) -> Actor:
    """Somebody with this role; where none is asked for, somebody with none."""
    return Actor(user_id=100 + person_id, person_id=person_id, name="아무개", roles=frozenset({role} if role else ()))


def rows(lifecycle: Lifecycle, status: object, action: str) -> list[Step]:
    return [step for step in lifecycle.steps if step.source == status and step.action == action]


def outcome(lifecycle: Lifecycle, status: object, action: str, by: Actor, done_by: dict[str, set[int]]) -> object:
    """What the lifecycle says: the next status or the class of the refusal."""
    try:
        step = lifecycle.step(status, action)  # ty: ignore
        lifecycle.check(step, by, done_by)
    except (InvalidTransition, NotPermitted) as refusal:
        return type(refusal)
    return step.target


def test_the_full_product_of_status_action_and_role_answers_as_the_table_says() -> None:
    assert len(CELLS) > 1_000
    for lifecycle, status, action, role in CELLS:
        found = rows(lifecycle, status, action)
        may = found != [] and (found[0].roles == () or role in found[0].roles)
        expected = InvalidTransition if not found else found[0].target if may else NotPermitted
        assert outcome(lifecycle, status, action, person(role), {}) == expected, (lifecycle.noun, status, action, role)


def test_the_buttons_are_exactly_the_actions_that_would_be_allowed() -> None:
    for lifecycle in ALL:
        for status, role in itertools.product(lifecycle.statuses, Role):
            by = person(role)
            allowed = [
                step.action
                for step in lifecycle.steps
                if step.source == status and outcome(lifecycle, status, step.action, by, {}) == step.target
            ]
            assert lifecycle.actions(status, by, {}) == allowed


def test_whoever_took_an_earlier_action_is_refused_and_another_person_is_not() -> None:
    apart = [(lifecycle, s, earlier) for lifecycle in ALL for s in lifecycle.steps for earlier in s.apart_from]
    assert apart != []
    for lifecycle, step, earlier in apart:
        done = {earlier: {1}}
        assert outcome(lifecycle, step.source, step.action, person(step.role, 1), done) is SamePerson
        assert outcome(lifecycle, step.source, step.action, person(step.role, 2), done) == step.target
        assert step.action not in lifecycle.actions(step.source, person(step.role, 1), done)


def test_an_action_that_need_not_be_apart_may_follow_by_the_same_person() -> None:
    for lifecycle in ALL:
        for step in lifecycle.steps:
            unrelated = {action: {1} for action in lifecycle.actions_known - set(step.apart_from)}
            assert outcome(lifecycle, step.source, step.action, person(step.role, 1), unrelated) == step.target


@pytest.mark.parametrize("lifecycle", ALL, ids=lambda lifecycle: lifecycle.noun)
def test_a_table_is_sound(lifecycle: Lifecycle) -> None:
    pairs = [(step.source, step.action) for step in lifecycle.steps]
    assert len(pairs) == len(set(pairs)), "an action leads from a status to one place"
    reached = {lifecycle.initial}
    for _ in lifecycle.statuses:
        reached |= {step.target for step in lifecycle.steps if step.source in reached}
    assert reached == set(lifecycle.statuses), "every status can be reached"


def test_money_and_decisions_need_four_eyes() -> None:
    """The steps that grant, publish or pay: each names the earlier step that must have been another person's."""
    apart = {(lifecycle.noun, s.action): set(s.apart_from) for lifecycle in ALL for s in lifecycle.steps}
    assert apart["application", "approve"] >= {"recommend"}
    assert apart["application", "reject"] >= {"recommend"}
    assert apart["claim", "approve"] >= {"draw_up"}
    assert apart["evidence", "confirm"] >= {"write", "put_up"}
    assert apart["payment_run", "release"] >= {"prepare"}
    assert apart["programme_version", "publish"] >= {"propose"}


def test_what_the_bank_has_lost_sight_of_is_never_sent_again() -> None:
    payment = next(lifecycle for lifecycle in ALL if lifecycle.noun == "payment")
    assert {s.action for s in payment.steps if s.source == "unknown"} == {"accept", "confirm", "refuse", "void"}
    assert not any(s.target == "sending" for s in payment.steps if s.source != "instructed")


def test_the_diagrams_in_the_docs_are_those_of_the_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == document(), "run: flask --app wsgi lifecycles --write"


def test_no_lifecycle_is_left_out() -> None:
    modules = [
        importlib.import_module(f"portal.domain.{module.name}") for module in pkgutil.iter_modules(domain.__path__)
    ]
    found = {id(value) for module in modules for value in vars(module).values() if isinstance(value, Lifecycle)}
    assert found == {id(lifecycle) for lifecycle in ALL}
