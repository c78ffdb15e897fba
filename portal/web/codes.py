"""Names of codes for pages and choices for forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from forms.code_fields import grouped, listed
from portal import data
from portal.domain import codes

INDUSTRY_EDITION = 11  # the edition in which businesses are registered today


def region_name(code: str) -> str:
    return data.region_names().get(code, code)


def industry_name(code: str, edition: int = 11) -> str:
    return data.industry_names().get((edition, code), code)


def bank_name(code: str) -> str:
    return data.banks().get(code, code)


def platform_name(code: str) -> str:
    found = data.platform_catalogue().get(code)
    return found.name if found else code


def layout_title(platform: str, code: str) -> str:
    """What a form of a platform's file is called; empty for the contract's own columns."""
    found = data.platform_catalogue().get(platform)
    return next((layout.title for layout in found.layouts if layout.code == code), "") if found else ""


def region_choices(on: date) -> Sequence[SelectChoice]:
    """Places valid on a day: the 읍·면 where the table has them, under their county, then every other 시·군·구."""
    by_parent: dict[str, list[tuple[str, str]]] = {}
    for region in data.regions():
        if region.parent and region.valid_on(on):
            by_parent.setdefault(region.parent, []).append((region.code, region.name))
    fine = {region_name(code): places for code, places in by_parent.items() if len(code) == 5}
    coarse = {
        region_name(code): [place for place in places if place[0] not in by_parent]
        for code, places in by_parent.items()
        if len(code) == 2
    }
    return grouped({**fine, **coarse})


def every_region(more: Sequence[str] = ()) -> Sequence[SelectChoice]:
    """Provinces and counties, in use or not any more, by their codes under their province; `more`: other codes too."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for region in data.regions():
        if len(region.code) <= 5 or region.code in more:
            until = _(" (%(day)s까지)", day=region.valid_to.isoformat()) if region.valid_to else ""
            top = region_name(region.code[:2])
            groups.setdefault(top, []).append((region.code, f"{region.name} {region.code}{until}"))
    unknown = [(code, code) for code in more if code and code not in data.region_names()]
    return grouped({**groups, **({_("그 밖의 코드"): unknown} if unknown else {})})


def district_choices(on: date) -> Sequence[SelectChoice]:
    """The 시·군·구 valid on a day, under their 시·도."""
    by_parent: dict[str, list[tuple[str, str]]] = {}
    for region in data.regions():
        if region.parent and len(region.parent) == 2 and region.valid_on(on):
            by_parent.setdefault(region.parent, []).append((region.code, region.name))
    return grouped({region_name(code): places for code, places in by_parent.items()})


def industry_choices() -> Sequence[SelectChoice]:
    """The trades of the edition in use, under their division; the division itself stands for what is not listed."""
    names = {each.code: each.name for each in data.industries() if each.edition == INDUSTRY_EDITION}
    divisions = [code for code in names if len(code) == 2]
    other = {code: _("%(industry)s (그 밖의 업종)", industry=names[code]) for code in divisions}
    return grouped(
        {
            names[division]: [
                *((code, name) for code, name in names.items() if len(code) > 2 and code.startswith(division)),
                (division, other[division]),
            ]
            for division in divisions
        }
    )


def bank_choices() -> Sequence[SelectChoice]:
    return listed(data.banks().items())


def region_short(code: str) -> str:
    """`12730` -> `구례군`."""
    region = codes.region_of(data.regions(), code)
    return region.name if region else code


def platform_choices() -> list[tuple[str, str]]:
    """(Code, name) of every platform of the catalogue."""
    return [(code, platform.name) for code, platform in data.platform_catalogue().items()]
