"""The statistics of a programme with today's names, and the files that people take away from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import data
from portal.domain.actors import Actor
from portal.domain.breakdowns import Names
from portal.domain.errors import NotFound
from portal.domain.kinds import ITEM_NAMES, SOURCE_NAMES
from portal.domain.statistics import Statistics
from portal.models.programmes import Programme
from portal.queries import statistics
from reports import open_data, workbook
from reports import statistics as paper


@dataclass(frozen=True, slots=True)
class Kind:
    """A file one may take away: how its name ends, its media type, and what makes its bytes."""

    ending: str
    media_type: str
    render: Callable[[Statistics, bool], bytes]


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, Kind] = {
    "pdf": Kind(".pdf", "application/pdf", lambda found, demo: paper.render(found, demo=demo)),
    "xlsx": Kind(".xlsx", _XLSX, lambda found, demo: workbook.render(found, demo=demo)),
    "csv": Kind(".csv", "text/csv; charset=utf-8", lambda found, _demo: open_data.utf8(found)),
    "csv-cp949": Kind("_cp949.csv", "text/csv; charset=cp949", lambda found, _demo: open_data.cp949(found)),
}


def of_organisation(session: Session, code: str, *, by: Actor, at: datetime) -> Statistics | None:
    """The statistics of a programme of the person's organisation, of the newest without a `code`; None where there is
    no programme yet. Raises NotFound for another's, TotalsDiffer (invariant I18).
    """
    if code:
        return compile(session, statistics.programme_of(session, code, by), at=at)
    newest = statistics.programmes(session, by)[:1]
    return compile(session, newest[0], at=at) if newest else None


def compile(session: Session, programme: Programme, *, at: datetime) -> Statistics:
    """The statistics as of now, checked against the ledger. Raises TotalsDiffer (invariant I18)."""
    platforms = {code: platform.name for code, platform in data.platform_catalogue().items()}
    names = Names(data.regions(), data.industry_names(), platforms, ITEM_NAMES, SOURCE_NAMES)
    return statistics.compile(session, programme, names, at=at)


def file(found: Statistics, kind: str, *, demo: bool) -> tuple[bytes, str, str]:
    """Bytes, file name and media type of one kind of KINDS. Raises NotFound for another."""
    if kind not in KINDS:
        raise NotFound(f"statistics as {kind}")
    made = KINDS[kind]
    name = f"statistics_{found.programme_code}_{found.as_of_date}{made.ending}"
    return made.render(found, demo), name, made.media_type
