"""Doors to banks and registers: shut unless address and key are given together, and in production only by https."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from portal import config
from portal.domain.errors import Misconfigured
from portal.domain.messages import Channel

KEY = "k" * 40
SECRET = base64.b64encode(b"d" * 32).decode()
PRODUCTION = {
    "IEUM_MODE": "production",
    "IEUM_SECRET_KEY": "s" * 40,
    "IEUM_DATA_KEYS": f"1:{SECRET}",
    "IEUM_INDEX_KEY": SECRET,
    "IEUM_DATABASE_URL": "sqlite://",
    "IEUM_BASE_URL": "https://ieum.example.kr",
}


def read(place: Path, **given: str) -> config.Settings:
    return config.read({**PRODUCTION, "IEUM_INSTANCE": str(place), **given})


def test_nothing_outside_is_spoken_to_unless_it_was_set(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.bank, settings.tax_office, settings.account_holders) == (None, None, None)
    assert settings.paying_accounts == {}


def test_what_was_set_is_read_and_no_key_is_shown(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        IEUM_BANK_URL="https://bank.example.kr/",
        IEUM_BANK_KEY=KEY,
        IEUM_BANK_SAFE_HOURS="36",
        IEUM_TAX_OFFICE_URL="https://tax.example.kr",
        IEUM_TAX_OFFICE_KEY="tax-key",
        IEUM_PAYING_ACCOUNTS="gurye=011:30100001234",
    )
    assert settings.bank is not None
    assert (settings.bank.url, settings.bank.safe) == ("https://bank.example.kr", timedelta(hours=36))
    assert settings.paying_accounts == {"gurye": ("011", "30100001234")}
    shown = repr(settings)
    assert not any(secret in shown for secret in (KEY, "tax-key", "30100001234"))


@pytest.mark.parametrize(
    "given",
    [
        {"IEUM_BANK_URL": "https://bank.example.kr"},
        {"IEUM_BANK_KEY": KEY},
        {"IEUM_BANK_URL": "https://bank.example.kr", "IEUM_BANK_KEY": "short"},
        {"IEUM_BANK_URL": "http://bank.example.kr", "IEUM_BANK_KEY": KEY},
        {"IEUM_TAX_OFFICE_URL": "https://tax.example.kr"},
        {"IEUM_TAX_OFFICE_URL": "http://tax.example.kr", "IEUM_TAX_OFFICE_KEY": "k"},
        {"IEUM_ACCOUNT_HOLDERS_KEY": "k"},
        {"IEUM_PAYING_ACCOUNTS": "gurye"},
        {"IEUM_PAYING_ACCOUNTS": "gurye=11:3010"},
        {"IEUM_PAYING_ACCOUNTS": "gurye=011:"},
    ],
)
def test_half_a_setting_or_an_unsafe_one_does_not_start(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(Misconfigured):
        read(tmp_path, **given)


MAIL = {"IEUM_MAIL_HOST": "mail.example.kr", "IEUM_MAIL_FROM": "o2o@example.kr"}


def test_mail_leaves_by_a_server_that_was_named_and_its_password_is_not_shown(tmp_path: Path) -> None:
    assert read(tmp_path).channels == frozenset()
    settings = read(tmp_path, **MAIL, IEUM_MAIL_USER="portal", IEUM_MAIL_PASSWORD="hidden-word")
    assert settings.mail is not None
    assert (settings.mail.port, settings.mail.tls, settings.channels) == (587, "starttls", {Channel.MAIL})
    assert "hidden-word" not in repr(settings)
    assert read(tmp_path, **MAIL | {"IEUM_MAIL_HOST": "127.0.0.1"}, IEUM_MAIL_TLS="none").mail is not None


@pytest.mark.parametrize(
    "given",
    [
        {"IEUM_MAIL_HOST": "mail.example.kr"},
        MAIL | {"IEUM_MAIL_FROM": "nobody"},
        MAIL | {"IEUM_MAIL_TLS": "maybe"},
        MAIL | {"IEUM_MAIL_TLS": "none"},
        MAIL | {"IEUM_MAIL_USER": "portal"},
        {"IEUM_MAIL_HOST": "127.0.0.1", "IEUM_MAIL_FROM": "o2o@example.kr", "IEUM_MAIL_TLS": "none",
         "IEUM_MAIL_USER": "portal", "IEUM_MAIL_PASSWORD": "hidden-word"},
        {"IEUM_SMS": "file"},
        {"IEUM_MESSENGER": "https://sms.example.kr"},
    ],
)  # fmt: skip
def test_mail_and_messages_that_would_leave_unsafely_or_nowhere_are_refused(tmp_path: Path, given) -> None:
    with pytest.raises(Misconfigured):
        read(tmp_path, **given)
