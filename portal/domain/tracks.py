"""Tracks of a programme: ways to apply that ask for different papers, such as 신속지급 and 확인지급."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.domain.eligibility import Criterion, PlatformRule
from portal.domain.errors import Problem
from portal.domain.money import Won
from portal.domain.tables import Table


@dataclass(frozen=True, slots=True)
class Track:
    """One `[[track]]`. `opens`: its first day, None: that of the call. `documents`: the papers it needs, by code.

    `short`: business number and account are enough, nothing is told of plan and cost, no question asked. `past_costs`:
    what was spent already is paid back, so nothing is told of plan and cost, but questions are asked. `platforms`:
    those whose data prove the costs, a test of its own; none: evidence does. `own_delivery`: won that an own delivery
    counts for. `association`: a merchants' association applies by it for its members, and nobody else.
    """

    code: str
    name: str
    legal: str
    note: str = ""
    opens: date | None = None
    short: bool = False
    past_costs: bool = False
    platforms: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    own_delivery: Won = 0
    association: bool = False

    @property
    def tells_plan(self) -> bool:
        """Whether one says what the money is for and how much is asked for."""
        return not (self.short or self.past_costs)

    def is_open(self, on: date) -> bool:
        """Whether one may apply by it on a day of the call."""
        return self.opens is None or self.opens <= on

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The test that the track adds to those of the programme."""
        if not self.platforms:
            return ()
        return (Criterion(f"track-{self.code}", "platform", self.name, self.legal, PlatformRule(self.platforms)),)


def read_tracks(tables: Sequence[Table], papers: Collection[str]) -> tuple[Track, ...]:
    """The tracks in their order; noted: one code for two, a paper that the programme does not name, one track alone."""
    found: list[Track] = []
    for table in tables:
        track = Track(
            code=table.text("code"),
            name=table.text("name"),
            legal=table.text("legal"),
            note=table.text("note") if table.has("note") else "",
            opens=table.open_day("opens"),
            short=table.flag("short", False),
            past_costs=table.flag("past_costs", False),
            platforms=table.texts("platforms", ()),
            documents=table.texts("documents", ()),
            own_delivery=table.integer("own_delivery", 0),
            association=table.flag("association", False),
        )
        if track.code and any(track.code == each.code for each in found):
            table.note("repeated", "code", track.code)
        if track.association and not track.short:
            table.note("association_not_short", "association", track.code)
        if track.association and any(each.association for each in found):
            table.note("repeated", "association", track.code)
        for code in track.documents:
            if code not in papers:
                table.note("unknown_paper", "documents", code)
        found.append(track)
        table.finish()
    if len(found) == 1:
        tables[0].note("track_alone", "code", found[0].code)
    return tuple(found)


def chosen(tracks: Sequence[Track], code: str) -> Track | None:
    """The track of this code; None where there is none, as in a programme without tracks."""
    return next((track for track in tracks if track.code == code), None)


def of_merchants(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Those by which merchants apply for themselves."""
    return tuple(each for each in tracks if not each.association)


def of_association(tracks: Sequence[Track]) -> Track | None:
    """That by which an association applies for its members; None where the programme takes none."""
    return next((each for each in tracks if each.association), None)


def faults(tracks: Sequence[Track], code: str, on: date) -> list[Problem]:
    """What is wrong with a choice of track on a day: none made, no such track, or not open yet."""
    track = chosen(tracks, code)
    if not tracks:
        return [Problem("unknown_choice", "track")] if code else []
    if track is None:
        return [Problem("unknown_choice" if code else "required", "track")]
    return [] if track.is_open(on) else [Problem("track_not_open", "track", f"{track.opens}")]
