"""Accounts: what people enter to sign up and to sign in."""

from __future__ import annotations

from dataclasses import dataclass, field

MIN_PASSWORD = 10


@dataclass(frozen=True, slots=True)
class SignUp:
    """A merchant's own registration. `login` is an e-mail address."""

    login: str
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignIn:
    login: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordChange:
    current: str = field(repr=False)
    new: str = field(repr=False)
