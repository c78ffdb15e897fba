"""A bug put into the portal's code, in this process alone: the functions and tables whose lines bugs.txt changes."""

from __future__ import annotations

import ast
import importlib
import inspect
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from types import ModuleType

from portal.config import ROOT

BENT = ("portal", "reports", "forms", "tests")  # whose modules may hold what was bent under a name of their own


@dataclass(frozen=True, slots=True)
class Bug:
    """A sentence, the file, and the lines before and after."""

    name: str
    file: str
    old: str
    new: str

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").replace("/", ".")


def _read(text: str) -> dict[str, Bug]:
    found = {}
    for block in text.split("\n\n")[1:]:
        if not block.startswith("#"):
            name, file, *lines = block.strip().split("\n")
            old, new = ("".join(line[2:] + "\n" for line in lines if line[0] == sign) for sign in "-+")
            assert name not in found, name
            found[name] = Bug(name, file, old, new)
    return found


BUGS = _read(Path(__file__).with_name("bugs.txt").read_text(encoding="utf-8"))


def bent(bug: Bug) -> str:
    """The file with the bug in it. AssertionError where its lines are not there, or twice."""
    text = "\n" + (ROOT / bug.file).read_text(encoding="utf-8")
    found = [
        text.replace("\n" + indent(bug.old, " " * by).rstrip("\n"), "\n" + indent(bug.new, " " * by).rstrip("\n"))
        for by in range(0, 24, 4)
        for _ in range(text.count("\n" + indent(bug.old, " " * by).rstrip("\n")))
    ]
    assert len(found) == 1, f"{bug.name}: its lines are found {len(found)} times in {bug.file}"
    return found[0].removeprefix("\n")


def bend(bug: Bug) -> None:
    """Defines anew what the bug changes, and puts it where the old one is known. There is no way back."""
    module = importlib.import_module(bug.module)
    before = {ast.dump(node) for node in ast.parse(inspect.getsource(module)).body}
    changed = [node for node in ast.parse(bent(bug)).body if ast.dump(node) not in before]
    assert changed, f"{bug.name}: nothing is changed"
    old = dict(vars(module))
    exec(compile(ast.Module(changed, []), f"{bug.file} with a bug", "exec"), vars(module))
    _replace({id(old[name]): new for name, new in vars(module).items() if name in old and old[name] is not new})


def _replace(by_old: dict[int, object]) -> None:
    for module in [known for name, known in sys.modules.items() if name.split(".")[0] in BENT]:
        if isinstance(module, ModuleType):
            for name, value in list(vars(module).items()):
                if id(value) in by_old:
                    setattr(module, name, by_old[id(value)])
