"""Accounts: what people enter to sign up and to sign in, and what an organisation and its officials are opened with."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portal.domain.actors import Role

MIN_PASSWORD = 10


class Level(StrEnum):
    """What kind of body an organisation is."""

    MINISTRY = "ministry"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True)
class FoundOrganisation:
    """A ministry, city or county as it stands in its letters; the `region_code` of a ministry may be ""."""

    code: str
    name: str
    head_title: str
    level: Level
    region_code: str
    contact_unit: str
    contact_phone: str
    contact_email: str
    address: str


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """An official's account, or that of a `platform`'s person at an organisation.

    `same_person_as` is the login of another account of the same person, or "".
    """

    login: str
    name: str
    roles: tuple[Role, ...]
    organisation: str
    password: str = field(repr=False)
    title: str = ""
    same_person_as: str = ""
    platform: str = ""


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
