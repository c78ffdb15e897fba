"""Which band decides on an amount, and what makes a content another one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal.domain.approvals import content_hash, deciding


@dataclass(frozen=True)
class Band:
    name: str
    up_to: int | None


TEAM, SECOND_TEAM, SECTION, HEAD = Band("team", 300), Band("second", 300), Band("section", 1_000), Band("head", None)


@pytest.mark.parametrize(
    ("won", "names"),
    [
        (0, ["team", "second"]),
        (300, ["team", "second"]),
        (301, ["section"]),
        (1_000, ["section"]),
        (1_001, ["head"]),
        (10**12, ["head"]),
    ],
)
def test_the_narrowest_band_that_covers_the_amount_decides(won: int, names: list[str]) -> None:
    assert [band.name for band in deciding([HEAD, SECTION, TEAM, SECOND_TEAM], won)] == names


def test_above_every_limit_nobody_decides() -> None:
    assert deciding([TEAM, SECTION], 1_001) == []
    assert deciding([], 1) == []


def test_one_won_more_is_another_content() -> None:
    assert content_hash([1, 2, "가"]) == content_hash((1, 2, "가"))
    assert content_hash([1, 2, "가"]) != content_hash([1, 3, "가"])
    assert content_hash([1, 23]) != content_hash([12, 3])
