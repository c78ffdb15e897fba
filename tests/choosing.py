"""Makes programmes that choose by score or lot, with reviewed candidates, for tests of who is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal.domain.actors import Actor, Role
from portal.domain.lotteries import AnnounceDraw
from portal.domain.selections import ConfirmSelection, GiveScores
from portal.models.accounts import User
from portal.models.selections import Selection
from portal.queries.programmes import Published
from portal.services import lotteries, reviews, score_sheets, selections
from portal.storage.objects import Stores
from tests.cases import Applied, apply
from tests.factories import AT, actor, make_merchant_user, make_official, make_programme
from tests.first_come import text as with_budget

BEFORE = AT - timedelta(days=7)  # while the call is open; at AT it is over
SCORED = """
[selection]
basis = "scored"
legal = "공고 제7조"
assessors = 2
pass_mark = 60
ties = ["need"]
reserve = 1

[[selection.criterion]]
code = "plan"
name = "사업 계획의 구체성"
points = 60
description = "무엇을 언제 어떻게 할지 분명한지 봅니다."

[[selection.criterion]]
code = "need"
name = "지원 필요성"
points = 40
description = "매출과 배달 비중에 비추어 지원이 필요한지 봅니다."
"""
LOTTERY = """
[selection]
basis = "lottery"
legal = "공고 제7조"
reserve = 1
"""
OPINION = "평가 결과대로 순위를 정하고 예산이 되는 데까지 선정하기로 하였습니다."
VALUE = "3,14,27,30,41,45"
DRAWS_ON = date(2026, 6, 22)
LATER = AT + timedelta(days=7)


def text(rules: str, *, won: int = 1_000_000, code: str = "chosen") -> str:
    """Gurye's programme with these rules, a call that ended on the Friday before AT, and so much money."""
    found = with_budget(won=won, code=code).replace('commitment = "acceptance"\nlast_place = "none"', "")
    return found.replace("apply_to = 2026-12-18", "apply_to = 2026-06-12") + rules


@dataclass(slots=True)
class Panel:
    """Two assessors, `first` and `second`; `secretary` reviews, fixes and ranks; `chair` draws and confirms."""

    session: Session
    stores: Stores
    programme: Published
    first: User = field(init=False)
    second: User = field(init=False)
    secretary: User = field(init=False)
    chair: User = field(init=False)

    def __post_init__(self) -> None:
        reviewer, approver = Role.REVIEWER, Role.APPROVER
        self.first = make_official(self.session, reviewer, name="평가가")
        self.second = make_official(self.session, reviewer, name="평가나")
        self.secretary = make_official(self.session, reviewer, name="간사")
        self.chair = make_official(self.session, approver, name="위원장")

    def candidates(self, count: int, owners: Sequence[User] = ()) -> list[Applied]:
        """So many who applied in time, and whose papers the secretary has reviewed."""
        found = []
        for number in range(count):
            owner = owners[number] if number < len(owners) else make_merchant_user(self.session)
            case = apply(self.session, self.stores, self.programme, owner=owner, at=BEFORE)
            reviews.take_up(self.session, case.id, by=actor(self.secretary), at=AT)
            found.append(case)
        return found

    def fix(self) -> Selection:
        by = actor(self.secretary)
        return selections.fix(self.session, self.programme.programme.id, by=by, at=AT)

    def give(self, selection: Selection, case: Applied, user: User, plan: int, need: int) -> None:
        command = GiveScores({"plan": plan, "need": need})
        score_sheets.give(self.session, selection.id, case.id, command, by=actor(user), at=AT)

    def score(self, selection: Selection, case: Applied, *sheets: tuple[int, int]) -> None:
        """One sheet (plan, need) of each assessor."""
        for user, (plan, need) in zip((self.first, self.second), sheets, strict=True):
            self.give(selection, case, user, plan, need)

    def ranked(self, selection: Selection) -> Selection:
        return selections.order(self.session, selection.id, by=actor(self.secretary), at=AT)

    def announced(self, selection: Selection) -> Selection:
        command = AnnounceDraw("2026. 6. 20. 로또 6/45 당첨번호", DRAWS_ON)
        return lotteries.announce(self.session, selection.id, command, by=actor(self.secretary), at=AT)

    def drawn(self, selection: Selection, value: str = VALUE) -> Selection:
        return lotteries.hold(self.session, selection.id, value, by=actor(self.chair), at=LATER)

    def confirm(self, selection: Selection, by: Actor | None = None, at: datetime = LATER) -> Selection:
        command = ConfirmSelection(OPINION)
        return selections.confirm(
            self.session, self.stores, selection.id, command, by=by or actor(self.chair), at=at
        )  # fmt: skip


def panel(
    session: Session, stores: Stores, rules: str = SCORED, *, won: int = 1_000_000, code: str = "chosen"
) -> Panel:
    """By default money for two of 500,000 won."""
    return Panel(session, stores, make_programme(session, text=text(rules, won=won, code=code), at=BEFORE))


def in_every_stage(session: Session, stores: Stores) -> tuple[list[User], tuple[str, ...]]:
    """Programmes whose candidates are not fixed, are being scored, ranked, confirmed; a lottery before and
    after it was announced.

    Returns who meets them, and the addresses of the pages on which a step is taken.
    """
    people: list[User] = []
    pages = []
    for stage in ("unfixed", "scoring", "ranked", "confirmed"):
        found = panel(session, stores, code=f"chosen-{stage}")
        cases = found.candidates(2)
        address = f"/office/selections/{found.programme.programme.id}"
        if stage != "unfixed":
            selection = found.fix()
            for case in cases:
                found.score(selection, case, (50, 30), (40, 20)) if stage != "scoring" else None
        if stage == "scoring":
            pages.append(f"{address}/sheets/{cases[0].id}")
        if stage in ("ranked", "confirmed"):
            found.ranked(selection)
            pages += [f"{address}/confirmation", f"{address}/return"] if stage == "ranked" else []
        if stage == "confirmed":
            found.confirm(selection)
            people.append(cases[0].owner)
    for code, page in (("lots-fixed", "announcement"), ("lots", "draw")):
        lots = panel(session, stores, LOTTERY, code=code)
        lots.candidates(2)
        selection = lots.fix()
        if page == "draw":
            lots.announced(selection)
        pages.append(f"/office/selections/{lots.programme.programme.id}/{page}")
    return [*people, lots.first, lots.chair], tuple(pages)
