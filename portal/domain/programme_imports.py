"""A programme's file taken in to be gone on with by browser: what no box could hold is left out, and said."""

from __future__ import annotations

import re
from typing import Any

from portal.domain.announcements import gathered_announcement
from portal.domain.errors import Problem
from portal.domain.tables import read_toml
from portal.domain.terms import gathered_terms
from portal.domain.toml_text import as_text

# Values of another kind than their box, and names that nobody reads.
_UNFIT = frozenset(
    {
        *("not_text", "not_an_integer", "not_a_flag", "not_a_date", "not_a_decimal_text", "not_a_list"),
        *("not_a_list_of_texts", "not_a_list_of_tables", "not_a_table", "unknown_key"),
    }
)
_ROUNDS = 5  # what was hidden behind a wrong table comes up once that is gone
_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def taken_in(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The document without what no box could hold, and what that was. Raises FileRefused where it is no TOML."""
    document: dict[str, Any] = dict(read_toml(text))
    left_out: list[Problem] = []
    for _ in range(_ROUNDS):
        unfit = [problem for problem in _problems(document) if problem.code in _UNFIT]
        if not unfit:
            break
        left_out += unfit
        for problem in unfit:
            _drop(document, problem.field)
    kept = [test for test in document.get("eligibility", []) if not _kind_unknown(document, test)]
    if "eligibility" in document and len(kept) < len(document["eligibility"]):
        left_out.append(Problem("unknown_choice", "eligibility.kind"))
        document["eligibility"] = kept
    return document, left_out


def _problems(document: dict[str, Any]) -> list[Problem]:
    written = as_text(document)
    _terms, first = gathered_terms(written)
    _announcement, second = gathered_announcement(read_toml(written))
    return [*first, *second]


def _kind_unknown(document: dict[str, Any], test: dict[str, Any]) -> bool:
    alone = {**document, "eligibility": [test]}
    return any(each.field == "eligibility[1].kind" for each in _problems(alone))


def _drop(document: dict[str, Any], path: str) -> None:
    """Takes away the value at a reader's path; nothing where its table is gone already."""
    table: Any = document
    *steps, last = [(found[1], found[2]) for found in _STEP.finditer(path)]
    for key, number in steps:
        table = table.get(key) if isinstance(table, dict) else None
        if number and isinstance(table, list):
            table = table[int(number) - 1]
    if isinstance(table, dict):
        table.pop(last[0], None)
