"""Runs a draft on a made-up merchant and month through the very code that decides and assesses. Stores nothing."""

from __future__ import annotations

import csv
import tempfile
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from portal import assessment, data
from portal.assessment.columns import LINES
from portal.domain import codes, questions, tracks, trial_choices
from portal.domain.announcements import read_announcement
from portal.domain.assessment import Enrolment, LinkPeriod
from portal.domain.eligibility import Basis, evaluate, is_eligible
from portal.domain.errors import Incomplete
from portal.domain.periods import first_day
from portal.domain.programme_trials import Outcome, Trial, Tried
from portal.domain.terms import Terms, parse_terms
from portal.services import eligibility

_ME, _STORE, _MEMORY = "1", "S", "256MB"
_OPENS = 10  # the hour of a day's first order


def run(text: str, trial: Trial) -> Tried:
    """What the draft says of this applicant, and what it pays for these orders if the applicant takes part.

    Raises FileRefused where the text does not read as a programme, Incomplete for points that cannot be given.
    """
    terms, announcement = parse_terms(text), read_announcement(text)
    if problems := trial_choices.problems_in(announcement, trial.contest):
        raise Incomplete(problems=problems)
    criteria, asked = announcement.criteria(trial.track), announcement.questions_of(trial.track)
    places = codes.regions_on(data.regions(), trial.applicant.region_code, trial.on)
    known = replace(trial.applicant, region_code=places[0].code if len(places) == 1 else "")
    found = evaluate(criteria, known, Basis(trial.on, data.excluded_industries()))
    # What gives services in kind pays no costs: there is nothing to assess.
    outcomes, exact_e4, payable = _assessed(terms, trial) if terms.items else ([], 0, 0)
    return Tried(
        findings=eligibility.stored(criteria, found),
        eligible=is_eligible(found),
        outcomes=outcomes,
        exact_e4=exact_e4,
        payable=payable,
        grant=announcement.grant.amount,
        said=[
            (each.text, trial.answers.get(each.code, ""))
            for each in questions.asked(asked, trial.answers)
            if each.kind != "file"
        ],
        missing=[
            *(tracks.faults(announcement.tracks, trial.track, trial.on) if announcement.tracks else []),
            *questions.faults(asked, trial.answers),
            *questions.unanswered(asked, trial.answers),
        ],
        papers=announcement.papers(trial.track, trial.answers),
        choice=trial_choices.decide(announcement, terms.funding, trial.contest, terms.code, trial.on),
    )


def _assessed(terms: Terms, trial: Trial) -> tuple[list[Outcome], int, int]:
    day = first_day(trial.month)
    links = [LinkPeriod(each.platform, _STORE, _ME, day, None) for each in trial.orders]
    enrolment = Enrolment(terms.code, _ME, _ME, None, None, datetime.combine(day, datetime.min.time()))
    with tempfile.TemporaryDirectory() as folder:
        lines, explained = Path(folder, "lines.csv"), Path(folder, "explained.parquet")
        _write(lines, trial)
        with assessment.assess(
            [terms],
            lines=[lines],
            links=list(dict.fromkeys(links)),
            enrolments=[enrolment],
            memory=_MEMORY,
            work=Path(folder),
        ) as done:
            done.write_explanations(explained)
            claims = done.claims()
        outcomes: dict[tuple[int, str], Outcome] = {}
        for line in assessment.explain(explained, _ME, trial.month):
            row = int(line.order_no.partition("-")[0])
            outcomes.setdefault((row, line.item), Outcome(row, line.item)).add(line)
    told = [outcomes[key] for key in sorted(outcomes)]
    return told, sum(claim.exact_e4 for claim in claims), sum(claim.payable for claim in claims)


def _write(path: Path, trial: Trial) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in LINES])
        writer.writeheader()
        writer.writerows(_lines(trial))


def _lines(trial: Trial) -> Iterator[dict[str, object]]:
    """The rows' orders day after day, beginning anew at the first when the month is over."""
    first = first_day(trial.month)
    days, received = monthrange(first.year, first.month)[1], 0
    for row, each in enumerate(trial.orders, 1):
        for number in range(each.number):
            received += 1
            at = datetime.combine(first, datetime.min.time()) + timedelta(
                days=number % days, hours=_OPENS, minutes=(number // days) % 600, seconds=row
            )
            yield {
                "received_seq": received,
                "platform": each.platform,
                "store_id": _STORE,
                "order_no": f"{row}-{number + 1}",
                "origin_key": "",
                "channel": each.channel,
                "ordered_at": at.isoformat(" "),
                "status": "completed",
                "payment_method": each.payment_method,
                "order_amount": each.order_amount,
                "delivery_fee": each.delivery_fee,
                "delivery_support": each.delivery_support,
                "promotion_cost": each.promotion_cost,
                "promotion_support": each.promotion_support,
                "brokerage_fee": 0,
                "payment_fee": 0,
            }
