"""An office with cases to be distributed, for tests of the officials' desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.bulk import BulkAction, PrepareRun
from portal.domain.tags import Colour, WriteTag
from portal.models.accounts import User
from portal.models.bulk import BulkCase, BulkRun
from portal.models.tags import Tag
from portal.queries.programmes import Published
from portal.services import bulk, reviews, tags
from portal.storage.objects import Stores
from tests.cases import Applied, apply
from tests.factories import AT, actor, make_official, make_programme

ITEMS = "통장 사본의 예금주가 보이지 않습니다."


@dataclass(frozen=True, slots=True)
class Team:
    """`chief` decides and distributes; the officers review."""

    session: Session
    stores: Stores
    programme: Published
    chief: User
    officers: tuple[User, ...]
    cases: list[Applied]

    @property
    def by(self) -> Actor:
        return actor(self.chief)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(case.id for case in self.cases)

    def tag(self, name: str = "현장 확인", colour: str = "blue") -> Tag:
        return tags.make(self.session, WriteTag(name, colour), by=self.by, at=AT)

    def prepare(
        self,
        action: BulkAction,
        *,
        by: Actor | None = None,
        ids: tuple[int, ...] = (),
        at: datetime = AT,
        **told: object,
    ) -> BulkRun:
        command = PrepareRun(action, ids or self.ids, **told)  # ty: ignore[invalid-argument-type]
        return bulk.prepare(self.session, command, by=by or self.by, at=at)

    def assign(self, *officers: User, ids: tuple[int, ...] = (), reason: str = "") -> BulkRun:
        chosen = tuple(officer.id for officer in officers or self.officers)
        return self.prepare(BulkAction.ASSIGN, ids=ids, officer_ids=chosen, reason=reason)

    def carry_out(self, run: BulkRun, *, by: Actor | None = None, at: datetime = AT) -> list[tuple[str | None, str]]:
        """Confirmed and done as a worker does it; what became of each case."""
        bulk.confirm(self.session, run.id, by=by or self.by, at=at)
        self.work(run, at=at)
        return self.results(run)

    def work(self, run: BulkRun, *, at: datetime = AT, progress: Callable[[int, int], None] | None = None) -> None:
        """What a worker does, from beginning to end; `progress` may cut it short."""
        finish = bulk.carry_out(
            lambda: nullcontext(self.session), self.stores, run.id, moment=lambda: at,
            progress=progress or (lambda _done, _of: None),
        )  # fmt: skip
        finish(self.session, at)

    def cases_of(self, run: BulkRun) -> list[BulkCase]:
        self.session.expire_all()
        return list(self.session.scalars(select(BulkCase).where(BulkCase.run_id == run.id).order_by(BulkCase.id)))

    def results(self, run: BulkRun) -> list[tuple[str | None, str]]:
        return [(case.result.value if case.result else None, case.problem) for case in self.cases_of(run)]


def open_team(session: Session, stores: Stores, cases: int = 3, officers: int = 2) -> Team:
    programme = make_programme(session)
    chief = make_official(session, Role.APPROVER, name="팀장")
    people = tuple(make_official(session, Role.REVIEWER, name=f"담당{number}") for number in range(1, officers + 1))
    return Team(session, stores, programme, chief, people, [apply(session, stores, programme) for _ in range(cases)])


FORMS = tuple(f"/office/bulk/new?action={action}&scope=all&view=undecided" for action in BulkAction)


def in_every_stage(session: Session, stores: Stores, programme: Published) -> User:
    """Runs that were previewed, are being done, and were done; a tag on a case. Returns who distributes."""
    chief = make_official(session, Role.APPROVER, name="나누는이")
    people = tuple(make_official(session, Role.REVIEWER, name=name) for name in ("맡는이", "맡을이"))
    team = Team(session, stores, programme, chief, people, [apply(session, stores, programme) for _ in range(3)])
    tag = team.tag("현장 확인", "violet")
    for colour in Colour:
        team.tag(f"꼬리표 {colour.value}", colour)
    team.carry_out(team.prepare(BulkAction.TAG, tag_id=tag.id))
    team.carry_out(team.assign(ids=team.ids[:1]))
    team.assign()
    bulk.confirm(session, team.assign(people[1], reason="나누어 맡습니다.").id, by=team.by, at=AT)
    changed = team.assign(people[0], reason="나누어 맡습니다.")
    reviews.take_up(session, team.ids[1], by=actor(people[1]), at=AT)
    team.carry_out(changed)
    team.prepare(BulkAction.REQUEST_SUPPLEMENT, by=actor(people[1]), items=ITEMS, days=7, no_interest=True)
    return chief
