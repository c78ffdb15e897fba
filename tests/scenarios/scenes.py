"""Reads scenario files and runs them: a programme, who applies on which day, what is delivered, what comes of it.

A file names a programme as shipped; `[[version]]` says what other versions of it state instead. Expected amounts and
dates are written from the facts of the original programmes, never from what the portal answered.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal import data
from portal.assessment import assess
from portal.config import ROOT
from portal.domain.announcements import Announcement, read_announcement
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.eligibility import Applicant, Basis, evaluate
from portal.domain.terms import Terms, parse_terms
from tests.assessment.files import write_csv

FOLDER = Path(__file__).parent
_ME, _STORE = "1", "S"
_ORDER = {
    "platform": "baemin",
    "channel": "delivery",
    "status": "completed",
    "payment_method": "card",
    "order_amount": 20_000,
    "delivery_fee": 0,
    "delivery_support": 0,
    "promotion_cost": 0,
    "promotion_support": 0,
}


@dataclass(frozen=True, slots=True)
class Version:
    """A text of the programme and the first day on which it is in force."""

    first_day: date
    terms: Terms
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class Scene:
    """One applicant or one course of orders; `values` as in the file, `versions` of its programme by first day."""

    name: str
    values: Mapping[str, Any]
    versions: Sequence[Version]

    @property
    def on(self) -> date:
        return self.values["on"]

    def version(self) -> Version:
        """The version of the scene's day."""
        return max((each for each in self.versions if each.first_day <= self.on), key=lambda each: each.first_day)


def scenes(kind: str) -> list[Scene]:
    """The scenes of a kind ("applicant" or "course") in all files."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text("utf-8"))
        versions = _versions(document)
        found += [Scene(f"{path.stem}: {each['name']}", each, versions) for each in document.get(kind, ())]
    return found


def findings(scene: Scene) -> dict[str, bool | None]:
    """The answer to every condition of the version of the day, by code."""
    given = dict(scene.values["known"])
    given["sales"] = {int(year): won for year, won in given.get("sales", {}).items()}
    if "regular_workers" in given:
        given["regular_workers"] = Decimal(given["regular_workers"])
    if "platforms" in given:
        given["platforms"] = frozenset(given["platforms"])
    if "taking_part" in given:
        given["taking_part"] = {group: frozenset(names) for group, names in given["taking_part"].items()}
    criteria = scene.version().announcement.criteria(scene.values.get("track", ""))
    answers = evaluate(criteria, Applicant(**given), Basis(scene.on, data.excluded_industries()))
    return {answer.code: answer.passed for answer in answers}


def claimed(scene: Scene) -> dict[str, int]:
    """Month -> won payable for the orders of a course."""
    terms = scene.version().terms
    orders = [line for number, row in enumerate(scene.values["orders"], 1) for line in _lines(number, row)]
    platforms = {line["platform"] for line in orders}
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(Path(folder, "lines.csv"), [{"received_seq": n, **line} for n, line in enumerate(orders, 1)])
        with assess(
            [terms],
            lines=[path],
            links=[LinkPeriod(platform, _STORE, _ME, date(2020, 1, 1), None) for platform in sorted(platforms)],
            enrolments=[Enrolment(terms.code, _ME, _ME, None, None, datetime.combine(scene.on, datetime.min.time()))],
            memory="256MB",
            work=Path(folder),
        ) as done:
            return {claim.period: claim.payable for claim in done.claims()}


def _versions(document: Mapping[str, Any]) -> list[Version]:
    shipped = (ROOT / "portal/data" / f"{document['programme']}.toml").read_text("utf-8")
    stated = document.get("version", [{"from": date.min, "instead": []}])
    return [_version(each["from"], shipped, each["instead"]) for each in stated]


def _version(first_day: date, text: str, instead: Sequence[Mapping[str, str]]) -> Version:
    for change in instead:
        if change["of"] not in text:
            raise ValueError(f"the programme does not say {change['of']}")
        text = text.replace(change["of"], change["say"], 1)
    return Version(first_day, parse_terms(text), read_announcement(text))


def _lines(number: int, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """So many orders of one day, a minute apart."""
    values = {**_ORDER, **{key: value for key, value in row.items() if key in _ORDER}}
    begins = datetime.combine(row["day"], datetime.min.time()) + timedelta(hours=9)
    return [
        {
            **values,
            "store_id": _STORE,
            "order_no": f"{number}-{place}",
            "origin_key": "",
            "ordered_at": (begins + timedelta(minutes=place)).isoformat(" "),
            "brokerage_fee": 0,
            "payment_fee": 0,
        }
        for place in range(row.get("number", 1))
    ]
