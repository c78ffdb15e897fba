"""Signatures are made over the moment and the whole of what is said, and are good for a few minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.signatures import WINDOW, fault, of_request, sign

AT = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
SAID = of_request("POST", "/api/v1/batches", "a" * 64)
KEY = "k" * 43


def test_a_signature_is_the_hmac_of_moment_and_text() -> None:
    # printf '1781485200000.x' | openssl dgst -sha256 -hmac key
    assert sign("key", "x", at=AT).startswith("t=1781485200000,v1=")
    assert sign("key", "x", at=AT) == sign("key", "x", at=AT)
    assert sign("key", "x", at=AT + timedelta(milliseconds=1)) != sign("key", "x", at=AT)
    assert len({sign(key, said, at=at) for key in ("a", "b") for said in ("x", "y") for at in (AT, AT + WINDOW)}) == 8


@pytest.mark.parametrize("apart", [-WINDOW, timedelta(), WINDOW])
def test_a_good_signature_is_good_within_the_window(apart: timedelta) -> None:
    assert fault(sign(KEY, SAID, at=AT), KEY, SAID, at=AT + apart) == ""


@pytest.mark.parametrize("apart", [-WINDOW - timedelta(seconds=1), WINDOW + timedelta(seconds=1)])
def test_an_old_one_and_one_of_the_future_are_refused(apart: timedelta) -> None:
    assert fault(sign(KEY, SAID, at=AT), KEY, SAID, at=AT + apart) == "signature_old"


def test_whatever_is_changed_on_the_way_is_noticed() -> None:
    header = sign(KEY, SAID, at=AT)
    others = (
        of_request("PUT", "/api/v1/batches", "a" * 64),
        of_request("POST", "/api/v1/batches?x", "a" * 64),
        of_request("POST", "/api/v1/batches", "b" * 64),
    )
    assert [fault(header, KEY, other, at=AT) for other in others] == ["signature_wrong"] * 3
    assert fault(header.replace("t=17", "t=18"), KEY, SAID, at=AT) == "signature_wrong"
    assert fault(header, "another key", SAID, at=AT) == "signature_wrong"


@pytest.mark.parametrize("header", ["t=1", "v1=00", "x", "t=1,v1=zz", "t=１,v1=" + "0" * 64])
def test_a_header_of_another_form_is_refused(header: str) -> None:
    assert fault(header, KEY, SAID, at=AT) == "signature_wrong"
    assert fault("", KEY, SAID, at=AT) == "signature_missing"
