"""What is pinned names packages and versions only: no registry, no machine, nothing left open."""

from __future__ import annotations

import json
import re

import pytest

from portal.config import ROOT

FILES = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-spark.txt",
    "package.json",
    "package-lock.json",
    ".npmrc",
    "pyproject.toml",
)
# An address, a path of somebody's machine, an index. A package's request for donations ("url") is not one.
FOREIGN = re.compile(r'^(?!"url": )(?=.*(https?://|file:|/root/|/home/|/Users/|--index-url|--find-links|_authToken))')


@pytest.mark.parametrize("name", FILES)
def test_a_pinned_list_names_no_registry_and_no_machine(name: str) -> None:
    found = [line.strip() for line in (ROOT / name).read_text("utf-8").splitlines() if FOREIGN.match(line.strip())]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        '"resolved": "https://registry.example.org/x/-/x-1.0.0.tgz"',
        "x @ file:///somewhere/x.whl",
        "--index-url http://10.0.0.1/simple",
    ],
)
def test_an_address_in_a_pinned_list_is_noticed(line: str) -> None:
    assert FOREIGN.match(line)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "requirements-spark.txt"])
def test_every_python_package_is_pinned_to_one_version(name: str) -> None:
    lines = (ROOT / name).read_text("utf-8").split("\n")
    assert [line for line in lines if line and not re.fullmatch(r"[a-z0-9.\-]+==[\w.]+", line)] == []


def test_every_front_end_package_is_pinned_with_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, entry in packages.items() if name and not entry.get("integrity")] == []
