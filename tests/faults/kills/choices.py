"""Selections killed on their way: candidates scored, ranked and confirmed, the reserve that moves up, and a lottery."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.domain.lotteries import AnnounceDraw
from portal.domain.rankings import Outcome
from portal.domain.selections import ConfirmSelection, GiveScores
from portal.models.selections import Selection
from portal.services import applications, lotteries, notices, score_sheets, selections
from portal.services.reconcile import Files
from tests.choosing import DRAWS_ON, LATER, LOTTERY, OPINION, VALUE, panel
from tests.factories import AT
from tests.faults.kills.workflows import Cast, Step, owner_of, person

SCORED, LOTS = "chosen", "lots"
LEFT = LATER + timedelta(hours=1)
CANDIDATES = 3  # money for two of them, and a reserve list of one
_SHEETS = {"first": ((50, 30), (45, 30), (40, 25)), "second": ((50, 35), (45, 25), (40, 20))}
_PEOPLE = ("first", "second", "secretary", "chair")


def build(session: Session, files: Files, *_: object) -> Cast:
    """Two programmes, one that scores and one that draws, each with its panel and reviewed candidates."""
    cast = {}
    for code, panel_of in ((SCORED, panel(session, files.stores, code=SCORED)),
                           (LOTS, panel(session, files.stores, LOTTERY, code=LOTS))):  # fmt: skip
        found = panel_of.candidates(CANDIDATES)
        cast |= {f"{code} {who}": getattr(panel_of, who).id for who in _PEOPLE}
        cast |= {f"{code} case{number}": case.id for number, case in enumerate(found)}
        cast[code] = panel_of.programme.programme.id
    return cast


def fix_candidates(session: Session, _files: Files, cast: Cast) -> object:
    return _fix(session, cast, SCORED)


def others_give_sheets(session: Session, _files: Files, cast: Cast) -> object:
    """Every sheet but one."""
    places = [(who, number) for who in _SHEETS for number in range(CANDIDATES)]
    return [_give(session, cast, who, number) for who, number in places[:-1]]


def give_sheet(session: Session, _files: Files, cast: Cast) -> object:
    return _give(session, cast, "second", CANDIDATES - 1)


def rank(session: Session, _files: Files, cast: Cast) -> object:
    by = person(session, cast, f"{SCORED} secretary")
    return selections.order(session, _of(session, cast, SCORED).id, by=by, at=AT)


def send_ranking_back(session: Session, _files: Files, cast: Cast) -> object:
    selection, by = _of(session, cast, SCORED), person(session, cast, f"{SCORED} chair")
    return selections.send_back(session, selection.id, "한 사람 더 평가합니다.", by=by, at=AT)


def confirm_choice(session: Session, files: Files, cast: Cast) -> object:
    """With its minutes."""
    return _confirm(session, files, cast, SCORED)


def leave_choice(session: Session, _files: Files, cast: Cast) -> object:
    """Who was chosen first withdraws: the reserve moves up in the same transaction."""
    chosen = [each for each in _of(session, cast, SCORED).candidates if each.outcome is Outcome.SELECTED]
    first = min(chosen, key=lambda each: each.rank or 0).application
    return applications.withdraw(session, first.id, note="사정이 있습니다.", by=owner_of(session, first), at=LEFT)


def tell_who_moved_up(session: Session, files: Files, _cast: Cast) -> object:
    """A worker's round: one letter, whoever runs it and however often."""
    return notices.issue_due(session, files.stores, at=LEFT)


def fix_lots(session: Session, _files: Files, cast: Cast) -> object:
    return _fix(session, cast, LOTS)


def announce_draw(session: Session, _files: Files, cast: Cast) -> object:
    command = AnnounceDraw("2026. 6. 20. 로또 6/45 당첨번호", DRAWS_ON)
    by = person(session, cast, f"{LOTS} secretary")
    return lotteries.announce(session, _of(session, cast, LOTS).id, command, by=by, at=AT)


def hold_draw(session: Session, _files: Files, cast: Cast) -> object:
    selection, by = _of(session, cast, LOTS), person(session, cast, f"{LOTS} chair")
    return lotteries.hold(session, selection.id, VALUE, by=by, at=LATER)


def confirm_draw(session: Session, files: Files, cast: Cast) -> object:
    return _confirm(session, files, cast, LOTS)


def _fix(session: Session, cast: Cast, code: str) -> object:
    return selections.fix(session, cast[code], by=person(session, cast, f"{code} secretary"), at=AT)


def _give(session: Session, cast: Cast, who: str, number: int) -> object:
    plan, need = _SHEETS[who][number]
    selection, by = _of(session, cast, SCORED), person(session, cast, f"{SCORED} {who}")
    command, case = GiveScores({"plan": plan, "need": need}), cast[f"{SCORED} case{number}"]
    return score_sheets.give(session, selection.id, case, command, by=by, at=AT)


def _confirm(session: Session, files: Files, cast: Cast, code: str) -> object:
    selection, by = _of(session, cast, code), person(session, cast, f"{code} chair")
    return selections.confirm(session, files.stores, selection.id, ConfirmSelection(OPINION), by=by, at=LATER)


def _of(session: Session, cast: Cast, code: str) -> Selection:
    return session.scalars(select(Selection).where(Selection.programme_id == cast[code])).one()


STEPS = (
    Step("fix_candidates", fix_candidates),
    Step("give_sheet", give_sheet, before=others_give_sheets),
    Step("rank", rank),
    Step("send_ranking_back", send_ranking_back, aside=True),
    Step("confirm_choice", confirm_choice),
    Step("leave_choice", leave_choice),
    Step("tell_who_moved_up", tell_who_moved_up),
    Step("announce_draw", announce_draw, before=fix_lots),
    Step("hold_draw", hold_draw),
    Step("confirm_draw", confirm_draw),
)
