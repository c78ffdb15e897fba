"""Names of codes for pages and choices for forms."""

from __future__ import annotations

from portal import data


def region_name(code: str) -> str:
    return data.region_names().get(code, code)


def industry_name(code: str, edition: int = 11) -> str:
    return data.industry_names().get((edition, code), code)


def bank_name(code: str) -> str:
    return data.banks().get(code, code)


def platform_name(code: str) -> str:
    found = data.platform_catalogue().get(code)
    return found.name if found else code
