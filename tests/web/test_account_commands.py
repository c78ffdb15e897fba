"""A portal without any account is put to work from the command line."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models.accounts import Organisation, User
from portal.queries import accounts as queries
from tests.clients import PortalClient
from tests.clocks import Clock

FOUND = shlex.split(
    "found-organisation --code haenam --name 해남군 --level county --region 12790 --head-title 해남군수 "
    "--contact-unit 경제산업과 --contact-phone 061-530-0000 --contact-email o2o@haenam.example --address 해남읍"
)
FIRST = shlex.split("open --login admin@haenam.example --name 최관리 --role administrator --organisation haenam")
REVIEWER = shlex.split("open --login kim@haenam.example --name 김검토 --role reviewer --organisation haenam --generate")
BY = ["--by", "admin@haenam.example"]
PASSWORD = "a-long-password"


@pytest.fixture
def run(app: Flask, session: Session) -> Callable[..., Result]:
    def command(*arguments: str, **more: Any) -> Result:
        session.commit()
        return app.test_cli_runner().invoke(args=["accounts", *arguments], **more)

    return command


def test_from_an_empty_portal_to_a_reviewer_who_signs_in(
    run: Callable[..., Result], client: PortalClient, clock: Clock
) -> None:
    assert run(*FOUND).output == "haenam: 해남군 founded\n"
    assert run(*FIRST, input=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    opened = run(*REVIEWER, "--title", "주무관", *BY)
    assert opened.exit_code == 0, opened.output
    password = opened.output.split("password: ")[1].strip()
    assert len(password) == 20
    assert client.submit("/login", {"login": "kim@haenam.example", "password": password}).status_code == 302
    assert client.get("/office/applications").status_code == 200
    assert run("revoke", "kim@haenam.example", "reviewer", *BY).exit_code == 0
    assert client.get("/office/applications").status_code == 403
    clock.shift(timedelta(minutes=1))
    assert run("grant", "kim@haenam.example", "reviewer", *BY).exit_code == 0
    assert client.get("/office/applications").status_code == 200
    assert "김검토 주무관 (reviewer)" in run("list").output
    assert run("close", "kim@haenam.example", *BY).exit_code == 0
    assert client.get("/office/applications").status_code == 302
    assert "김검토 주무관 (closed)" in run("list", "--organisation", "haenam").output


def test_what_is_refused_exits_2_says_why_and_changes_nothing(run: Callable[..., Result], session: Session) -> None:
    assert run(*[FOUND[0], *FOUND[1:7], "--region", "99999", *FOUND[9:]]).exit_code == 2
    assert session.scalar(select(Organisation)) is None
    assert run(*FOUND).exit_code == 0
    short = run(*FIRST, input="short\nshort\n")
    assert (short.exit_code, "password: password_too_short" in short.output) == (2, True), short.output
    assert run(*REVIEWER).exit_code == 2
    assert run(*REVIEWER, *BY).output == "not_found: admin@haenam.example\n"
    assert session.scalar(select(User)) is None
    assert run(*FIRST, "--generate").exit_code == 0
    refused = run("grant", "admin@haenam.example", "payer", *BY)
    assert (refused.exit_code, "administrator, payer" in refused.output) == (2, True), refused.output
    assert run("list", "--organisation", "nowhere").exit_code == 2
    session.commit()
    first = queries.by_login(session, "admin@haenam.example")
    assert first is not None
    assert queries.actor_of(first).roles == {"administrator"}


def test_a_platforms_person_is_opened_for_one_platform_and_signs_in(
    run: Callable[..., Result], client: PortalClient, session: Session
) -> None:
    run(*FOUND)
    run(*FIRST, input=f"{PASSWORD}\n{PASSWORD}\n")
    clerk = shlex.split(
        "open --login kim@barogo.example --name 김정산 --role platform --organisation haenam --generate"
    )
    for wrong in ([], ["--platform", "nobody"], ["--platform", "barogo", "--role", "reviewer"]):
        assert run(*clerk, *wrong, *BY).exit_code == 2
    opened = run(*clerk, "--platform", "barogo", *BY)
    assert opened.exit_code == 0, opened.output
    assert "김정산 barogo (platform)" in run("list").output
    password = opened.output.split("password: ")[1].strip()
    answer = client.submit("/login", {"login": "kim@barogo.example", "password": password})
    assert answer.location == "/platform/"
    assert "바로고 정산자료" in client.get("/platform/").text
    run("close", "kim@barogo.example", *BY)
    assert client.get("/platform/").status_code == 302
