"""Assessing files without a database: officials try terms before publishing them, auditors recompute what was paid."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from portal.assessment import assess, checking
from portal.assessment.failures import told_plainly
from portal.assessment.outputs import publish
from portal.domain.errors import FileRefused, Problem
from portal.domain.terms import Terms, code_of, parse_terms


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

    Answers how many (line, item)s had which reason. Raises FileRefused with every problem of all inputs, OSError with a
    plain sentence where the machine fails.
    """
    with told_plainly():
        known, codes, problems = _read_terms(terms)
        if lines_out and lines_out.resolve() == claims_out.resolve():
            problems.append(Problem("repeated_file", file=str(lines_out)))
        try:
            _refuse(problems)
            with assess(
                known,
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
        except FileRefused as refused:
            others = checking.problems(lines=lines, links=links, enrolments=enrolments, programmes=codes)
            told = [problem for problem in refused.problems if problem not in others]
            raise FileRefused(problems=[*told, *others]) from refused


def _read_terms(files: Sequence[Path]) -> tuple[list[Terms], list[str] | None, list[Problem]]:
    """The terms without problems, the codes of all (None where a file does not even say its own), all problems."""
    found: list[Terms] = []
    codes: list[str | None] = []
    problems: list[Problem] = []
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
            codes.append(code_of(text))
            found.append(parse_terms(text, file=str(file)))
        except FileRefused as refused:
            problems += refused.problems
        except (OSError, UnicodeDecodeError) as wrong:
            codes.append(None)
            problems.append(Problem("unreadable", value=str(wrong)[:200], file=str(file)))
    said = [code for code in codes if code]
    problems += [Problem("repeated_programme", "code", code) for code in sorted(set(said)) if said.count(code) > 1]
    return found, said if len(said) == len(codes) else None, problems


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise FileRefused(problems=problems)
