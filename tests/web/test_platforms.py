"""The catalogue of platforms: open to everybody, grouped by what a platform does for a shop."""

from __future__ import annotations

import re

from portal import data
from tests.clients import PortalClient


def test_anyone_compares_platforms_by_what_they_do(client: PortalClient) -> None:
    page = client.get("/platforms").text
    groups = re.split(r"<h2 id=", page)[1:]
    assert len(groups) == 12
    assert all(f">{platform.name}<" in page for platform in data.platform_catalogue().values())
    agencies = next(group for group in groups if group.startswith('"agency"'))
    assert ("바로고" in agencies, "배달의민족<" in agencies) == (True, False)


def test_a_condition_has_its_source_or_is_marked_as_an_example(client: PortalClient) -> None:
    page = client.get("/platforms").text
    assert "매일경제, 2025-01-22" in page
    terms = [term for platform in data.platform_catalogue().values() for term in platform.terms]
    assert page.count('<span class="ie-row-note">예시</span>') == sum(
        each.example for term in terms for each in (term, *term.later)
    )


def test_the_first_page_leads_to_it(client: PortalClient) -> None:
    assert 'href="/platforms"' in client.get("/").text
