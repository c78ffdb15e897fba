"""An official's desk: a folder with good inputs, and the command to assess them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from click.testing import Result
from flask import Flask

from portal.cli.assess import group
from tests.assessment.files import toml, write_csv
from tests.assessment.town import WINDOW, delivery, line

LINKS = [
    {
        "platform": "baemin",
        "store_id": "s1",
        "merchant_id": "m1",
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 6, 30),
    },
    {"platform": "baemin", "store_id": "s1", "merchant_id": "m1", "valid_from": date(2026, 7, 1), "valid_to": None},
]
SEATS = [
    {
        "programme": "p",
        "merchant_id": "m1",
        "owner_id": "w1",
        "enrolled_from": None,
        "enrolled_to": None,
        "accepted_at": "2026-01-01 09:00:00",
    }
]
LINES = [line("o1", "03-02"), line("o2", "03-03"), line("o3", "03-04")]
LARGEST = 922_337_203_685_477


class Desk:
    """A folder with good inputs, and the command to assess them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terms = folder / "county.toml"
        self.terms.write_text(
            toml({"code": "p", "priority": 1, "cost_window": WINDOW, "item": [delivery()]}), encoding="utf-8"
        )
        self.lines = write_csv(folder / "lines.csv", LINES)
        self.links = write_csv(folder / "links.csv", LINKS)
        self.enrolments = write_csv(folder / "enrolments.csv", SEATS)
        self.app = Flask("desk")
        self.app.cli.add_command(group)

    def run(self, *more: str) -> Result:
        named = [f"--{name}={getattr(self, name)}" for name in ("terms", "lines", "links", "enrolments")]
        out = [f"--claims-out={self.folder / 'claims.csv'}", f"--lines-out={self.folder / 'decided.parquet'}"]
        return self.app.test_cli_runner().invoke(args=["assess", "files", *named, *out, *more])

    def refused(self, *more: str) -> str:
        """The problems told; nothing may have been written, not even aside."""
        before = sorted(self.folder.rglob("*"))
        result = self.run(*more)
        assert result.exit_code == 2, result.output
        assert sorted(self.folder.rglob("*")) == before
        return result.stderr

    def clear(self) -> None:
        for name in ("claims.csv", "decided.parquet"):
            (self.folder / name).unlink()


def write_parquet(path: Path, columns: dict[str, pa.Array]) -> None:
    table = pa.Table.from_pylist(LINES)
    for name, values in columns.items():
        table = table.drop_columns([name]) if name in table.column_names else table
        table = table.append_column(name, values)
    pq.write_table(table, path)
