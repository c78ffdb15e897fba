"""The control: the second implementation with one rule bent, out of mutants.txt."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import indent
from types import ModuleType
from typing import Any

from tests.assessment import reference


def _read(text: str) -> dict[str, tuple[str, str]]:
    """{sentence: (lines removed, lines put there)}"""
    found = {}
    for block in text.split("\n\n")[1:]:
        name, *lines = block.strip().split("\n")
        if not name.startswith("#"):
            old, new = ("".join(line[2:] + "\n" for line in lines if line[0] == sign) for sign in "-+")
            assert name not in found
            found[name] = (old, new)
    return found


MUTANTS = _read(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8"))


@cache
def mutant(name: str) -> Any:
    """The module `reference` with that rule bent."""
    text = "\n" + Path(reference.__file__).read_text(encoding="utf-8")
    old, new = MUTANTS[name]
    bent = [
        text.replace("\n" + indent(old, " " * by), "\n" + indent(new, " " * by))
        for by in range(0, 40, 4)
        for _ in range(text.count("\n" + indent(old, " " * by)))
    ]
    assert len(bent) == 1, f"{name}: its lines are found {len(bent)} times in reference.py"
    module = ModuleType("bent")
    exec(compile(bent[0], name, "exec"), module.__dict__)
    return module
