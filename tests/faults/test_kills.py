"""A step of a workflow is killed at its moments: done or not done, and once; without its protections it is caught."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from tests.databases import Database
from tests.faults import seeds
from tests.faults.kills import many
from tests.faults.kills.states import Place
from tests.faults.kills.story import YEAR
from tests.faults.kills.trials import BEFORE, Trials
from tests.faults.kills.variants import VARIANTS
from tests.listening import listening

SEED = 11


@pytest.fixture
def scene(database: Database, tmp_path: Path, worker_name: str) -> Iterator[Place]:
    made = Place(database.kind, tmp_path, f"{worker_name}_kills")
    yield made
    made.forget([BEFORE])


@pytest.mark.parametrize("seed", [SEED, *seeds.failed_before("kills")])
def test_a_decision_killed_at_any_moment_was_made_or_not_and_is_made_once(scene: Place, seed: int) -> None:
    with listening() as listener:
        (found,) = Trials(scene, listener, seed).run(["approve"], most=4, at_random=1)
    assert found.breaches == [], f"seed {seed}"
    assert found.done >= 2  # killed after the commit
    assert sum(found.kills.values()) >= 5


def test_without_one_transaction_the_same_kills_are_noticed(scene: Place) -> None:
    """The other variants are tried by `make faults`, all of them on both databases."""
    _, step, pattern = VARIANTS["commits_in_the_middle"]
    with listening() as listener:
        (found,) = Trials(scene, listener, SEED, "commits_in_the_middle").run([step], most=2)
    assert any(re.search(pattern, breach) for breach in found.breaches), found.breaches


def test_whoever_waits_for_the_killed_to_be_gone_sees_them_go(scene: Place) -> None:
    open_ = scene.engine().connect()
    open_.execute(text("SELECT 1"))
    waiting = Thread(target=scene.wait_until_left, daemon=True)
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive() is (scene.kind == "postgresql")  # where a server may still be at it
    open_.close()
    waiting.join(10)
    assert not waiting.is_alive()


def test_an_order_killed_on_its_way_to_the_bank_is_asked_about_and_never_sent_again(tmp_path: Path) -> None:
    """On one database, before each commit; sent before it is written down, it reaches the bank twice."""
    pay = next(step for step in YEAR if step.name == "pay")
    with listening() as listener:
        trials = Trials(Place("sqlite", tmp_path, ""), listener, SEED)
        with closing(trials.run(["pay"], most=0, ends=["commit"])) as story:
            found = next(story)
            trials.variant = "order_sent_before_it_is_recorded"
            careless = trials.try_step(pay, 0, most=0, ends=["commit"])
    assert found.breaches == []
    assert 0 < found.done < sum(found.kills.values())  # some left the house before the kill
    assert any("told 2 times" in breach for breach in careless.breaches), careless.breaches


@pytest.mark.parametrize("steps", [["choose_service"], ["leave_choice"], ["take_account_over"]])
def test_what_is_given_once_is_given_once_whenever_it_is_killed(tmp_path: Path, steps: list[str]) -> None:
    """A service within a grant, a place in reserve, an account; all the steps in `make faults`."""
    with listening() as listener:
        found = list(Trials(Place("sqlite", tmp_path, ""), listener, SEED).run(steps, most=1, ends=["committed"]))
    assert [breach for each in found for breach in each.breaches] == []
    assert all(each.done for each in found)  # killed after the commit
    assert all(sum(each.kills.values()) > each.done for each in found)  # and before it


def test_a_run_of_many_cases_killed_between_them_is_taken_up_and_does_each_case_once(tmp_path: Path) -> None:
    """On one database, before each commit; a run that writes down only at its end what became of them is caught."""
    distribute = next(step for step in many.STEPS if step.name == "distribute")
    with listening() as listener:
        trials = Trials(Place("sqlite", tmp_path, ""), listener, SEED)
        with closing(trials.run(["distribute"], most=0, ends=["commit"])) as story:
            found = next(story)
            trials.variant = "forgets_which_case"
            careless = trials.try_step(distribute, 0, most=4, ends=[])
    assert found.breaches == []
    assert sum(found.kills.values()) > many.CASES
    assert any("taken up, ends otherwise" in breach for breach in careless.breaches), careless.breaches
