"""An office's own tags: kept by those who manage, put on cases by those who work them, taken off with a history."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Role
from portal.domain.errors import AlreadyDone, Incomplete, NotFound, NotPermitted
from portal.domain.reviews import Filters
from portal.domain.tags import MOST_TAGS, Colour, WriteTag
from portal.models.applications import Application
from portal.models.tags import Tagging
from portal.queries import tags as known
from portal.queries import work_queue
from portal.services import tags
from portal.storage.objects import Stores
from tests.distributed import Team, open_team
from tests.factories import AT, actor, make_official, make_organisation


@pytest.fixture
def team(session: Session, stores: Stores) -> Team:
    return open_team(session, stores, cases=2)


def names(team: Team, number: int = 0) -> list[str]:
    return [tag.name for tag in known.of_cases(team.session, team.ids).get(team.ids[number], [])]


def test_a_tag_is_put_on_narrows_the_list_and_comes_off_with_its_history(team: Team) -> None:
    tag, by = team.tag(), actor(team.officers[0])
    tags.put_on(team.session, team.ids[0], tag.id, by=by, at=AT)
    assert (names(team), names(team, 1)) == (["현장 확인"], [])
    rows = work_queue.page(team.session, by, Filters(tag=str(tag.id)), on=AT.date()).rows
    assert [row.id for row in rows] == [team.ids[0]]
    with pytest.raises(AlreadyDone):
        tags.put_on(team.session, team.ids[0], tag.id, by=by, at=AT)
    tags.take_off(team.session, team.ids[0], tag.id, by=by, at=AT)
    with pytest.raises(AlreadyDone):
        tags.take_off(team.session, team.ids[0], tag.id, by=by, at=AT)
    tags.put_on(team.session, team.ids[0], tag.id, by=by, at=AT)
    rows = team.session.scalars(select(Tagging).order_by(Tagging.id)).all()
    assert [row.taken_off_by for row in rows] == [by.user_id, None]


def test_a_name_is_there_once_and_free_again_when_the_tag_is_gone(team: Team) -> None:
    tag = team.tag()
    tags.put_on(team.session, team.ids[0], tag.id, by=team.by, at=AT)
    with pytest.raises(AlreadyDone), team.session.begin_nested():
        team.tag()
    tags.change(team.session, tag.id, WriteTag("급함", "red"), by=team.by, at=AT)
    assert (names(team), tag.colour) == (["급함"], Colour.RED)
    tags.retire(team.session, tag.id, by=team.by, at=AT)
    assert (names(team), known.living(team.session, team.by)) == ([], [])
    with pytest.raises(NotFound):
        tags.put_on(team.session, team.ids[0], tag.id, by=team.by, at=AT)
    team.tag("급함")


@pytest.mark.parametrize(("name", "colour"), [("", "red"), ("가" * 21, "red"), ("급함", "pink")])
def test_a_tag_without_a_name_or_of_a_colour_that_is_not_there_is_refused(team: Team, name: str, colour: str) -> None:
    with pytest.raises(Incomplete):
        team.tag(name, colour)


def test_a_name_stands_on_one_line_so_that_the_pages_of_its_cases_can_be_read(team: Team) -> None:
    tags.put_on(team.session, team.ids[0], team.tag("현장\n확인: 급함").id, by=team.by, at=AT)
    found = team.session.scalar(
        select(known.marks_of_case()).select_from(Application).where(Application.id == team.ids[0])
    )
    assert known.marks(found) == [known.Mark("현장 확인: 급함", Colour.BLUE)]


def test_there_are_not_more_than_can_be_told_apart(team: Team) -> None:
    for number in range(MOST_TAGS):
        team.tag(f"꼬리표 {number}")
    with pytest.raises(Incomplete) as refused:
        team.tag("하나 더")
    assert [problem.code for problem in refused.value.problems] == ["too_many_tags"]


def test_the_list_is_the_managers_and_anothers_tags_and_cases_do_not_exist(team: Team) -> None:
    tag = team.tag()
    with pytest.raises(NotPermitted):
        tags.make(team.session, WriteTag("급함", "red"), by=actor(team.officers[0]), at=AT)
    for role in (Role.MANAGER, Role.AUDITOR):
        with pytest.raises(NotPermitted):
            tags.put_on(team.session, team.ids[0], tag.id, by=actor(make_official(team.session, role)), at=AT)
    elsewhere = make_organisation(team.session, "haenam", name="해남군(데모)", region_code="12790")
    foreign = actor(make_official(team.session, Role.APPROVER, organisation=elsewhere))
    with pytest.raises(NotFound):
        tags.put_on(team.session, team.ids[0], tag.id, by=foreign, at=AT)
    with pytest.raises(NotFound):
        tags.change(team.session, tag.id, WriteTag("급함", "red"), by=foreign, at=AT)
    theirs = tags.make(team.session, WriteTag("현장 확인", "red"), by=foreign, at=AT)
    with pytest.raises(NotFound):
        tags.put_on(team.session, team.ids[0], theirs.id, by=team.by, at=AT)
