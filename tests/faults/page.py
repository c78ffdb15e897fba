"""docs/reliability.md: a section for each harness; a run replaces its own section and keeps the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from portal.config import ROOT
from portal.domain.periods import KOREA
from tests.bench.measuring import machine

PAGE = ROOT / "docs" / "reliability.md"

_TOP = """# What was tried to break the portal

Written by `make faults`; nothing here is copied by hand. The portal runs in processes of its own, started as
[in production](how-to/production.md), and is asked through the outside alone: HTTP, commands, folders. It is judged by
what the outside was told, written to the disk before anything is done with it. A **control** is the same run against
the portal with one protection taken away (`tests/faults/broken.py`): a harness that does not notice proves nothing.
Seeds that failed once are in `tests/faults/failed_seeds.txt` and are tried again by every run.
"""


def section(title: str, about: str, head: Sequence[str], rows: Iterable[Sequence[object]], after: str = "") -> str:
    """A section with its date and machine, a text, a table, and a text."""
    today = datetime.now(UTC).astimezone(KOREA).date()
    table = [head, ["---"] * len(head), *rows]
    lines = ["| " + " | ".join(map(_cell, row)) + " |" for row in table]
    return "\n".join([f"## {title}", "", f"{today}. {machine()}.", "", about, "", *lines, "", after]).strip() + "\n"


def keep(text: str) -> None:
    """Puts a section into the page, in the place of the one with its title."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    sections = {part.splitlines()[0]: part.strip() for part in re.split(r"(?m)^(?=## )", old)[1:]}
    sections[text.splitlines()[0]] = text.strip()
    PAGE.write_text("\n\n".join([_TOP.strip(), *sections.values()]) + "\n", encoding="utf-8")


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
