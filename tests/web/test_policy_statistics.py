"""Policymakers see the statistics of their own organisation, take them away as files, and nobody else does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask import Flask
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.models.accounts import User
from portal.storage.objects import Stores
from tests import pages
from tests.clients import PortalClient
from tests.factories import make_merchant_user, make_official, make_organisation
from tests.paid import PAID, County, make_county

PAGE = "/policy/statistics"
FILES = f"{PAGE}/gurye-2020-o2o"
MOST_STATEMENTS = 15  # the twelve of the statistics, the person, and the choice of programmes
ClientOf = Callable[[User], PortalClient]


@pytest.fixture
def county(session: Session, stores: Stores) -> County:
    return make_county(session, stores)


@pytest.fixture
def policymaker(session: Session, county: County, client_of: ClientOf) -> PortalClient:
    return client_of(make_official(session, Role.POLICYMAKER))


def test_the_page_says_both_rates_and_meets_the_ledger_in_every_table(policymaker: PortalClient) -> None:
    page = policymaker.get(PAGE)
    text = pages.text_of(page.text)
    assert page.status_code == 200
    assert "교부 집행률 1.3%: 예산 가운데 지원하기로 결정한 금액의 비율입니다." in text
    assert "실집행률 0.1%: 예산 가운데 가맹점 계좌에 실제로 들어간 금액의 비율입니다." in text
    assert f"통계 합계 {PAID:,}원 = 장부 합계 {PAID:,}원" in text
    totals = [pages.text_of(part.split("</tfoot>")[0]) for part in page.text.split("<tfoot")[1:]]
    assert len(totals) == 8
    assert all(f"{PAID:,}" in total for total in totals)
    assert "내부용" in text


def test_the_page_takes_few_statements(policymaker: PortalClient, statement_counter) -> None:
    policymaker.get(PAGE)
    with statement_counter() as statements:
        policymaker.get(PAGE)
    assert len(statements) <= MOST_STATEMENTS


def test_every_file_adds_up_to_the_ledger(policymaker: PortalClient) -> None:
    files = {kind: policymaker.get(f"{FILES}/{kind}") for kind in ("pdf", "xlsx", "csv", "csv-cp949")}
    assert {answer.status_code for answer in files.values()} == {200}
    assert all("attachment" in answer.headers["Content-Disposition"] for answer in files.values())
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(files["pdf"].data)).pages)
    assert f"통계 합계 {PAID:,}원 = 장부 합계 {PAID:,}원" in " ".join(printed.split())
    book = CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"].data))
    assert [book.get_sheet_by_name(name).to_python()[-1][-1] for name in book.sheet_names[3:]] == [PAID] * 7
    for kind, encoding in (("csv", "utf-8-sig"), ("csv-cp949", "cp949")):
        rows = list(csv.DictReader(io.StringIO(files[kind].data.decode(encoding))))
        for view in {row["통계구분"] for row in rows}:
            assert sum(int(row["실집행액"]) for row in rows if row["통계구분"] == view) == PAID


def test_statistics_that_do_not_meet_the_ledger_are_not_shown(
    session: Session, county: County, policymaker: PortalClient
) -> None:
    county.claims[0].parts[0].amount += 1
    for url in (PAGE, f"{FILES}/csv"):
        answer = policymaker.get(url)
        assert answer.status_code == 409
        assert "통계 합계가 장부와 맞지 않아" in answer.text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.PAYER, Role.ADMINISTRATOR])
def test_other_roles_are_refused(session: Session, county: County, client_of: ClientOf, role: Role) -> None:
    client = client_of(make_official(session, role))
    assert {client.get(url).status_code for url in (PAGE, f"{FILES}/pdf")} == {403}


def test_merchants_are_refused_and_strangers_asked_to_sign_in(
    session: Session, county: County, client_of: ClientOf, client: PortalClient
) -> None:
    assert client_of(make_merchant_user(session)).get(PAGE).status_code == 403
    assert client.get(PAGE).status_code == 302


def test_another_organisations_programme_is_not_found(session: Session, county: County, client_of: ClientOf) -> None:
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    client = client_of(make_official(session, Role.POLICYMAKER, organisation=elsewhere))
    assert "아직 통계를 볼 사업이 없습니다" in client.get(PAGE).text
    for url in (f"{PAGE}?programme=gurye-2020-o2o", f"{FILES}/pdf", f"{FILES}/csv"):
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("url", [f"{PAGE}?programme=none", f"{PAGE}/none/pdf", f"{FILES}/docx"])
def test_unknown_programmes_and_kinds_are_not_found(policymaker: PortalClient, url: str) -> None:
    assert policymaker.get(url).status_code == 404


def test_the_command_line_writes_the_same_files(app: Flask, session: Session, county: County, tmp_path) -> None:
    session.commit()
    runner = app.test_cli_runner()
    done = runner.invoke(args=["statistics", "export", "--programme", "gurye-2020-o2o", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    ending = "statistics_gurye-2020-o2o_2026-06-15"
    names = {f"{ending}.pdf", f"{ending}.xlsx", f"{ending}.csv", f"{ending}_cp949.csv"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_the_command_line_writes_nothing_for_an_unknown_programme_or_totals_that_differ(
    app: Flask, session: Session, county: County, tmp_path
) -> None:
    county.claims[0].parts[0].amount += 1
    session.commit()
    runner = app.test_cli_runner()
    for code, expected in (("none", 2), ("gurye-2020-o2o", 1)):
        done = runner.invoke(args=["statistics", "export", "--programme", code, "--out", str(tmp_path / "out")])
        assert done.exit_code == expected
    assert not (tmp_path / "out").exists()
