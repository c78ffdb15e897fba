"""Every value of a programme file has a word of ours: else a remark or a notice of amendment would show its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from forms.programme_words import WORDS
from portal import data
from portal.config import ROOT
from portal.domain.programme_drafts import read

PUBLISHED = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "portal/data/programmes").glob("*.toml"))}
TEXTS = PUBLISHED | dict(data.programme_templates())
_OWN = ("version", "item.amount.amounts")  # the portal's number; amounts by a platform's or payment method's name


@pytest.mark.parametrize("name", TEXTS)
def test_every_value_of_a_programme_has_a_word(name: str) -> None:
    paths = {path for path in _paths(read(TEXTS[name])) if not path.startswith(_OWN)}
    assert paths - WORDS.keys() == set()


def _paths(value: Any, path: str = "") -> Iterator[str]:
    """`item.caps.amount` for every value, without the numbers of parts."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for table in value:
            yield from _paths(table, path)
    else:
        yield path
