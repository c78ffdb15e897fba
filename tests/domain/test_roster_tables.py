"""An association's list is read under today's headings and under those of lists it already keeps."""

from __future__ import annotations

import pytest

from portal.domain.errors import FileRefused
from portal.domain.roster_tables import Names, read

NAMES = Names(10, {}, {})
MEMBER = ["1234567890", "자갈치 김밥"]


@pytest.mark.parametrize("heading", ["매장 번호", "매장번호", "점포번호"])
def test_a_store_number_stands_under_either_heading(heading: str) -> None:
    (row,) = read([["사업자등록번호", "상호", heading], [*MEMBER, "D001"]], NAMES)
    assert row.entry
    assert row.entry.store_id == "D001"


def test_both_headings_at_once_are_one_column_twice() -> None:
    with pytest.raises(FileRefused) as refused:
        read([["사업자등록번호", "상호", "매장 번호", "점포번호"], [*MEMBER, "D001", "D002"]], NAMES)
    assert [(each.code, each.value) for each in refused.value.problems] == [("repeated_column", "매장 번호")]
