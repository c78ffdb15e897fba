"""Personal data in lists and public pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import masking


@pytest.mark.parametrize(
    ("mask", "whole", "shown"),
    [
        (masking.mask_name, "홍길동", "홍*동"),
        (masking.mask_name, "홍길", "홍*"),
        (masking.mask_name, "김하늘별", "김**별"),
        (masking.mask_name, "남궁민수", "남궁**"),
        (masking.mask_name, "황보영", "황보*"),
        (masking.mask_name, "남궁", "남*"),
        (masking.mask_name, "John Smith", "J*** S****"),
        (masking.mask_name, "홍", "홍*"),
        (masking.mask_name, "  ", ""),
        (masking.mask_account, "301-0123-4567-81", "*********6781"),
        (masking.mask_account, "12345678", "********"),
        (masking.mask_account, "", ""),
    ],
)
def test_the_middle_is_hidden(mask: Callable[[str], str], whole: str, shown: str) -> None:
    assert mask(whole) == shown


@given(st.text("0123456789-", max_size=30))
def test_an_account_never_shows_more_than_its_last_four_digits(account: str) -> None:
    shown = masking.mask_account(account)
    assert len(shown.replace("*", "")) <= 4
    assert len(shown) == len(account.replace("-", ""))
