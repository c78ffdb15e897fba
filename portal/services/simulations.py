"""Assessing files without a database: officials try terms before publishing them, auditors recompute what was paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from portal.assessment import assess
from portal.assessment.outputs import publish
from portal.domain.errors import FileRefused, Problem
from portal.domain.terms import Terms, parse_terms


def assess_files(
    terms: Sequence[Path],
    *,
    lines: Sequence[str],
    links: Path,
    enrolments: Path,
    claims_out: Path,
    lines_out: Path | None,
    engine: str,
    memory: str | None,
    threads: int | None,
) -> dict[str, int]:
    """Writes claims (CSV) and, if asked, the decision on every line and item (Parquet), whole or not at all.

    Answers how many (line, item)s had which reason. Raises FileRefused with every problem of the inputs.
    """
    with assess(
        read_terms(terms),
        lines=lines,
        links=links,
        enrolments=enrolments,
        memory=memory,
        threads=threads,
        engine=engine,
        work=claims_out.resolve().parent,
    ) as assessment:
        outcomes = assessment.outcomes()
        writers: dict[Path, Callable[[Path], None]] = {claims_out: assessment.claims_into}
        if lines_out:
            writers[lines_out] = assessment.lines_into
        publish(writers)
        return outcomes


def read_terms(files: Sequence[Path]) -> list[Terms]:
    """Every terms file. Raises FileRefused with the problems of all of them."""
    found: list[Terms] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found.append(parse_terms(file.read_text(encoding="utf-8"), file=str(file)))
        except FileRefused as refused:
            problems += refused.problems
        except (OSError, UnicodeDecodeError) as wrong:
            problems.append(Problem("unreadable", value=str(wrong)[:200], file=str(file)))
    if problems:
        raise FileRefused(problems=problems)
    return found
