"""The control: a wrong implementation, whichever rule it bends, would be noticed on the chosen worlds."""

from __future__ import annotations

import pytest

from tests.assessment.answers import ASKED_ONCE, CHOSEN, answer, seeded
from tests.assessment.assessing import recomputed
from tests.assessment.mutants import MUTANTS, mutant

pytestmark = ASKED_ONCE


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_implementation_is_noticed(name: str) -> None:
    assert any(recomputed(seeded(seed), mutant(name)) != answer(seed) for seed in CHOSEN)


def test_the_mutants_are_many_and_none_is_there_twice() -> None:
    assert len(MUTANTS) > 200
    assert len(set(MUTANTS.values())) == len(MUTANTS)
