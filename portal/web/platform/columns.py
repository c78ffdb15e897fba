"""The standard form of a settlement file: what its columns mean, and a template to fill in."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.domain.example_line import EXAMPLE
from portal.domain.settlements import COLUMNS
from portal.web.files import table
from reports import csv_table


def show() -> ResponseReturnValue:
    return render_template("platform/columns/show.html", columns=COLUMNS, example=EXAMPLE)


def template() -> ResponseReturnValue:
    """The columns with one example row."""
    names = [column.name for column in COLUMNS]
    return table(csv_table.stream(names, [[EXAMPLE[name] for name in names]]), "ieum-settlement-template.csv")
