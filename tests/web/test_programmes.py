"""The manager's pages: proposing a version as text or file, comparing it, publishing it by another hand."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.programmes import Change, VersionStatus, difference
from portal.models.programmes import ProgrammeVersion
from tests.clients import PortalClient
from tests.factories import GURYE, make_official, make_organisation, make_programme
from tests.pages import problems

ClientOf = Callable[..., PortalClient]
SECOND = GURYE.replace("processing_days = 14", "processing_days = 10")


def versions(session: Session) -> list[tuple[int, VersionStatus]]:
    session.expire_all()
    return [(v.number, v.status) for v in session.scalars(select(ProgrammeVersion).order_by(ProgrammeVersion.id))]


@pytest.mark.parametrize("as_file", [True, False])
def test_one_manager_proposes_and_another_publishes(session: Session, client_of: ClientOf, as_file: bool) -> None:
    make_programme(session)
    first, second = make_official(session, Role.MANAGER), make_official(session, Role.MANAGER, name="다른 담당")
    client = client_of(first)
    given = {"file": (io.BytesIO(SECOND.encode()), "gurye.toml")} if as_file else {"text": SECOND}
    answer = client.submit("/office/programmes/new", given)
    assert answer.status_code == 302
    page = client.get(answer.location).text
    assert "올린 사람은 게시할 수 없습니다" in page
    assert "processing_days = 10" in page
    assert "<ins>" in page
    assert "<del>" in page
    assert "예시 값" in page
    assert client.submit(f"{answer.location}/publication").status_code == 403
    assert versions(session) == [(1, VersionStatus.PUBLISHED), (2, VersionStatus.PROPOSED)]
    other = client_of(second)
    assert other.submit(f"{answer.location}/publication").status_code == 302
    assert versions(session) == [(1, VersionStatus.REPLACED), (2, VersionStatus.PUBLISHED)]
    assert other.submit(f"{answer.location}/publication").status_code == 409
    assert "다른 담당" in client.get("/office/programmes").text


def test_everything_wrong_with_a_text_is_listed_with_its_place_and_the_text_stays(
    session: Session, client_of: ClientOf
) -> None:
    make_programme(session)
    wrong = GURYE.replace('rate = "0.80"', "rate = 0.8").replace("processing_days = 14", "processing_days = 0")
    wrong = wrong.replace('county = "0.35"', 'county = "0.36"')
    answer = client_of(make_official(session, Role.MANAGER)).submit("/office/programmes/new", {"text": wrong})
    assert answer.status_code == 422
    places = [line.split(":")[0] for line in problems(answer)]
    assert places == ["item[2].amount.rate", "funding", "call.processing_days"]
    assert "processing_days = 0" in answer.text
    assert len(versions(session)) == 1


def test_nothing_the_same_or_no_text_is_refused_in_words(session: Session, client_of: ClientOf) -> None:
    make_programme(session)
    client = client_of(make_official(session, Role.MANAGER))
    for given, status, said in (
        ({"text": " "}, 422, "파일을 선택해 주세요"),
        ({"text": GURYE}, 409, "이미 올라와 있는 내용과 같습니다"),
        ({"file": (io.BytesIO(b"\xff\xfe\x00a"), "a.toml")}, 422, "글자를 읽을 수 없습니다"),
        ({"text": "a = "}, 422, "TOML 형식으로 읽을 수 없습니다"),
    ):
        answer = client.submit("/office/programmes/new", given)
        assert (answer.status_code, said in " ".join(problems(answer))) == (status, True), problems(answer)


def test_others_read_and_do_not_change_and_other_organisations_see_nothing(
    session: Session, client_of: ClientOf
) -> None:
    make_programme(session)
    reader = client_of(make_official(session, Role.AUDITOR))
    assert reader.get("/office/programmes/1").status_code == 200
    assert reader.get("/office/programmes/new").status_code == 403
    assert reader.submit("/office/programmes/1/publication").status_code == 403
    elsewhere = make_organisation(session, "haenam", name="해남군(데모)", region_code="12790")
    stranger = client_of(make_official(session, Role.MANAGER, organisation=elsewhere))
    assert stranger.get("/office/programmes/1").status_code == 404
    assert stranger.submit("/office/programmes/1/publication").status_code == 404
    assert "구례군 소상공인" not in stranger.get("/office/programmes").text


def test_a_comparison_shows_what_was_added_and_taken_away() -> None:
    found = list(difference("a\nb\nc", "a\nx\nc"))
    assert found == [
        Change("gap", ""), Change("kept", "a"), Change("removed", "b"), Change("added", "x"), Change("kept", "c"),
    ]  # fmt: skip
    assert list(difference("a", "a")) == []


def test_the_command_line_proposes_and_publishes(app: Flask, session: Session, tmp_path: object) -> None:
    make_programme(session)
    first, second = (make_official(session, Role.MANAGER).login for _ in range(2))
    session.commit()
    path = f"{tmp_path}/gurye.toml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(SECOND)
    run = app.test_cli_runner().invoke
    done = run(args=["programmes", "propose", path, "--by", first])
    assert (done.exit_code, "version 2 proposed, id 2" in done.output) == (0, True), (done.output, done.exception)
    assert run(args=["programmes", "publish", "2", "--by", first]).exit_code == 2
    assert run(args=["programmes", "publish", "2", "--by", second]).exit_code == 0
    assert versions(session) == [(1, VersionStatus.REPLACED), (2, VersionStatus.PUBLISHED)]
    session.commit()
    with open(path, "w", encoding="utf-8") as file:
        file.write(SECOND.replace("processing_days = 10", "processing_days = 0"))
    refused = run(args=["programmes", "propose", path, "--by", first])
    assert (refused.exit_code, "call.processing_days" in refused.output) == (2, True), refused.output
