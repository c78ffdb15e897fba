"""Who may import whom: the contracts of pyproject.toml hold, and one that does not hold is noticed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from portal.config import ROOT
from tests.architecture import sources


def lint(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-cache", "--no-logo", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_table_of_imports_holds() -> None:
    found = lint()
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize(
    ("package", "allowed", "stray"),
    [
        ("portal.services", "['portal.domain', 'sqlalchemy', 'argon2']", "portal.models"),
        ("portal.models", "['portal.domain', 'sqlalchemy', 'flask_sqlalchemy']", "cryptography"),
        ("portal.nowhere", "[]", "there is no portal.nowhere"),
    ],
)
def test_a_table_that_does_not_hold_is_noticed(tmp_path: Path, package: str, allowed: str, stray: str) -> None:
    (tmp_path / "wrong.toml").write_text(
        "[tool.importlinter]\nroot_packages = ['portal', 'forms', 'reports']\ninclude_external_packages = true\n"
        "contract_types = ['row: tests.architecture.contracts.Row']\n[[tool.importlinter.contracts]]\n"
        f"name = 'x'\ntype = 'row'\npackage = '{package}'\nmay_import = {allowed}\n"
    )
    found = lint("--config", str(tmp_path / "wrong.toml"))
    assert found.returncode == 1
    assert stray in found.stdout


def test_every_package_has_its_row() -> None:
    packages = {f"portal.{path.name}" for path in (ROOT / "portal").iterdir() if (path / "__init__.py").exists()}
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert [name for name in sorted(packages | {"forms", "reports"}) if f'package = "{name}"' not in text] == []


def test_migrations_import_no_models() -> None:
    allowed = {"sqlalchemy", "alembic", "migrations"} | sys.stdlib_module_names
    strays = []
    for source in sources.python():
        if source.under("migrations/versions"):
            for node in ast.walk(source.tree):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                strays += [f"{source.name}: {name}" for name in names if name.split(".")[0] not in allowed]
    assert strays == []
