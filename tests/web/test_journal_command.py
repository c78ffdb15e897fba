"""`flask journal`: the ledger of a year on standard output, or nothing and exit 2."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from reports import journal
from tests.factories import make_programme


@pytest.mark.parametrize("kind", journal.FORMATS)
def test_the_ledger_of_a_year_is_written_out(app: Flask, session: Session, kind: str) -> None:
    make_programme(session)
    session.commit()
    done = app.test_cli_runner().invoke(args=["journal", "--format", kind, "--organisation", "gurye", "--year", "2026"])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "appropriate:1:2026" in done.stdout
    assert "42000000 KRW" in done.stdout


@pytest.mark.parametrize(("organisation", "year"), [("gurye", "2031"), ("nowhere", "2026")])
def test_a_year_without_budget_writes_nothing(app: Flask, session: Session, organisation: str, year: str) -> None:
    make_programme(session)
    session.commit()
    arguments = ["journal", "--format", "hledger", "--organisation", organisation, "--year", year]
    done = app.test_cli_runner().invoke(args=arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.strip()
