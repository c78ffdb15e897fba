"""Programmes are proposed by one manager and published by another."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import (
    AlreadyDone,
    Conflict,
    FileRefused,
    InvalidTransition,
    NotFound,
    NotPermitted,
    SamePerson,
)
from portal.domain.programmes import VersionStatus
from portal.models.ledger import BudgetLine
from portal.queries import programmes as queries
from portal.services import programmes
from tests.factories import GURYE, actor, make_merchant_user, make_official, make_organisation, make_programme

SECOND_TEXT = GURYE.replace("version = 1", "version = 2").replace("amount = 500_000", "amount = 400_000")


def test_a_published_programme_is_in_force_and_its_budget_is_open(session: Session) -> None:
    found = make_programme(session)
    assert found.version.status is VersionStatus.PUBLISHED
    assert queries.in_force(session, "gurye-2020-o2o").version is found.version
    lines = {line.source: line.total for line in session.scalars(select(BudgetLine))}
    assert lines == {"national": 60_000_000, "province": 18_000_000, "county": 42_000_000}


def test_whoever_proposed_a_version_does_not_publish_it(session: Session, at: datetime) -> None:
    manager = actor(make_official(session, Role.MANAGER))
    version = programmes.propose(session, GURYE, by=manager, at=at)
    with pytest.raises(SamePerson):
        programmes.publish(session, version.id, by=manager, at=at)


def test_a_second_account_of_the_same_person_does_not_publish_it_either(session: Session, at: datetime) -> None:
    manager = make_official(session, Role.MANAGER)
    again = make_official(session, Role.MANAGER, person=manager.person)
    version = programmes.propose(session, GURYE, by=actor(manager), at=at)
    with pytest.raises(SamePerson):
        programmes.publish(session, version.id, by=actor(again), at=at)


def test_a_new_version_replaces_the_one_before_and_opens_no_second_budget(session: Session, at: datetime) -> None:
    first = make_programme(session)
    second = make_programme(session, text=SECOND_TEXT)
    assert (first.version.status, second.version.status) == (VersionStatus.REPLACED, VersionStatus.PUBLISHED)
    assert second.version.number == first.version.number + 1
    assert len(session.scalars(select(BudgetLine)).all()) == 3


def test_the_same_text_is_not_taken_in_twice(session: Session, at: datetime) -> None:
    make_programme(session)
    with pytest.raises(AlreadyDone):
        programmes.propose(session, GURYE, by=actor(make_official(session, Role.MANAGER)), at=at)


def test_a_published_version_is_not_published_again(session: Session, at: datetime) -> None:
    found = make_programme(session)
    third = actor(make_official(session, Role.MANAGER))
    with pytest.raises(InvalidTransition):
        programmes.publish(session, found.version.id, by=third, at=at)


def test_another_county_s_manager_finds_nothing(session: Session, at: datetime) -> None:
    version = programmes.propose(session, GURYE, by=actor(make_official(session, Role.MANAGER)), at=at)
    other = make_organisation(session, "gangnam", name="다른 구(데모)", region_code="11680")
    foreigner = actor(make_official(session, Role.MANAGER, organisation=other))
    with pytest.raises(NotFound):
        programmes.publish(session, version.id, by=foreigner, at=at)
    with pytest.raises(NotFound):
        programmes.propose(session, SECOND_TEXT, by=foreigner, at=at)


def test_only_an_organisation_proposes(session: Session, at: datetime) -> None:
    with pytest.raises(NotPermitted):
        programmes.propose(session, GURYE, by=actor(make_merchant_user(session)), at=at)


def test_only_a_manager_publishes(session: Session, at: datetime) -> None:
    version = programmes.propose(session, GURYE, by=actor(make_official(session, Role.MANAGER)), at=at)
    with pytest.raises(NotPermitted):
        programmes.publish(session, version.id, by=actor(make_official(session, Role.REVIEWER)), at=at)


def test_nothing_is_in_force_before_it_is_published(session: Session, at: datetime) -> None:
    programmes.propose(session, GURYE, by=actor(make_official(session, Role.MANAGER)), at=at)
    with pytest.raises(NotFound):
        queries.in_force(session, "gurye-2020-o2o")


@pytest.mark.parametrize(
    ("stated", "instead", "problem"),
    [
        ('funding = { national = "0.50", province = "0.15", county = "0.35" }', "", ("missing_key", "funding", "")),
        ('legal_basis = "구례군 공고(예시) 제2026-1호"', "", ("missing_key", "legal_basis", "")),
        (', legal = "공고 제4조제1항" }', " }", ("missing_key", "item[1].amount.legal", "")),
        (', legal = "공고 제4조제2항" }', " }", ("missing_key", "item[1].caps[1].legal", "")),
        ('legal = "공고 제6조 (예산의 범위)"', "", ("missing_key", "pool[1].legal", "")),
        (
            '[[budget]]\nfiscal_year = 2026\nsource = "province"\namount = 18_000_000\n',
            "",
            ("no_budget_line", "budget", "2026 province"),
        ),
    ],
)
def test_what_a_draft_may_leave_open_a_programme_states(
    session: Session, at: datetime, stated: str, instead: str, problem: tuple[str, str, str]
) -> None:
    assert stated in GURYE
    text = GURYE.replace(stated, instead).partition("\n[example]")[0]
    with pytest.raises(FileRefused) as refused:
        programmes.propose(session, text, by=actor(make_official(session, Role.MANAGER)), at=at, file="v1.toml")
    assert [(each.code, each.field, each.value) for each in refused.value.problems] == [problem]


@pytest.mark.parametrize(
    ("stated", "instead", "wrong"),
    [
        ("amount = 18_000_000", "amount = 19_000_000", ["2026 province"]),
        ("fiscal_year = 2026", "fiscal_year = 2027", ["2026 national", "2026 province", "2026 county"]),
    ],
)
def test_a_new_version_never_changes_the_budget_of_an_open_year(
    session: Session, at: datetime, stated: str, instead: str, wrong: list[str]
) -> None:
    first = make_programme(session)
    session.commit()
    with pytest.raises(Conflict) as refused:
        make_programme(session, text=SECOND_TEXT.replace(stated, instead))
    assert [(each.code, each.value) for each in refused.value.problems] == [("budget_is_open", each) for each in wrong]
    session.rollback()
    assert queries.in_force(session, "gurye-2020-o2o").version.id == first.version.id


def test_a_new_version_opens_the_budget_of_a_further_year(session: Session, at: datetime) -> None:
    make_programme(session)
    start, end = SECOND_TEXT.index("[[budget]]"), SECOND_TEXT.index("\n[example]") + 1
    further = SECOND_TEXT[start:end].replace("2026", "2027").replace("60_000_000", "61_000_000")
    make_programme(session, text=SECOND_TEXT[:end] + further + SECOND_TEXT[end:])
    lines = {(line.fiscal_year, line.source): line.total for line in session.scalars(select(BudgetLine))}
    assert (len(lines), lines[2026, "national"], lines[2027, "national"]) == (6, 60_000_000, 61_000_000)
