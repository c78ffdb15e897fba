"""Assessing stored lines month by month: what a month left is kept under the name of all it rests on.

A month is read again only when something it rests on has changed: its own lines, an earlier month, links, enrolments or
terms. What is kept can be thrown away at any time; it is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import assessment
from portal.assessment import Assessment
from portal.assessment.carrying import Outdated
from portal.domain.assessment import ClaimRow, SummaryRow
from portal.domain.periods import Month
from portal.domain.terms import Terms
from portal.queries import programmes
from portal.services import settlements
from portal.services.assessments import MEMORY, Inputs, run
from portal.storage.lines import LineStore

_UNUSED = 7 * 24 * 3600  # seconds after which a month that nobody asked for is thrown away


@dataclass(frozen=True, slots=True)
class Found:
    """The claims of all months; of the month asked for also their parts, and the file that explains its lines."""

    claims: Sequence[ClaimRow]
    parts: Sequence[SummaryRow]
    explanation: Path


def found(session: Session, lines: LineStore, inputs: Inputs, period: Month, aside: Path, *, at: datetime) -> Found:
    """What the inputs come to, with as few months read as can be; `aside` is a folder for files that go afterwards.

    Where a line speaks of an order of another month, or a pool that goes by acceptance ends, all months are assessed at
    once: then one of them decides what another gets.
    """
    months = _by_month(settlements.taken_in(session, lines, inputs.organisation_id, upto=inputs.upto).paths)
    terms = [programmes.version(session, version_id).terms for version_id in inputs.versions]
    if period not in months:
        return _at_once(session, lines, inputs, period, aside)
    try:
        kept = _chain(lines, inputs, terms, months, at)
    except Outdated:
        return _at_once(session, lines, inputs, period, aside)
    mine = kept[period]
    return Found(
        claims=[ClaimRow(**row) for folder in kept.values() for row in _told(folder, "claims")],
        parts=[SummaryRow(**row) for row in _told(mine, "parts")],
        explanation=mine / "explanation.parquet",
    )


def _at_once(session: Session, lines: LineStore, inputs: Inputs, period: Month, aside: Path) -> Found:
    explanation = aside / "explanation.parquet"
    with run(session, lines, inputs) as assessed:
        assessed.write_explanations(explanation)
        parts = [part for part in assessed.summaries() if part.period == period]
        return Found(assessed.claims(), parts, explanation)


def _by_month(paths: Sequence[Path]) -> dict[Month, list[Path]]:
    """The stored files by the month of their orders, oldest first."""
    months: dict[Month, list[Path]] = defaultdict(list)
    for path in paths:
        months[path.parts[-2]].append(path)
    return dict(sorted(months.items()))


def _chain(
    lines: LineStore, inputs: Inputs, terms: Sequence[Terms], months: dict[Month, list[Path]], at: datetime
) -> dict[Month, Path]:
    """The folder of every month, made where there is none. Raises Outdated."""
    home = lines.root / "months" / str(inputs.organisation_id)
    home.mkdir(parents=True, exist_ok=True)
    links, enrolments = sorted(map(repr, inputs.links)), sorted(map(repr, inputs.enrolments))
    said = f"{inputs.versions!r} {links!r} {enrolments!r}"
    name = hashlib.sha256(said.encode()).hexdigest()
    kept: dict[Month, Path] = {}
    for month, paths in months.items():
        files = [str(path.relative_to(lines.root)) for path in paths]
        name = hashlib.sha256(f"{name} {month} {files!r}".encode()).hexdigest()
        folder = home / f"{month}-{name[:40]}"
        if not folder.exists():
            earlier = [before / "carried" for before in kept.values()]
            _make(folder, partial(_month, lines, inputs, terms, month, paths, earlier))
        os.utime(folder, (at.timestamp(), at.timestamp()))
        kept[month] = folder
    _tidy(home, at)
    return kept


def _month(
    lines: LineStore,
    inputs: Inputs,
    terms: Sequence[Terms],
    month: Month,
    paths: Sequence[Path],
    earlier: Sequence[Path],
    into: Path,
) -> None:
    with assessment.assess(
        terms,
        lines=paths,
        links=inputs.links,
        enrolments=inputs.enrolments,
        carried=earlier,
        memory=MEMORY,
        work=lines.aside(),
    ) as assessed:
        _tell(into, assessed, month)


def _tell(folder: Path, assessed: Assessment, month: Month) -> None:
    """Of the month before, which was carried on, the claims stand in its own folder."""
    assessed.carry(folder / "carried")
    assessed.write_explanations(folder / "explanation.parquet")
    (folder / "claims.json").write_text(json.dumps([asdict(row) for row in assessed.claims() if row.period >= month]))
    (folder / "parts.json").write_text(json.dumps([asdict(row) for row in assessed.summaries() if row.period == month]))


def _told(folder: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((folder / f"{name}.json").read_text())


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    """The folder, complete or not at all; whoever else made it meanwhile made the same."""
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".month-"))
    try:
        fill(aside)
        aside.rename(folder)
    except FileExistsError:
        return
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _tidy(home: Path, at: datetime) -> None:
    for folder in home.iterdir():
        if folder.stat().st_mtime < at.timestamp() - _UNUSED:
            shutil.rmtree(folder, ignore_errors=True)
