"""The draw: the vectors were computed beside the portal with sha256sum and a few lines of Python."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain import lotteries
from portal.domain.errors import Conflict, Incomplete
from portal.domain.lotteries import AnnounceDraw

NUMBERS = [f"GR-20260615-{letter * 4}" for letter in "ABCD"]
SEED = "00" * 31 + "03"
LIST = "138cb9ff6b8b3876740bd745651396a4ad7168adeb6f635f5b70e5c6ac4b324e"
ANNOUNCED = "dcd7dac47d8d732c645d4fd56ccd0c96d7a59f3f8456c4819e1c3bfb8687ac9a"
VALUE = "3,14,27,30,41,45"
ON = date(2026, 6, 15)


def order(value: str = VALUE, numbers: list[str] = NUMBERS) -> str:
    return "".join(each.number[-1] for each in lotteries.draw(numbers, SEED, value, announced=ANNOUNCED))


def test_list_commitment_and_order_are_those_of_the_vector() -> None:
    assert lotteries.list_hash(NUMBERS) == LIST
    assert lotteries.commitment(SEED, LIST) == ANNOUNCED
    drawn = lotteries.draw(NUMBERS, SEED, VALUE, announced=ANNOUNCED)
    assert [(each.place, each.number[-1]) for each in drawn] == [(1, "A"), (2, "D"), (3, "B"), (4, "C")]
    assert drawn[0].ticket.startswith("85c56641774000df")


def test_the_order_in_which_the_list_is_read_changes_nothing_and_another_public_value_does() -> None:
    assert order(numbers=NUMBERS[::-1]) == "ADBC"
    assert order("3,14,27,30,41,44") == "DBAC"


@pytest.mark.parametrize(
    ("numbers", "seed"),
    [
        (NUMBERS[:3], SEED),
        ([*NUMBERS, "GR-20260615-EEEE"], SEED),
        (NUMBERS, "00" * 31 + "04"),
    ],
    ids=["one left out", "one slipped in", "another seed"],
)
def test_what_is_not_as_announced_is_not_drawn(numbers: list[str], seed: str) -> None:
    with pytest.raises(Conflict):
        lotteries.draw(numbers, seed, VALUE, announced=ANNOUNCED)


@pytest.mark.parametrize("value", ["", "공개값", "9" * 101])
def test_a_value_that_nobody_could_type_alike_is_refused(value: str) -> None:
    with pytest.raises(Incomplete):
        order(value)


def test_blanks_of_a_public_value_do_not_count() -> None:
    assert lotteries.normal_value(" 3, 14,27 ,30,41,45\n") == VALUE


def test_whoever_stands_on_the_list_twice_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="once"):
        lotteries.list_text([NUMBERS[0], NUMBERS[0]])


@pytest.mark.parametrize(
    ("source", "draws_on", "codes"),
    [
        ("2026. 6. 20. 로또 당첨번호", date(2026, 6, 16), []),
        ("2026. 6. 13. 로또 당첨번호", ON, ["draw_not_in_future"]),
        ("로또", date(2026, 6, 16), ["reasons_too_short"]),
        ("가" * 201, date(2026, 6, 14), ["too_long", "draw_not_in_future"]),
    ],
)
def test_the_public_value_lies_ahead_and_anybody_can_find_it(source: str, draws_on: date, codes: list[str]) -> None:
    found = lotteries.announcement_problems(AnnounceDraw(source, draws_on), on=ON)
    assert [problem.code for problem in found] == codes


def test_seeds_are_new_each_time() -> None:
    taken = iter([b"a" * 32, b"b" * 32])
    assert lotteries.new_seed(lambda size: next(taken)[:size]) != lotteries.new_seed(lambda size: next(taken)[:size])
