"""The project's own files, parsed once: what the tests of the architecture look at."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from portal.config import ROOT

PACKAGES = ("portal", "forms", "reports", "migrations", "tests")


@dataclass(frozen=True)
class Source:
    """`name` is the path from the root of the project."""

    name: str
    text: str
    tree: ast.Module

    def under(self, *folders: str) -> bool:
        return any(self.name.startswith(f"{folder}/") for folder in folders)


def parse(name: str, text: str) -> Source:
    return Source(name, text, ast.parse(text, name))


@cache
def python() -> tuple[Source, ...]:
    """Every Python file of the project."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(parse(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")) for path in found)


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "portal/web/templates").rglob("*.html")))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def called_name(call: ast.Call) -> str:
    """The last name of what is called: `now` for `datetime.now()`."""
    target = call.func
    return target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
