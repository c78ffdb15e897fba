"""What an amendment changes, value by value; and where in the editor a value is mended."""

from __future__ import annotations

import pytest

from portal.domain.errors import NotFound
from portal.domain.programme_changes import ValueChange, value_changes
from portal.domain.programme_drafts import (
    Place,
    Section,
    free_code,
    place_of,
    read,
    with_part,
    with_values,
    without_part,
)
from portal.domain.toml_text import as_text
from tests.factories import GURYE


def test_a_changed_number_is_one_change_and_a_moved_test_is_none() -> None:
    document = read(GURYE)
    document["eligibility"].reverse()
    assert value_changes(GURYE, as_text(document)) == []
    document["item"][0]["caps"][1]["amount"] = 150_000
    change = ValueChange(("item", "delivery", "caps", "month", "amount"), 100_000, 150_000)
    assert value_changes(GURYE, as_text(document)) == [change]


def test_what_came_and_what_went_are_told_whole() -> None:
    document = read(GURYE)
    gone = document["document"].pop(1)
    document["budget"].append({"fiscal_year": 2027, "source": "county", "amount": 5})
    assert value_changes(GURYE, as_text(document)) == [
        ValueChange(("document", "bankbook"), gone, None),
        ValueChange(("budget", "2027 county"), None, {"fiscal_year": 2027, "source": "county", "amount": 5}),
    ]


def test_the_number_of_a_version_and_the_marks_of_examples_are_no_change() -> None:
    text = GURYE.replace("version = 1", "version = 2").partition("\n[example]")[0]
    assert value_changes(GURYE, text) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("call.apply_to", Place(Section.CALL, None, "call.apply_to")),
        ("call.act", Place(Section.LAW, None, "call.act")),
        ("call.processing_days", Place(Section.DAYS, None, "call.processing_days")),
        ("cost_window.from", Place(Section.CALL, None, "cost_window.from")),
        ("funding", Place(Section.BUDGET, None, "funding")),
        ("budget[2].amount", Place(Section.BUDGET, None, "budget[2].amount")),
        ("item[2].caps[1].amount", Place(Section.ITEMS, 2, "caps[1].amount")),
        ("item", Place(Section.ITEMS, None, "item")),
        ("eligibility[3].years", Place(Section.ELIGIBILITY, 3, "years")),
        ("pool[1].amount", Place(Section.LIMITS, None, "pool[1].amount")),
        ("document[1].code", Place(Section.DOCUMENTS, None, "document[1].code")),
        ("example.paths", Place(Section.EXAMPLES, None, "example.paths")),
    ],
)
def test_every_path_has_a_page(path: str, expected: Place) -> None:
    assert place_of(path) == expected


def test_values_are_put_in_and_taken_away_with_the_tables_they_leave_empty() -> None:
    document = {"call": {"title": "a", "act": "local"}, "funding": {"county": "1.00"}}
    changed = with_values(document, {"call.title": "b", "call.act": None, "funding.county": None, "grant.amount": 1})
    assert changed == {"call": {"title": "b"}, "grant": {"amount": 1}}
    assert document["call"] == {"title": "a", "act": "local"}


def test_parts_are_counted_from_one_and_another_number_is_not_found() -> None:
    document = with_part({}, Section.ITEMS, None, {"code": "delivery"})
    document = with_part(document, Section.ITEMS, None, {"code": "promotion"})
    assert free_code(document, Section.ITEMS, "delivery") == "delivery_2"
    assert without_part(document, Section.ITEMS, 1) == {"item": [{"code": "promotion"}]}
    for number in (0, 3):
        with pytest.raises(NotFound):
            without_part(document, Section.ITEMS, number)
