"""What an application says beside plan and cost: by which track it is made, and the programme's own questions."""

from __future__ import annotations

from datetime import date

from portal.domain import questions, tracks
from portal.domain.announcements import Announcement
from portal.domain.applications import ApplicationDraft
from portal.domain.errors import Incomplete, Problem
from portal.models.applications import Application, ApplicationAnswer


def keep(application: Application, announcement: Announcement, command: ApplicationDraft, *, on: date) -> None:
    """Keeps the track and the answers of the questions that they lead to. What was not sent stays as it is.

    Raises Incomplete with what is wrong; nothing is missing yet.
    """
    track = application.track if command.track is None else command.track
    given = application.answered if command.answers is None else command.answers
    asked = announcement.questions_of(track)
    wrong = questions.faults(asked, given)
    if command.track:
        wrong += tracks.faults(announcement.tracks, track, on)
    if wrong:
        raise Incomplete(problems=wrong)
    application.track = track
    before = {row.code: row for row in application.answers}
    told = questions.kept(asked, given)
    application.answers = [_answer(before.get(code), code, value) for code, value in told.items()]


def tells_plan(application: Application, announcement: Announcement) -> bool:
    """Whether its track asks what the money is for and how much it is to be."""
    track = tracks.chosen(announcement.tracks, application.track)
    return track is None or track.tells_plan


def missing(application: Application, announcement: Announcement) -> list[Problem]:
    """What is not said yet, or not as the version of the day asks: the track, and answers to the questions."""
    wrong = [] if _has_track(application, announcement) else [Problem("required", "track")]
    asked, given = announcement.questions_of(application.track), application.answered
    return wrong + questions.faults(asked, given) + questions.unanswered(asked, given)


def refuse_closed(application: Application, announcement: Announcement, *, on: date) -> None:
    """Raises Incomplete where the track that was chosen is not open on a day."""
    track = tracks.chosen(announcement.tracks, application.track)
    if track is not None and not track.is_open(on):
        raise Incomplete(problems=tracks.faults(announcement.tracks, track.code, on))


def _has_track(application: Application, announcement: Announcement) -> bool:
    return not announcement.tracks or tracks.chosen(announcement.tracks, application.track) is not None


def _answer(row: ApplicationAnswer | None, code: str, value: str) -> ApplicationAnswer:
    if row is None:
        return ApplicationAnswer(code=code, value=value)
    row.value = value
    return row
