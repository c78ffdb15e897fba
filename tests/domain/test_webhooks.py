"""Addresses a platform may be told at, and the pauses between tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.webhooks import PAUSES, address_fault, next_try

AT = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("url", ["https://api.example.kr/ieum", "https://api.example.kr:8443/x?y=1"])
def test_https_to_a_host_by_name_is_taken(url: str) -> None:
    assert address_fault(url, loopback=False) == address_fault(url, loopback=True) == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.kr/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
        "https://localhost/", "https://0x7f.1/", "https://2130706433/", "https://127.1/", "ftp://api.example.kr/",
        "file:///etc/passwd", "https://user@api.example.kr/", "https://api.example.kr:99999/", "https://[x/", "",
        "https://api.example.kr/\n", "https://api.example.kr/#x", "https://" + "a" * 600 + ".kr/", "https://예.한국/",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(url: str) -> None:
    assert address_fault(url, loopback=False) == "webhook_address"


def test_loopback_is_for_demos_and_tests_alone() -> None:
    assert address_fault("http://127.0.0.1:9000/hook", loopback=True) == ""
    assert address_fault("http://127.0.0.1:9000/hook", loopback=False) == "webhook_address"


def test_pauses_grow_and_end_after_two_days_or_so() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(days=1) < sum(PAUSES, timedelta()) < timedelta(days=3)
    assert next_try(1, AT) == AT + PAUSES[0]
    assert next_try(len(PAUSES) + 1, AT) is None
