"""A disk that is full, and files that may not grow: run as `python -m tests.assessment.full_disk FOLDER WAY`.

For growing sizes the command assesses the inputs in FOLDER; a JSON list says for each size what came of it and which
files were left. WAY is `disk` (a small file system of its own, mounted where nobody else sees it) or `limit` (no file
of this process may become larger).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from portal.cli.assess import group

PAGE = 4_096
SCARCE = (1, 5, 9, 512)  # pages: from no room for anything to room for everything
ASIDE = (1, 512)


@contextmanager
def _disk(folder: Path, size: int) -> Generator[None]:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def _limit(_: Path, size: int) -> Generator[None]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def assessed(inputs: Path, claims: Path, lines: Path) -> tuple[int, str]:
    """(exit code, what stderr says); intermediate files lie beside the claims."""
    app = Flask("desk")
    app.cli.add_command(group)
    told = [f"--{name}={inputs / name}.csv" for name in ("lines", "links", "enrolments")]
    terms = [f"--terms={file}" for file in sorted(inputs.glob("*.toml"))]
    result = app.test_cli_runner().invoke(
        args=["assess", "files", *told, *terms, f"--claims-out={claims}", f"--lines-out={lines}", "--threads=1"]
    )
    return result.exit_code, result.stderr


def tried(folder: Path, way: str) -> Generator[dict[str, Any]]:
    """Each size with all outputs where room is scarce, and with the intermediate files elsewhere."""
    scarce, roomy = folder / "scarce", folder / "roomy"
    scarce.mkdir()
    roomy.mkdir()
    for claims, pages in (*((scarce, pages) for pages in SCARCE), *((roomy, pages) for pages in ASIDE)):
        with (_disk if way == "disk" else _limit)(scarce, pages * PAGE):
            code, told = assessed(folder, claims / "claims.csv", scarce / "decided.parquet")
            left = sorted(path.name for place in (scarce, roomy) for path in place.rglob("*"))
            yield {"pages": pages, "aside": claims is roomy, "code": code, "told": told, "left": left}
        for path in (*roomy.iterdir(), *scarce.iterdir()):
            path.unlink()


if __name__ == "__main__":
    print(json.dumps(list(tried(Path(sys.argv[1]), sys.argv[2]))))
