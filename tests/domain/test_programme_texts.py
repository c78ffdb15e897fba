"""A programme's document and its TOML text say the same: written and read again, whatever is in it."""

from __future__ import annotations

import tomllib
from datetime import date
from string import printable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import data
from portal.config import ROOT
from portal.domain.announcements import read_announcement
from portal.domain.contradictions import Known, remarks
from portal.domain.programme_drafts import read, write
from portal.domain.terms import parse_terms
from portal.domain.toml_text import as_text

PUBLISHED = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "portal/data/programmes").glob("*.toml"))}
TEXTS = PUBLISHED | dict(data.programme_templates())

_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_keys = st.one_of(st.text(printable, min_size=1, max_size=8), _words.filter(bool))
_plain = st.one_of(_words, st.integers(-(2**62), 2**62), st.booleans(), st.dates())
_lists = st.lists(_plain, max_size=4)
_tables = st.recursive(
    st.dictionaries(_keys, st.one_of(_plain, _lists), max_size=4),
    lambda inner: st.dictionaries(_keys, st.one_of(_plain, inner, st.lists(inner, max_size=3)), max_size=4),
    max_leaves=12,
)


@given(_tables)
def test_any_document_reads_back_as_it_was(document: dict[str, Any]) -> None:
    assert tomllib.loads(as_text(document)) == document


@pytest.mark.parametrize("name", TEXTS)
def test_a_programme_exported_and_imported_is_the_same_rule_set(name: str) -> None:
    text = TEXTS[name]
    again = write(read(text))
    assert (parse_terms(again), read_announcement(again)) == (parse_terms(text), read_announcement(text))
    assert write(read(again)) == again


@pytest.mark.parametrize("name", data.programme_templates())
def test_a_template_says_nothing_that_contradicts_itself_within_its_own_call(name: str) -> None:
    text = data.programme_templates()[name]
    lists = {each.list for each in data.excluded_industries()}
    opens = read_announcement(text).call.apply_from
    found = remarks(text, Known(opens, data.platform_catalogue().keys(), lists))
    assert [remark.problem for remark in found if remark.blocks] == []
    # what the originals did not publish is marked in every template
    assert "has_examples" in [remark.problem.code for remark in found]


def test_a_mark_goes_with_the_value_it_stood_on() -> None:
    document = read(PUBLISHED["gurye-2020-o2o"])
    del document["pool"]
    assert "pool" not in read(write(document))["example"]["paths"]
    assert read_announcement(write(document)).is_example("budget")


def test_a_text_is_written_in_the_order_of_an_announcement() -> None:
    text = as_text(
        {"budget": [{"fiscal_year": 2026, "amount": 10_000}], "code": "a", "cost_window": {"from": date(2026, 3, 1)}}
    )
    assert text == (
        'code = "a"\ncost_window = { from = 2026-03-01 }\n\n[[budget]]\nfiscal_year = 2026\namount = 10_000\n'
    )
